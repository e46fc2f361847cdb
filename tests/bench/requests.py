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
from load_client import LoadClient
from request_rows import COLD_ROW, ROWS, SORTED_TABLE, table_options

RESTART_WRITES = 50000
START_ROUNDS = 5
COLD_ROUNDS = 3
SERVERS = ('dev', 'router+node')
# What --rows may name besides requests.
COLD = 'cold'
START = 'start'
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
    """What the runs of one row against one server gave."""

    def __init__(self, row):
        self.row = row
        self.totals = []
        self.ratios = []

    def add(self, total, echo_cpu_us):
        self.totals.append(total)
        self.ratios.append(total['server_cpu_us'] / echo_cpu_us)

    def middle(self, key):
        return statistics.median(total[key] for total in self.totals)

    def latency(self, key):
        return statistics.median(total[self.row.operation][key] for total in self.totals)


class Bench:
    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.client = LoadClient(options.build, options.client_core)
        self.measurements = {}
        self.bounds = []        # (what, text)

    def run(self):
        if START in self.options.rows:
            self.measure_start()
        servers = []
        try:
            servers.append(Echo(self.options.build, self.options.server_core))
            servers.extend(self.start(name) for name in self.options.servers)
            self.measure_memory(servers[1], 'before load',
                                MEMORY_BOUND_MB if servers[1].name == Dev.name else None)
            for server in servers[1:]:
                self.fill(server)
            for number in range(self.options.rounds):
                self.round(servers, number + 1)
            if COLD in self.options.rows:
                self.measure_cold(servers)
            self.measure_memory(servers[1], 'after load', None)
        finally:
            for server in servers:
                server.stop()
        if START in self.options.rows:
            self.measure_restart_after_kill()
        self.report()

    def start(self, name):
        if name == Dev.name:
            return self.dev(name)
        return Cluster(self.options.build, os.path.join(self.directory, 'cluster'),
                       self.options.server_core)

    def rows(self):
        """The rows of requests that take turns."""
        return [(name, row) for name, row in ROWS.items() if name in self.options.rows]

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
        server = self.dev('restart')
        table_create(server, ROWS['put'].table)
        self.load(server, ROWS['put'], RESTART_WRITES)
        server.kill()
        server.start()
        self.bounds.append((f'dev, start to ready after {RESTART_WRITES} writes and kill -9',
                            f'{server.ready_ms:.0f} ms'))
        server.stop()

    def measure_memory(self, server, when, bound):
        resident, proportional = memory_mb(server.pids())
        text = f'{resident:.0f} MB resident, {proportional:.0f} MB as its share'
        if bound is not None:
            text += f' {verdict(resident, bound)}'
        self.bounds.append((f'{server.name}, idle memory {when}', text))

    def load(self, server, row, request_count, *options):
        count = row.count(request_count)
        total = self.client.run(server, *row.options(), '--count', str(count), *options)
        total['server_cpu_us'] += settle(server.pids()) * 1e6 / count
        return total

    def fill(self, server):
        """Tables and items for all rows, which are then tried once."""
        rows = [row for _, row in self.rows()]
        for table in sorted({row.table for row in rows}):
            table_create(server, table, table == SORTED_TABLE)
            item_count = max(row.item_count for row in rows if row.table == table)
            self.fill_table(server, table, item_count)
        for row in rows:
            self.load(server, row, self.options.warm_up)

    def fill_table(self, server, table, item_count):
        self.client.run(server, '--operation', 'fill', '--items', str(item_count),
                        *table_options(table))

    def round(self, servers, number):
        for name, row in self.rows():
            self.turns(servers, name, row, number)
        self.say_round(number)

    def turns(self, servers, name, row, seed):
        """Each server once, and the echo right before it: the machine changes."""
        echo, *others = servers
        for server in others:
            total = self.load(echo, row, self.options.requests * row.one_in, '--unchecked')
            echo_cpu_us = total['server_cpu_us']
            self.add(echo, name, row, total, echo_cpu_us)
            total = self.load(server, row, self.options.requests, '--seed', str(seed))
            self.add(server, name, row, total, echo_cpu_us)

    def measure_cold(self, servers):
        """GetItem of items that are mostly not in memory: told, not bounded."""
        for server in servers[1:]:
            if COLD_ROW.table not in [row.table for _, row in self.rows()]:
                table_create(server, COLD_ROW.table)
            self.fill_table(server, COLD_ROW.table, COLD_ROW.item_count)
            settle(server.pids())
        for number in range(COLD_ROUNDS):
            self.turns(servers, 'get, cold', COLD_ROW, 1000 + number)

    def add(self, server, name, row, total, echo_cpu_us):
        key = (server.name, name)
        self.measurements.setdefault(key, Measurement(row)).add(total, echo_cpu_us)

    def say_round(self, number):
        costs = ', '.join(f"{server} {name} {entry.totals[-1]['server_cpu_us']:.1f}"
                          for (server, name), entry in self.measurements.items())
        say(f'round {number}, load average {os.getloadavg()[0]:.1f}: {costs} us')

    def report(self):
        say()
        say(f"{'server':<13}{'':<10}{'us/request':>11}{'x echo':>8}{'p50 us':>8}{'p99 us':>8}"
            f"{'per s':>8}{'client':>8}")
        for (server, name), entry in self.measurements.items():
            ratio = statistics.median(entry.ratios)
            text = ''
            if server in entry.row.bounds:
                text = verdict(ratio, *entry.row.bounds[server])
            say(f"{server:<13}{name:<10}{entry.middle('server_cpu_us'):>11.1f}{ratio:>8.2f}"
                f"{entry.latency('p50_us'):>8.0f}"
                f"{entry.latency('p99_us'):>8.0f}"
                f"{entry.middle('requests_per_second'):>8.0f}"
                f"{entry.middle('client_busy'):>8.0%}  {text}")
        say()
        for what, text in self.bounds:
            say(f'{what}: {text}')
        say(f'load average at the end: {os.getloadavg()[0]:.1f}')


def names_of(known):
    """Reads some of the known names, divided by commas."""
    def read(text):
        names = text.split(',')
        unknown = sorted(set(names) - set(known))
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not of {', '.join(known)}")
        return names
    return read


def options_read():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    cores = sorted(os.sched_getaffinity(0))
    parser.add_argument('--build', default='build/release', metavar='DIR',
                        help='with graticule, dynamo_load and echo_server')
    rows = [*ROWS, COLD, START]
    parser.add_argument('--rows', type=names_of(rows), default=rows, metavar='NAME,...',
                        help=f"of {', '.join(rows)} (default: all)")
    parser.add_argument('--servers', type=names_of(SERVERS), default=SERVERS, metavar='NAME,...',
                        help=f"of {', '.join(SERVERS)} (default: all)")
    parser.add_argument('--rounds', type=int, default=10)
    parser.add_argument('--requests', type=int, default=50000, help='of each run of small requests; a tenth of others')
    parser.add_argument('--warm-up', type=int, default=50000, metavar='REQUESTS',
                        help='before the first round, as --requests')
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
