#!/usr/bin/env python3
"""The kill loop: `kill -9` of every process, at random moments, under load, round after round.

    tests/chaos/kill_loop.py [--target cluster|dev] [--rounds N] [--seed N] [--program PATH] ...

It passes when every process came back by itself each time, none died but by our hand, every
acknowledged write is there, and none is there by half. `kill -9` leaves the page cache alone: that
acknowledged writes are on the disk is for tests/powercut and tests/sim to say.
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
from dynamo import Refused  # pylint: disable=wrong-import-position
from history import Broken  # pylint: disable=wrong-import-position
from load import TABLE, Worker  # pylint: disable=wrong-import-position
from record import Torn  # pylint: disable=wrong-import-position
from table import NotMade, client_of, table_make  # pylint: disable=wrong-import-position

from localcluster import program  # pylint: disable=wrong-import-position,wrong-import-order

COMES_BACK_SECONDS_MAX = 60
SERVES_SECONDS_MAX = 60
CHECK_SECONDS_MAX = 600
KILL_SPANS = (0.0, 0.3, 1.0, 3.0)  # Seconds over which a round's kills are strewn; 0: all at once.
CALM_SECONDS_MAX = 2.0


class Violation(Exception):
    """What must not happen has happened."""


def workers_make(target, options):
    """Clients of all regions in turn, each with its own connections to its region's endpoints."""
    regions = sorted(target.urls)
    workers = []
    for number in range(options.clients):
        region = regions[number % len(regions)]
        clients = [client_of(url, region) for url in target.urls[region]]
        workers.append(Worker(number, clients, f"{options.seed}-{number}"))
    return workers


def mistakes_raise(workers):
    for worker in workers:
        if worker.mistake:
            raise Violation(worker.mistake)


def wait_for(condition, workers, seconds_max, what):
    deadline = time.monotonic() + seconds_max
    while not condition():
        mistakes_raise(workers)
        if time.monotonic() > deadline:
            raise Violation(f"{what} within {seconds_max} s")
        time.sleep(0.02)


def calm(seconds, workers):
    """Lets the load run."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        mistakes_raise(workers)
        time.sleep(0.02)


def kill_all(target, chance):
    """kill -9 of each process once, in random order. How long that took to undo is the caller's."""
    span = chance.choice(KILL_SPANS)
    plan = sorted((chance.uniform(0, span), name) for name in target.names())
    start = time.monotonic()
    for moment, name in plan:
        time.sleep(max(0.0, start + moment - time.monotonic()))
        try:
            target.kill(name)
        except (ProcessLookupError, TypeError) as error:
            raise Violation(f"{name} had died by itself; {target.last_words()}") from error
    return len(plan)


def round_run(target, workers, chance):
    """One round; how many kills it had."""
    calm(chance.uniform(0.2, CALM_SECONDS_MAX), workers)
    kill_count = kill_all(target, chance)
    for name in target.names():
        wait_for(lambda name=name: target.is_back(name), workers, COMES_BACK_SECONDS_MAX,
                 f"{name} did not come back")
    moment = time.monotonic()
    for worker in workers:
        wait_for(lambda worker=worker: worker.last_success > moment, workers, SERVES_SECONDS_MAX,
                 "all processes are back, but a client was not served")
    return kill_count


def run(target, options):
    """The whole loop; prints its figures. Raises Violation, Broken or Torn."""
    chance = random.Random(options.seed)
    for region, urls in sorted(target.urls.items()):
        table_make(urls[0], region, TABLE)
    workers = workers_make(target, options)
    for worker in workers:
        worker.start()
    kill_count = 0
    for number in range(1, options.rounds + 1):
        kill_count += round_run(target, workers, chance)
        print(f"round {number}: {sum(w.acknowledged for w in workers)} writes acknowledged, "
              f"{sum(w.unknown_outcomes for w in workers)} unknown", flush=True)
    for worker in workers:
        worker.stop()
    mistakes_raise(workers)
    with concurrent.futures.ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(lambda worker: worker.check(CHECK_SECONDS_MAX), workers))
    if target.deaths() != kill_count:
        raise Violation(f"{target.deaths()} deaths after {kill_count} kills; {target.last_words()}")
    figures_print(options, workers, kill_count)


def figures_print(options, workers, kill_count):
    print(f"acknowledged writes   {sum(w.acknowledged for w in workers)}")
    print(f"consistent reads      {sum(w.reads for w in workers)}")
    print(f"unknown outcomes      {sum(w.unknown_outcomes for w in workers)}")
    print(f"keys checked          {sum(w.key_count() for w in workers)}")
    print(f"rounds                {options.rounds}")
    print(f"kills and restarts    {kill_count}")
    print(f"longest a client went unserved  {max(w.longest_wait for w in workers):.2f} s")


def options_parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--target", choices=["cluster", "dev"], default="cluster")
    add("--rounds", type=int, default=20)
    add("--seed", type=int, default=None, help="of when and what is done")
    add("--clients", type=int, default=8)
    add("--regions", default="us-east-1")
    add("--nodes", type=int, default=3, help="per region")
    add("--routers", type=int, default=2, help="per region, of a cluster")
    add("--tablets", type=int, default=64, help="of a cluster")
    add("--port", type=int, default=8400, help="of dev's first region")
    add("--set", action="append", default=[], help="as of cluster/local up")
    add("--program", help="(default: the release build)")
    add("--data", help="where the target keeps its files (default: a new directory)")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 32)
    options.program = program.program_find(options.program, False)
    return options


def main():
    options = options_parse()
    data = os.path.abspath(options.data) if options.data else tempfile.mkdtemp(prefix="kill_loop-")
    print(f"seed {options.seed}, data in {data}", flush=True)
    target = None
    try:
        kind = {"cluster": targets.ClusterTarget, "dev": targets.DevTarget}[options.target]
        target = kind(options, data)
        run(target, options)
    except (Violation, Broken, Torn, Refused, NotMade, targets.Failed) as error:
        print(f"FAILED (seed {options.seed}, files kept in {data}): {error}")
        return 1
    finally:
        if target:
            target.close()
    if not options.data:
        shutil.rmtree(data)
    print("nothing lost, nothing torn, everything came back")
    return 0


if __name__ == "__main__":
    sys.exit(main())
