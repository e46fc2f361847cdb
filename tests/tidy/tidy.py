#!/usr/bin/env python3
"""Checks what the compiler and clang-format do not: `tests/tidy/tidy.py [--root DIR]`.

Who includes whom (layers.txt), what no file may have in it, sources that nothing compiles, headers
that nobody includes, and functions and files that are too long (but for those in ratchet.txt).
Prints a line per fault, and exits with 1 when there is one.
"""

import argparse
import itertools
import os
import sys

import builds
import layers
import sizes
import source_tree
import text_rules

LAYERS = "tests/tidy/layers.txt"
RATCHET = "tests/tidy/ratchet.txt"


def faults_of(root):
    ratchet = sizes.ratchet_read(source_tree.read(root, RATCHET))
    return sorted(itertools.chain(
        layers.check(root, source_tree.read(root, LAYERS)),
        text_rules.check(root),
        builds.check(root),
        sizes.check(root, RATCHET, ratchet)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    parser.add_argument("--write-ratchet", action="store_true",
                        help="list what is too long now, instead of checking")
    options = parser.parse_args()
    if options.write_ratchet:
        with open(os.path.join(options.root, RATCHET), "w", encoding="utf-8") as file:
            file.write(sizes.ratchet_text(options.root))
        return 0
    faults = faults_of(options.root)
    for path, line, text in faults:
        print(f"{path}:{line}: {text}")
    print(f"tidy: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
