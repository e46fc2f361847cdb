#!/usr/bin/env python3
"""How long the loop is ever held up: fills `dev` with data, and then loads it for ten minutes.

The longest loop turn is what `dev` itself tells (cluster/cli/turn_watch.h). Between the fill and
the load it is started anew, so that only the load's turns count. tests/bench/README.md.
"""

import argparse
import os
import re
import sys
import tempfile

from bench_servers import BenchError, Dev, memory_mb, table_create
from load_client import LoadClient

TURN_BOUND_MS = 20
# Three items of ten are large, so that the bytes come soon: 11 KB on average.
ITEM_BYTES = '350:7,8192-65536:3'
ITEM_BYTES_MEAN = 0.7 * 350 + 0.3 * (8192 + 65536) / 2
REPORT_SECONDS = 10
TURN_LINE = re.compile(r'longest loop turn of late: ([0-9.]+) ms; most processor time of a turn: '
                       r'([0-9.]+) ms')


def say(text):
    print(text, flush=True)


def say_interval(report):
    texts = [f"{report['at_seconds']:>6.0f} s {report['requests_per_second']:>7.0f} per s"]
    for operation in ('get', 'put'):
        if operation in report:
            entry = report[operation]
            p50, p99, longest = (entry[key] / 1000 for key in ('p50_us', 'p99_us', 'longest_us'))
            texts.append(f'{operation} p50 {p50:.1f} p99 {p99:.1f} longest {longest:.0f} ms')
    texts.append(f'load average {os.getloadavg()[0]:.1f}')
    say(', '.join(texts))


def disk_gb(path):
    blocks = 0
    for directory, _, files in os.walk(path):
        for name in files:
            try:
                blocks += os.lstat(os.path.join(directory, name)).st_blocks
            except FileNotFoundError:
                continue
    return blocks * 512 / 1e9


def longest_turn_ms(server):
    """(longest, most processor time of one) that the server has told of since it was started."""
    turns = [tuple(map(float, texts)) for texts in TURN_LINE.findall(server.log())]
    say('longest loop turns a minute, and most processor time of one, ms: '
        + ', '.join(f'{turn:.1f} {processor:.1f}' for turn, processor in turns))
    if not turns:
        raise BenchError('dev did not tell of its loop turns')
    return tuple(max(times) for times in zip(*turns))


def fill(options, server, client, item_count):
    say(f'fill: {item_count} items, {options.bytes / 1e9:.1f} GB')
    table_create(server, 'bench')
    client.run(server, '--operation', 'fill',
               '--items', str(item_count), '--item-bytes', ITEM_BYTES,
               '--report-seconds', str(REPORT_SECONDS), on_interval=say_interval)
    say(f"on the disk: {disk_gb(server.data):.1f} GB")


def load(options, server, client, item_count):
    say(f'mixed load: {options.seconds} s, items up to {options.largest} bytes')
    total = client.run(server, '--operation', 'mixed', '--seconds', str(options.seconds),
                       '--items', str(item_count), '--item-bytes', ITEM_BYTES,
                       '--largest', str(options.largest),
                       '--report-seconds', str(REPORT_SECONDS), on_interval=say_interval)
    say_interval({**total, 'at_seconds': total['seconds']})
    resident, _ = memory_mb(server.pids())
    say(f"{total['server_cpu_us']:.1f} us of CPU per request, {resident:.0f} MB resident, "
        f"{disk_gb(server.data):.1f} GB on the disk")


def measure(options, directory):
    item_count = int(options.bytes / ITEM_BYTES_MEAN)
    client = LoadClient(options.build, None)
    server = Dev(options.build, directory, None, tells_turns=True)
    try:
        fill(options, server, client, item_count)
        server.stop()
        longest_turn_ms(server)
        server.start()
        say(f'ready again after {server.ready_ms:.0f} ms')
        load(options, server, client, item_count)
    finally:
        server.stop()
    longest, processor = longest_turn_ms(server)
    verdict = 'PASS' if longest <= TURN_BOUND_MS else 'OVER'
    say(f'longest loop turn under load: {longest:.1f} ms {verdict} (bound {TURN_BOUND_MS}); most '
        f'processor time of one: {processor:.1f} ms')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--build', default='build/release', metavar='DIR')
    parser.add_argument('--bytes', type=float, default=10e9, help='of data (default: 10e9)')
    parser.add_argument('--seconds', type=int, default=600, help='of load (default: 600)')
    parser.add_argument('--largest', type=int, default=65536, metavar='BYTES',
                        help='of the items that the load is for (default: 65536, all)')
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
