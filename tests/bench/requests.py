#!/usr/bin/env python3
"""What whole requests cost: `tests/bench/run`, tests/bench/README.md.

The servers run beside each other on one core and the client on another; runs take turns, so that
what else the machine does meets all of them. Each cost is divided by that of an echo run just
before.
What a server still does after a run, such as compactions, counts as the run's.
"""

import argparse
import os
import statistics
import sys
import tempfile

from bench_servers import BenchError, Cluster, Dev, Echo, memory_mb, settle, table_create
from load_client import TABLE, LoadClient

ITEM_COUNT = 50000          # all in the row cache
COLD_ITEM_COUNT = 300000    # most of them not
POOL_COUNT = 20000
WARM_UP_COUNT = 50000
START_ROUNDS = 5
COLD_ROUNDS = 3

# Ratios to the echo: (server, operation): (bound, goal or None).
RATIO_BOUNDS = {
    ('dev', 'get'): (1.8, None),
    ('dev', 'put'): (3.2, 2.6),
    ('router+node', 'get'): (3.2, None),
    ('router+node', 'put'): (4.0, None),
}
MEMORY_BOUND_MB = 60
READY_BOUND_MS = 300


def say(text=''):
    print(text, flush=True)


def verdict(value, bound, goal=None):
    if value > bound:
        return f'OVER (bound {bound:g})'
    if goal is not None and value > goal:
        return f'PASS (bound {bound:g}; goal {goal:g} missed)'
    return f'PASS (bound {bound:g})'


class Measurement:
    """What the runs of one operation against one server gave."""

    def __init__(self):
        self.totals = []
        self.ratios = []

    def add(self, total, echo_cpu_us):
        self.totals.append(total)
        self.ratios.append(total['server_cpu_us'] / echo_cpu_us)

    def middle(self, key):
        return statistics.median(total[key] for total in self.totals)

    def latency(self, key):
        """Of totals with one kind of operation each."""
        return statistics.median(
            (total.get('get') or total['put'])[key] for total in self.totals)


