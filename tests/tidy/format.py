#!/usr/bin/env python3
"""Checks that every source is as clang-format leaves it; exits with 77 when that is not installed."""

import os
import shutil
import subprocess
import sys

import source_tree

SKIPPED = 77


def main():
    if shutil.which("clang-format") is None:
        print("format: skipped, as there is no clang-format")
        return SKIPPED
    root = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..")
    paths = source_tree.paths_of(root, source_tree.C_SUFFIXES)
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=root, check=False)
    print(f"format: {len(paths)} files")
    return 1 if done.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
