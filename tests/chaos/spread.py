#!/usr/bin/env python3
"""The spread: many random keys lie evenly over the nodes of a cluster.

    tests/chaos/spread.py [--keys N] [--nodes K] [--program PATH] ...

Writes the keys, and reads from `graticule admin ring` how far the logs of each tablet's leader have
grown: an entry is a write. It passes when every node's share is within 15 % of an even one, all
tablets have a leader, and the leaders' entries are as many as the writes.
"""

import argparse
import concurrent.futures
import os
import random
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import targets  # pylint: disable=wrong-import-position
from dynamo import Unknown, Unsent  # pylint: disable=wrong-import-position
from table import NotMade, client_of, table_make  # pylint: disable=wrong-import-position

from localcluster import program  # pylint: disable=wrong-import-position,wrong-import-order

TABLE = "spread"
DEVIATION_MAX = 0.15
WRITERS = 8


def ring_parse(text):
    """{tablet: (leader, entries)} of what `graticule admin ring` prints."""
    lines = text.splitlines()
    columns = {name: lines[0].index(name) for name in ("TABLET", "LEADER", "ENTRIES")}
    if list(columns) != sorted(columns, key=columns.get):
        raise ValueError(f"not a ring: {lines[0]}")
    ring = {}
    for line in lines[1:]:
        tablet, _, leader, _, entries = line.split()[:5]
        ring[int(tablet)] = (leader, 0 if entries == "-" else int(entries))
    return ring


def counts_by_leader(before, after):
    """{leader: entries added} between two rings."""
    counts = {}
    for tablet, (leader, entries) in after.items():
        counts[leader] = counts.get(leader, 0) + entries - before[tablet][1]
    return counts


def deviation(counts, node_count):
    """How far the worst node is from an even share, as a part of that share."""
    even = sum(counts.values()) / node_count
    shares = list(counts.values()) + [0] * (node_count - len(counts))
    return max(abs(share - even) for share in shares) / even


def keys_write(url, count, seed):
    """Writes so many items of random keys; how many writes had an unknown outcome."""
    chance, client = random.Random(seed), client_of(url, "us-east-1")
    unknown = 0
    for _ in range(count):
        item = {"id": {"S": f"{chance.getrandbits(128):032x}"}}
        try:
            client.call("PutItem", TableName=TABLE, Item=item)
        except (Unsent, Unknown):
            unknown += 1
    return unknown


def all_write(urls, options):
    each = options.keys // WRITERS
    with concurrent.futures.ProcessPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(keys_write, urls[i % len(urls)], each, f"{options.seed}-{i}")
                for i in range(WRITERS)]
        return each * WRITERS, sum(job.result() for job in jobs)


def run(target, options):
    """True when the keys are spread as they should be; prints the figures."""
    urls = target.urls["us-east-1"]
    table_make(urls[0], "us-east-1", TABLE)
    before = ring_parse(target.admin("ring"))
    start = time.monotonic()
    written, unknown = all_write(urls, options)
    seconds = time.monotonic() - start
    after = ring_parse(target.admin("ring"))
    counts = counts_by_leader(before, after)
    for leader, count in sorted(counts.items()):
        print(f"{leader:20} {count:8} {count / written:7.2%}")
    worst = deviation(counts, options.nodes)
    print(f"{written} keys in {seconds:.0f} s, {len(after)} tablets: worst deviation {worst:.1%}")
    is_counted = unknown == 0 and written <= sum(counts.values()) <= written * 1.02
    if not is_counted:
        print(f"{sum(counts.values())} entries and {unknown} unknown outcomes of {written} writes")
    return is_counted and "-" not in counts and worst <= DEVIATION_MAX


def options_parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--keys", type=int, default=100000)
    add("--nodes", type=int, default=3)
    add("--tablets", type=int, default=128)
    add("--seed", default="1")
    add("--program", help="(default: the release build)")
    options = parser.parse_args()
    # How soon a write is durable does not matter here.
    options.set, options.regions, options.routers = ["node.durability=relaxed"], "us-east-1", 2
    options.program = program.program_find(options.program, False)
    return options


def main():
    options = options_parse()
    data = tempfile.mkdtemp(prefix="spread-")
    target = None
    try:
        target = targets.ClusterTarget(options, os.path.join(data, "cluster"))
        is_even = run(target, options)
    except (NotMade, targets.Failed) as error:
        print(error)
        is_even = False
    finally:
        if target:
            target.close()
    if is_even:
        shutil.rmtree(data)
    print("even" if is_even else f"FAILED; files kept in {data}")
    return 0 if is_even else 1


if __name__ == "__main__":
    sys.exit(main())
