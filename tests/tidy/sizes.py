"""How long functions and files of C are, against bounds that the ratchet lets some exceed."""

import re

import source_tree

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600

# clang-format puts the braces of functions, and of nothing else, on lines of their own.
FUNCTION = re.compile(r"^(?P<head>\w[^;{}]*?\b(?P<name>\w+)\([^;{}]*)\n\{\n.*?^\}$",
                      re.MULTILINE | re.DOTALL)

RATCHET_HEADER = """\
# Functions over {} lines and files over {}: as long as they were, and no longer. Take lines out as
# they get shorter; `tests/tidy/tidy.py --write-ratchet` writes the list anew.
"""


def _functions(text):
    """Yields (name, line, line count) of each function with a body."""
    code = source_tree.code_of(text)
    for match in FUNCTION.finditer(code):
        line = source_tree.line_of(code, match.start())
        yield match.group("name"), line, match.group().count("\n") + 1


def oversized(root):
    """Yields (key in the ratchet, path, line, size, text) of everything over its bound."""
    for path in source_tree.paths_of(root, source_tree.C_SUFFIXES):
        text = source_tree.read(root, path)
        size = text.count("\n")
        if size > FILE_LINES_MAX:
            yield f"file {path}", path, 1, size, f"a file of {size} lines"
        for name, line, size in _functions(text):
            if size > FUNCTION_LINES_MAX:
                yield f"function {path} {name}", path, line, size, f"{name}() of {size} lines"


def ratchet_read(text):
    """Sizes by key."""
    ratchet = {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            key, _, size = line.rpartition(" ")
            ratchet[key] = int(size)
    return ratchet


def ratchet_text(root):
    lines = sorted(f"{key} {size}\n" for key, _, _, size, _ in oversized(root))
    return RATCHET_HEADER.format(FUNCTION_LINES_MAX, FILE_LINES_MAX) + "".join(lines)


def check(root, ratchet_file, ratchet):
    """Yields (path, line, text) of what is over its bound, and of lines of the ratchet to take out."""
    left = dict(ratchet)
    for key, path, line, size, text in oversized(root):
        allowed = left.pop(key, 0)
        if size > allowed:
            yield path, line, text + (f", {allowed} before" if allowed else "")
    for key in sorted(left):
        yield ratchet_file, 1, f"`{key}` is within its bound: take the line out"
