"""What no file, or no file of C, may have in it."""

import re

import source_tree

LINE_LENGTH_MAX = 100

LINE_COMMENT = re.compile(r"^//")
GOTO = re.compile(r"\bgoto\b")
SLEEP = re.compile(r"\b(?:u|nano|clock_nano)?sleep\s*\(")
# A word of its own, and not, as in these rules themselves, a part of another.
TODO = re.compile(r"\bTODO\b(?!\([\w./#-]+\))")


def _in_lines(text):
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"


def _in_c(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LINE_LENGTH_MAX:
            yield number, f"{len(line)} columns"
    for match in source_tree.HIDDEN.finditer(text):
        # In C++ clang-format itself writes such comments.
        if not path.endswith(".cc") and LINE_COMMENT.match(match.group()):
            yield source_tree.line_of(text, match.start()), "a comment in another form than /* */"
    code = source_tree.code_of(text)
    for match in GOTO.finditer(code):
        yield source_tree.line_of(code, match.start()), "goto"
    if path.startswith("tests/"):
        for match in SLEEP.finditer(code):
            yield source_tree.line_of(code, match.start()), "a test that sleeps"


def check(root):
    """Yields (path, line, text) of every fault."""
    for path in source_tree.paths_of(root, source_tree.TEXT_SUFFIXES):
        text = source_tree.read(root, path)
        faults = list(_in_lines(text))
        if text and not text.endswith("\n"):
            faults.append((text.count("\n") + 1, "no line break at the end"))
        if path.endswith(source_tree.C_SUFFIXES):
            faults += _in_c(path, text)
            for match in TODO.finditer(text):
                faults.append((source_tree.line_of(text, match.start()), "TODO that names no issue"))
        for line, fault in faults:
            yield path, line, fault
