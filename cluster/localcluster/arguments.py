"""Arguments: the command line of `cluster/local`."""

import argparse
import sys

from localcluster import commands
from localcluster.keys import KeyMakingError
from localcluster.layout import LayoutError
from localcluster.program import ProgramError
from localcluster.wishes import REGION_DEFAULT, WishError

MISTAKES = (commands.Refusal, KeyMakingError, LayoutError, ProgramError, WishError)


def main(words):
    options = _parser().parse_args(words)
    try:
        options.run(options)
    except MISTAKES as mistake:
        print(f"cluster/local: {mistake}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="cluster/local", description="A Graticule cluster of many processes on this machine.")
    words = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_up(words)
    _add(words, "status", commands.status, "NAME ROLE REGION ADDRESS STATE PID of each process")
    for word, text in (("kill", "kill -9; the process comes back by itself"),
                       ("pause", "SIGSTOP: there, but silent"),
                       ("resume", "SIGCONT: undo a pause")):
        _add_named(words, word, commands.signal_members, text)
    for word, run, text in (
            ("stop", commands.stop, "SIGTERM; stays away until `start`"),
            ("start", commands.start, "start what was stopped, and wait until it serves")):
        _add_timeout(_add_named(words, word, run, text))
    _add(words, "down", commands.down, "end all processes; the data stays")
    admin = _add(words, "admin", commands.admin, "what a region's nodes say of themselves")
    admin.add_argument("word", choices=["status", "ring"])
    admin.add_argument("--region", help="(default: the first one)")
    supervise = _add(words, "supervise", commands.supervise, argparse.SUPPRESS)
    supervise.add_argument("--program", required=True)
    return parser


def _add(words, word, run, text):
    # argparse would list a suppressed command under its bare name.
    about = {} if text is argparse.SUPPRESS else {"help": text}
    parser = words.add_parser(word, description=about.get("help"), **about)
    parser.set_defaults(run=run)
    parser.add_argument("--data", metavar="DIR", default=".graticule-local",
                        help="the cluster's directory (default: %(default)s)")
    return parser


def _add_named(words, word, run, text):
    parser = _add(words, word, run, text)
    parser.add_argument("names", metavar="NAME", nargs="+", help="such as us-east-1-n1")
    return parser


def _add_timeout(parser):
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS",
                        help="how long to wait for it (default: %(default)g)")


def _add_up(words):
    parser = _add(words, "up", commands.up, "start a cluster, or the one that was there before")
    add = parser.add_argument
    add("--regions", metavar="R1,R2", help=f"(default: {REGION_DEFAULT})")
    add("--nodes", type=int, metavar="K", help="nodes per region (default: 3)")
    add("--routers", type=int, metavar="N", help="routers per region (default: 1)")
    add("--tablets", type=int, metavar="T", help="tablets per region (default: 128)")
    add("--port", type=int, metavar="N",
        help="the routers' port in the first region; the next region has the next one "
             "(default: 8000)")
    add("--shared-port", action="store_true", default=None,
        help="all routers of a region share one address and port")
    add("--credentials", metavar="FILE", help="access keys (default: one for development)")
    add("--set", action="append", default=[], metavar="ROLE.KEY=VALUE",
        help="one more setting of all nodes or routers, such as node.durability=relaxed")
    add("--program", metavar="PATH", help="(default: the release build)")
    add("--build", action="store_true", help="bring the release build up to date first")
    _add_timeout(parser)
