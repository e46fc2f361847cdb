"""Sources that no target of CMakeLists.txt compiles."""

import fnmatch
import posixpath
import re

import source_tree

LIBRARY = re.compile(r"^\s*graticule_library\(([\w/]+)", re.MULTILINE)
UNIT_TESTS = re.compile(r"^\s*graticule_unit_tests\(([\w/]+)", re.MULTILINE)
FUZZ = re.compile(r"^\s*graticule_fuzz\((\w+)", re.MULTILINE)
NAMED = re.compile(r"(?<![\w/$}])([\w/]+(?:\*|\w)\.cc?)\b")


def patterns_of(text):
    """What CMakeLists.txt compiles, as patterns of paths."""
    text = re.sub(r"#.*", "", text).replace("${CMAKE_SOURCE_DIR}/", "")
    libraries = LIBRARY.findall(text)
    patterns = [f"{folder}/*.{suffix}" for folder in libraries for suffix in ("c", "cc")]
    patterns += [f"tests/unit/{folder}/*_test.c" for folder in libraries + UNIT_TESTS.findall(text)]
    patterns += [f"tests/fuzz/fuzz_{name}.c" for name in FUZZ.findall(text)]
    return patterns + NAMED.findall(text)


def _matches(path, pattern):
    return (posixpath.dirname(path) == posixpath.dirname(pattern)
            and fnmatch.fnmatchcase(path, pattern))


def check(root):
    """Yields (path, line, text) of every source that is never compiled."""
    patterns = patterns_of(source_tree.read(root, "CMakeLists.txt"))
    for path in source_tree.paths_of(root, (".c", ".cc")):
        if not any(_matches(path, pattern) for pattern in patterns):
            yield path, 1, "nothing compiles this file"
