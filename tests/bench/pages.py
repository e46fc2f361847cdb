"""Pages: one large partition queried through in order, and what a Query costs."""

import argparse
import os
import random
import sys
import tempfile
import time

from bench_servers import BenchError, Dev, READY_SECONDS_MAX, call, cpu_seconds, memory_mb, settle

TABLE = 'pages'
BATCH = 25
QUERY_COUNT = 1000
MEMORY_GROWTH_BOUND_MB = 100


def say(text):
    print(text, flush=True)


def table_create(server):
    call(server, 'CreateTable', {
        'TableName': TABLE, 'BillingMode': 'PAY_PER_REQUEST',
        'AttributeDefinitions': [{'AttributeName': 'pk', 'AttributeType': 'S'},
                                 {'AttributeName': 'sk', 'AttributeType': 'N'}],
        'KeySchema': [{'AttributeName': 'pk', 'KeyType': 'HASH'},
                      {'AttributeName': 'sk', 'KeyType': 'RANGE'}]})
    deadline = time.monotonic() + READY_SECONDS_MAX
    while call(server, 'DescribeTable', {'TableName': TABLE})['Table']['TableStatus'] != 'ACTIVE':
        if time.monotonic() > deadline:
            raise BenchError('the table does not become ACTIVE')
        time.sleep(0.05)


def fill(server, count):
    for first in range(0, count, BATCH):
        call(server, 'BatchWriteItem', {'RequestItems': {TABLE: [
            {'PutRequest': {'Item': {'pk': {'S': 'p'}, 'sk': {'N': str(number)},
                                     'v': {'S': f'value-{number:08}'}}}}
            for number in range(first, min(first + BATCH, count))]}})


def query(server, **others):
    return call(server, 'Query', {
        'TableName': TABLE, 'KeyConditionExpression': 'pk = :p',
        'ExpressionAttributeValues': {':p': {'S': 'p'}}, **others})


def query_through(server, count, forward):
    """Pages through the partition, and checks the order."""
    expected = iter(range(count) if forward else reversed(range(count)))
    memory_before, cpu_before = memory_mb(server.pids())[0], cpu_seconds(server.pids())
    pages, memory, start = 0, 0, {}
    while True:
        answer = query(server, ScanIndexForward=forward, ConsistentRead=True, **start)
        pages += 1
        memory = max(memory, memory_mb(server.pids())[0])
        for item in answer['Items']:
            if int(item['sk']['N']) != next(expected, None):
                raise BenchError(f'page {pages} is out of order at {item["sk"]["N"]}')
        if 'LastEvaluatedKey' not in answer:
            break
        start = {'ExclusiveStartKey': answer['LastEvaluatedKey']}
    if next(expected, None) is not None:
        raise BenchError('items are missing')
    cpu_us = (cpu_seconds(server.pids()) - cpu_before) / count * 1e6
    grown = memory - memory_before
    verdict = 'PASS' if grown <= MEMORY_GROWTH_BOUND_MB else 'OVER'
    say(f'{"forward" if forward else "backward"}: {pages} pages; {cpu_us:.2f} us of CPU per item; '
        f'{memory:.0f} MB resident, {grown:.0f} more than before {verdict} '
        f'(bound {MEMORY_GROWTH_BOUND_MB})')


def query_cost(server, count, limit):
    cpu_before = cpu_seconds(server.pids())
    for _ in range(QUERY_COUNT):
        first = str(random.randrange(max(1, count - limit)))
        call(server, 'Query', {
            'TableName': TABLE, 'KeyConditionExpression': 'pk = :p AND sk >= :s', 'Limit': limit,
            'ExpressionAttributeValues': {':p': {'S': 'p'}, ':s': {'N': first}}})
    cpu_us = (cpu_seconds(server.pids()) - cpu_before) / QUERY_COUNT * 1e6
    say(f'a Query of {limit} items: {cpu_us:.0f} us of CPU, with a connection of its own')


def measure(options, directory):
    server = Dev(options.build, os.path.join(directory, 'dev'), None)
    try:
        table_create(server)
        fill(server, options.items)
        settle(server.pids())
        for forward in (True, False):
            query_through(server, options.items, forward)
        for limit in (1, 100):
            query_cost(server, options.items, limit)
    finally:
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--build', default='build/release', metavar='DIR')
    parser.add_argument('--items', type=int, default=1000000, help='of the partition')
    parser.add_argument('--data', metavar='DIR', help='on the disk to be used (default: /tmp)')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='graticule-bench-', dir=options.data) as directory:
        try:
            measure(options, directory)
        except BenchError as error:
            print(f'tests/bench: {error}', file=sys.stderr)
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