class Bench:
    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.client = LoadClient(options.build, options.client_core)
        self.measurements = {}
        self.bounds = []        # (what, text)

    def run(self):
        self.measure_start()
        servers = []
        try:
            servers.append(Echo(self.options.build, self.options.server_core))
            servers.append(self.dev('dev'))
            servers.append(Cluster(self.options.build, os.path.join(self.directory, 'cluster'),
                                   self.options.server_core))
            self.measure_memory(servers[1], 'before load', MEMORY_BOUND_MB)
            for server in servers[1:]:
                self.fill(server)
            for number in range(self.options.rounds):
                self.round(servers, number + 1)
            self.measure_cold(servers)
            self.measure_memory(servers[1], 'after load', None)
        finally:
            for server in servers:
                server.stop()
        self.measure_restart_after_kill()
        self.report()

    def dev(self, name):
        return Dev(self.options.build, os.path.join(self.directory, name),
                   self.options.server_core)

    def measure_start(self):
        fresh, again = [], []
        for number in range(START_ROUNDS):
            server = self.dev(f'start{number}')
            fresh.append(server.ready_ms)
            server.stop()
            server.start()
            again.append(server.ready_ms)
            server.stop()
        for what, times in (('no data', fresh), ('its data', again)):
            middle = statistics.median(times)
            self.bounds.append((f'dev, start to ready with {what}',
                                f'{middle:.0f} ms {verdict(middle, READY_BOUND_MS)}'))

    def measure_restart_after_kill(self):
        """The log of some writes is replayed: told, not bounded."""
        server = self.dev('dev')
        self.load(server, 'put', WARM_UP_COUNT)
        server.kill()
        server.start()
        self.bounds.append((f'dev, start to ready after {WARM_UP_COUNT} writes and kill -9',
                            f'{server.ready_ms:.0f} ms'))
        server.stop()

    def measure_memory(self, server, when, bound):
        resident, proportional = memory_mb(server.pids())
        text = f'{resident:.0f} MB resident, {proportional:.0f} MB as its share'
        if bound is not None:
            text += f' {verdict(resident, bound)}'
        self.bounds.append((f'{server.name}, idle memory {when}', text))

    def load(self, server, operation, count, *options, items=ITEM_COUNT):
        total = self.client.run(server, operation, '--count', str(count), '--items', str(items),
                                '--pool', str(POOL_COUNT), *options)
        total['server_cpu_us'] += settle(server.pids()) * 1e6 / count
        return total

    def fill(self, server):
        table_create(server, TABLE)
        self.client.run(server, 'fill', '--items', str(ITEM_COUNT))
        for operation in ('get', 'put'):
            self.load(server, operation, WARM_UP_COUNT)

    def round(self, servers, number):
        echo, *others = servers
        for operation in ('get', 'put'):
            for server in others:
                echo_cpu_us = self.echo(echo, operation)
                total = self.load(server, operation, self.options.requests, '--seed',
                                  str(number))
                self.add(server, operation, total, echo_cpu_us)
        self.say_round(number)

    def echo(self, echo, operation):
        """The echo's CPU time right before what is compared with it: the machine changes."""
        total = self.load(echo, operation, self.options.requests, '--unchecked')
        self.add(echo, operation, total, total['server_cpu_us'])
        return total['server_cpu_us']

    def measure_cold(self, servers):
        """GetItem of items that are mostly not in memory: told, not bounded."""
        echo, *others = servers
        for server in others:
            self.client.run(server, 'fill', '--items', str(COLD_ITEM_COUNT))
            settle(server.pids())
        for number in range(COLD_ROUNDS):
            for server in others:
                echo_cpu_us = self.echo(echo, 'get')
                total = self.load(server, 'get', self.options.requests, '--seed',
                                  str(1000 + number), items=COLD_ITEM_COUNT)
                self.add(server, 'get, cold', total, echo_cpu_us)

    def add(self, server, operation, total, echo_cpu_us):
        key = (server.name, operation)
        self.measurements.setdefault(key, Measurement()).add(total, echo_cpu_us)

    def say_round(self, number):
        costs = ', '.join(f"{name} {operation} {entry.totals[-1]['server_cpu_us']:.1f}"
                          for (name, operation), entry in self.measurements.items())
        say(f'round {number}, load average {os.getloadavg()[0]:.1f}: {costs} us')

    def report(self):
        say()
        say(f"{'server':<13}{'':<10}{'us/request':>11}{'x echo':>8}{'p50 us':>8}{'p99 us':>8}"
            f"{'per s':>8}{'client':>8}")
        for (name, operation), entry in sorted(self.measurements.items()):
            ratio = statistics.median(entry.ratios)
            text = ''
            if (name, operation) in RATIO_BOUNDS:
                text = verdict(ratio, *RATIO_BOUNDS[name, operation])
            say(f"{name:<13}{operation:<10}{entry.middle('server_cpu_us'):>11.1f}{ratio:>8.2f}"
                f"{entry.latency('p50_us'):>8.0f}"
                f"{entry.latency('p99_us'):>8.0f}"
                f"{entry.middle('requests_per_second'):>8.0f}"
                f"{entry.middle('client_busy'):>8.0%}  {text}")
        say()
        for what, text in self.bounds:
            say(f'{what}: {text}')
        say(f'load average at the end: {os.getloadavg()[0]:.1f}')


def options_read():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    cores = sorted(os.sched_getaffinity(0))
    parser.add_argument('--build', default='build/release', metavar='DIR',
                        help='with graticule, dynamo_load and echo_server')
    parser.add_argument('--rounds', type=int, default=10)
    parser.add_argument('--requests', type=int, default=50000, help='of each run')
    parser.add_argument('--data', metavar='DIR', help='on the disk to be used (default: /tmp)')
    parser.add_argument('--server-core', type=int, default=cores[0])
    parser.add_argument('--client-core', type=int, default=cores[-1])
    return parser.parse_args()


def main():
    options = options_read()
    with tempfile.TemporaryDirectory(prefix='graticule-bench-', dir=options.data) as directory:
        try:
            Bench(options, directory).run()
        except BenchError as error:
            print(f'tests/bench: {error}', file=sys.stderr)
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
