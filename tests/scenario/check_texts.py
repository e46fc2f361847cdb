#!/usr/bin/env python3
"""Fails when a text of error_texts.txt is expected by no scenario; prints which.

    tests/scenario/check_texts.py [FOLDER]
"""

import glob
import os
import re
import sys

# The message behind the name of an error: `-> ValidationException like "text"`.
EXPECTED = re.compile(r'(?:->|and)\s+[A-Z]\w+\s+(?:like\s+)?("(?:\\.|[^"\\])*")')
ESCAPE = re.compile(r"\\(.)")


def expected_texts(folder):
    """All that the scenarios of a folder expect as the message of an error."""
    found = set()
    for path in glob.glob(os.path.join(folder, "**", "*.scenario"), recursive=True):
        with open(path, encoding="utf-8") as file:
            quoted = EXPECTED.findall(file.read())
        found.update(ESCAPE.sub(r"\1", text[1:-1]) for text in quoted)
    return found


def listed_texts(folder):
    with open(os.path.join(folder, "error_texts.txt"), encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    return [line for line in lines if line and not line.startswith("#")]


def is_expected(text, expected):
    pattern = re.compile(".*".join(map(re.escape, text.split("*"))))
    return any(pattern.search(message) for message in expected)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    expected = expected_texts(folder)
    listed = listed_texts(folder)
    missing = [text for text in listed if not is_expected(text, expected)]
    for text in missing:
        print(f"no scenario expects: {text}")
    print(f"{len(listed) - len(missing)} of {len(listed)} texts are expected by scenarios")
    return 1 if missing or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
