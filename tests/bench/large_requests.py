#!/usr/bin/env python3
"""How long large requests hold up the loop: bodies of 16 MB, many answers of large items at once,
and writes of them. `dev` itself tells of its longest turns (cluster/cli/turn_watch.h).
tests/bench/README.md."""

import argparse
import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

REGION = 'us-east-1'
TURN_LINE = re.compile(r'longest loop turn of late: ([0-9.]+) ms; most processor time of a turn: '
                       r'([0-9.]+) ms')
CREDENTIALS = '[default]\naws_access_key_id = AKIDBENCH\naws_secret_access_key = secret\n'


def sign(target, body, host):
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp, day = now.strftime('%Y%m%dT%H%M%SZ'), now.strftime('%Y%m%d')
    names = 'host;x-amz-date;x-amz-target'
    canonical = (f'POST\n/\n\nhost:{host}\nx-amz-date:{stamp}\nx-amz-target:{target}\n\n{names}\n'
                 + hashlib.sha256(body).hexdigest())
    scope = f'{day}/{REGION}/dynamodb/aws4_request'
    text = f'AWS4-HMAC-SHA256\n{stamp}\n{scope}\n' + hashlib.sha256(canonical.encode()).hexdigest()
    key = b'AWS4secret'
    for part in (day, REGION, 'dynamodb', 'aws4_request'):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return {'X-Amz-Date': stamp, 'X-Amz-Target': target,
            'Content-Type': 'application/x-amz-json-1.0',
            'Authorization': f'AWS4-HMAC-SHA256 Credential=AKIDBENCH/{scope}, '
                             f'SignedHeaders={names}, Signature={signature}'}


class Dev:
    """`dev` with an empty directory, and its longest turns when it ends."""

    def __init__(self, program):
        self.directory = tempfile.TemporaryDirectory(prefix='graticule-bench-')
        credentials = os.path.join(self.directory.name, 'credentials')
        with open(credentials, 'w', encoding='utf-8') as file:
            file.write(CREDENTIALS)
        with open(os.path.join(self.directory.name, 'log'), 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen(
                [program, 'dev', '--port', '0', '--credentials', credentials, '--data',
                 os.path.join(self.directory.name, 'data')],
                env=dict(os.environ, GRATICULE_TURN_WATCH_MS='0'),
                stdout=subprocess.PIPE, stderr=log, text=True)
        self.port = int(self.process.stdout.readline().rsplit(':', 1)[1])

    def connect(self):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)

    def prepare(self, operation, request):
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        target = f'DynamoDB_20120810.{operation}'
        return body, sign(target, body, f'127.0.0.1:{self.port}')

    def call(self, operation, request, connection=None):
        body, headers = self.prepare(operation, request)
        connection = connection or self.connect()
        connection.request('POST', '/', body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def table(self):
        status, answer = self.call('CreateTable', {
            'TableName': 'large', 'BillingMode': 'PAY_PER_REQUEST',
            'AttributeDefinitions': [{'AttributeName': 'k', 'AttributeType': 'S'}],
            'KeySchema': [{'AttributeName': 'k', 'KeyType': 'HASH'}]})
        assert status == 200, answer
        while b'ACTIVE' not in self.call('DescribeTable', {'TableName': 'large'})[1]:
            time.sleep(0.01)

    def end(self):
        self.process.terminate()
        self.process.wait()
        with open(os.path.join(self.directory.name, 'log'), encoding='utf-8') as file:
            turns = TURN_LINE.findall(file.read())
        self.directory.cleanup()
        return tuple(max(float(turn[i]) for turn in turns) for i in (0, 1))


def together(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def large_body(element, size):
    """A PutItem of that size, whose item is a list of one element again and again."""
    start = b'{"TableName":"large","Item":{"k":{"S":"a"},"l":{"L":['
    count = (size - len(start) - 4) // (len(element) + 1)
    return start + b','.join([element] * count) + b']}}}'


def bodies(dev):
    size = (16 << 20) - 1
    for element in (b'{"N":"1"}', b'{"S":"%s"}' % (b'x' * 1000), b'{"L":[]}'):
        body = large_body(element, size)
        print('  16 MB of', element[:12].decode(), '->', dev.call('PutItem', body)[0], flush=True)
    body = large_body(b'{"N":"1"}', size)
    together([lambda: dev.call('PutItem', body)] * 6)


def read_at_once(dev, item, count):
    dev.call('PutItem', {'TableName': 'large', 'Item': item})
    connections = [dev.connect() for _ in range(count)]
    body, headers = dev.prepare('GetItem', {'TableName': 'large', 'Key': {'k': item['k']}})
    sizes = set()
    for connection in connections:
        connection.request('POST', '/', body, headers)

    def take(connection):
        sizes.add(len(connection.getresponse().read()))
    together([lambda c=c: take(c) for c in connections])
    print(f'  {count} answers of', sizes, 'bytes', flush=True)


def reads_of_text(dev):
    read_at_once(dev, {'k': {'S': 'a'}, 'f': {'S': 'x' * 380000}}, 300)


def reads_of_elements(dev):
    """Far more JSON than item."""
    read_at_once(dev, {'k': {'S': 'a'}, 'f': {'L': [{'N': '1'}] * 130000}}, 300)


def writes(dev):
    ends = time.monotonic() + 10
    counts = []

    def write(number):
        connection = dev.connect()
        count = 0
        while time.monotonic() < ends:
            item = {'k': {'S': f'{number}-{count % 4}'},
                    'b': {'B': base64.b64encode(os.urandom(380000)).decode()}}
            status, _ = dev.call('PutItem', {'TableName': 'large', 'Item': item}, connection)
            assert status == 200, status
            count += 1
        counts.append(count)
    together([lambda n=n: write(n) for n in range(32)])
    print('  writes of 380 KB:', sum(counts), 'in 10 s', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', default='build/release', metavar='DIR')
    parser.add_argument('--only', metavar='NAME')
    options = parser.parse_args()
    for work in (bodies, reads_of_text, reads_of_elements, writes):
        if options.only not in (None, work.__name__):
            continue
        dev = Dev(os.path.join(options.build, 'graticule'))
        try:
            dev.table()
            work(dev)
        finally:
            longest, processor = dev.end()
        print(f'{work.__name__}: longest turn {longest:.1f} ms, most processor time of one '
              f'{processor:.1f} ms', flush=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
