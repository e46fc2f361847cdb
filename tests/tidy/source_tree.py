"""The files of the tree that tidiness is asked of, and what stands in them."""

import os
import re

SKIPPED = re.compile(r"^(\..*|build.*|__pycache__)$")
C_SUFFIXES = (".c", ".h", ".cc")
TEXT_SUFFIXES = C_SUFFIXES + (".def", ".proto", ".py", ".md", ".txt", ".yml", ".cmake")

# A comment, a string or a character; whichever begins first hides the others.
HIDDEN = re.compile(r"//(?:\\\n|[^\n])*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def paths_of(root, suffixes):
    """Paths from the root, sorted; what is built or hidden aside."""
    found = []
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not SKIPPED.match(name))
        found += [os.path.relpath(os.path.join(folder, name), root)
                  for name in names if name.endswith(suffixes)]
    return sorted(found)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def _blank(match):
    """As many lines, and nothing in them."""
    return " " + "\n" * match.group().count("\n")


def code_of(text):
    """C without comments and without what stands in strings; lines keep their numbers."""
    return HIDDEN.sub(_blank, text)
