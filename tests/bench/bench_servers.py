"""Servers: starts and ends what is measured, and looks at its processes from outside."""

import http.client
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'clients'))

import signature  # pylint: disable=wrong-import-position

REGION = 'us-east-1'
# The key pair of every `cluster/local`.
ACCESS_KEY_ID = 'AKIAGRATICULELOCAL'
SECRET = 'graticule/local/development/only/secret0'

READY_SECONDS_MAX = 60
ANSWER_SECONDS_MAX = 60

# At rest, a server uses less of a core than this.
QUIET_SHARE = 0.05
SETTLE_LOOK_SECONDS = 0.25
SETTLE_SECONDS_MAX = 20


class BenchError(Exception):
    """The benchmark cannot go on; the text is for people."""


def client_environment():
    return {**os.environ, 'AWS_ACCESS_KEY_ID': ACCESS_KEY_ID, 'AWS_SECRET_ACCESS_KEY': SECRET}


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def on_core(core, command):
    """The command, held to one core where that can be done."""
    if core is None or shutil.which('taskset') is None:
        return command
    return ['taskset', '-c', str(core), *command]


def call(server, operation, content):
    """One signed request; its answer as JSON. Raises BenchError for any other status than 200."""
    body = json.dumps(content).encode()
    headers = {'host': f'{server.host}:{server.port}', 'content-type': 'application/x-amz-json-1.0',
               'x-amz-target': f'DynamoDB_20120810.{operation}'}
    signer = signature.Signer(ACCESS_KEY_ID, SECRET, REGION)
    connection = http.client.HTTPConnection(server.host, server.port, timeout=ANSWER_SECONDS_MAX)
    connection.request('POST', '/', body, signer.sign('POST', headers, body))
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise BenchError(f'{operation}: status {answer.status}: {text}')
    return json.loads(text)


def table_create(server, table, is_sorted=False):
    """Creates a table and waits until it serves. Keys: a text `id`, and a number `place`."""
    keys = [('id', 'S', 'HASH'), ('place', 'N', 'RANGE')][:2 if is_sorted else 1]
    call(server, 'CreateTable', {
        'TableName': table, 'BillingMode': 'PAY_PER_REQUEST',
        'AttributeDefinitions': [{'AttributeName': name, 'AttributeType': kind}
                                 for name, kind, _ in keys],
        'KeySchema': [{'AttributeName': name, 'KeyType': role} for name, _, role in keys]})
    deadline = time.monotonic() + READY_SECONDS_MAX
    while call(server, 'DescribeTable', {'TableName': table})['Table']['TableStatus'] != 'ACTIVE':
        if time.monotonic() > deadline:
            raise BenchError(f'table {table} does not become ACTIVE')
        time.sleep(0.05)


def memory_mb(pids):
    """(resident, proportional share) of the processes together."""
    resident = proportional = 0
    for pid in pids:
        with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
            text = file.read()
        resident += int(re.search(r'^Rss:\s+(\d+)', text, re.M).group(1))
        proportional += int(re.search(r'^Pss:\s+(\d+)', text, re.M).group(1))
    return resident / 1024, proportional / 1024


def cpu_seconds(pids):
    """User and system time of all threads of the processes."""
    # A process's clock has the number that clock_getcpuclockid(3) makes of its id.
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def settle(pids):
    """Waits until what a load left behind, such as compactions, is done: its CPU seconds."""
    first = before = cpu_seconds(pids)
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while time.monotonic() < deadline:
        time.sleep(SETTLE_LOOK_SECONDS)
        now = cpu_seconds(pids)
        if now - before <= SETTLE_LOOK_SECONDS * QUIET_SHARE:
            return before - first
        before = now
    return before - first


class Echo:
    """libmicrohttpd alone: what everything else is compared with."""

    name = 'echo'

    def __init__(self, build, core):
        self.host = '127.0.0.1'
        self.port = free_port()
        self.process = subprocess.Popen(
            on_core(core, [os.path.join(build, 'echo_server'), str(self.port)]))
        _wait_listening(self.port, self.process)

    def pids(self):
        return [self.process.pid]

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Dev:
    """`graticule dev` with one region and one node: signatures checked, writes synced."""

    name = 'dev'

    def __init__(self, build, data, core, tells_turns=False):
        self.environment = dict(os.environ)
        if tells_turns:
            self.environment['GRATICULE_TURN_WATCH_MS'] = '0'
        os.makedirs(data, exist_ok=True)
        self.data = data
        self.host = '127.0.0.1'
        self.command = on_core(core, [
            os.path.join(build, 'graticule'), 'dev', '--port', '0', '--region', REGION,
            '--data', os.path.join(data, 'data'), '--credentials', _credentials_make(data)])
        self.start()

    def start(self):
        """Starts it, or starts it again."""
        self.log_path = os.path.join(self.data, 'log')
        started = time.monotonic()
        with open(self.log_path, 'ab') as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(
                self.command, stdout=subprocess.PIPE, stderr=log, text=True,
                env=self.environment)
        self.host, self.port = _ready_address(_ready_line(self.process))
        self.ready_ms = (time.monotonic() - started) * 1000

    def pids(self):
        return [self.process.pid]

    def log(self):
        """What it has said since it was started."""
        with open(self.log_path, encoding='utf-8', errors='replace') as file:
            file.seek(self.log_start)
            return file.read()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Cluster:
    """One router and one node over TCP with CURVE, by `cluster/local`."""

    name = 'router+node'

    def __init__(self, build, data, core):
        self.data = data
        program = os.path.join(build, 'graticule')
        said = self._run(on_core(core, [
            self._tool(), 'up', '--data', data, '--program', program, '--regions', REGION,
            '--nodes', '1', '--routers', '1']))
        self.host, self.port = _ready_address(said.splitlines()[0])
        self.members = [line.split() for line in
                        self._run([self._tool(), 'status', '--data', data]).splitlines()]

    def pids(self):
        return [int(member[5]) for member in self.members]

    def stop(self):
        self._run([self._tool(), 'down', '--data', self.data])

    @staticmethod
    def _tool():
        return os.path.join(ROOT, 'cluster', 'local')

    @staticmethod
    def _run(command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout


def _credentials_make(directory):
    path = os.path.join(directory, 'credentials')
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w',
              encoding='ascii') as file:
        file.write(f'[default]\naws_access_key_id = {ACCESS_KEY_ID}\n'
                   f'aws_secret_access_key = {SECRET}\n')
    return path


def _ready_line(process):
    readable, _, _ = select.select([process.stdout], [], [], READY_SECONDS_MAX)
    line = process.stdout.readline() if readable else ''
    if not line.startswith('ready '):
        process.kill()
        process.wait()
        raise BenchError(f'graticule dev did not become ready: "{line}"')
    return line


def _ready_address(line):
    """Host and port of a line `ready REGION URL`."""
    parts = urllib.parse.urlsplit(line.split()[2])
    return parts.hostname, parts.port


def _wait_listening(port, process):
    deadline = time.monotonic() + READY_SECONDS_MAX
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.01)
    raise BenchError(f'nothing listens on port {port}')
