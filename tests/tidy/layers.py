"""Who includes whom: the rules of layers.txt, private headers, and headers nobody includes."""

import fnmatch
import os
import posixpath
import re

import source_tree

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]*)"|<([^>\n]*)>)', re.MULTILINE)
GENERATED = re.compile(r"^proto/schema/\w+\.pb-c\.h$")


class Layers:
    """What layers.txt says."""

    def __init__(self, text):
        self.folders = {}
        self.libraries = {}
        for line in text.splitlines():
            line = line.split("#")[0].strip()
            if not line:
                continue
            name, _, allowed = line.partition(":")
            if name.startswith("<"):
                self.libraries[name[1:-1]] = allowed.split()
            else:
                self.folders[name] = allowed.split()

    def line_for(self, path):
        """The most special line for a file; None when there is none."""
        folder = posixpath.dirname(path)
        while folder and folder not in self.folders:
            folder = posixpath.dirname(folder)
        return folder or None

    def allows(self, path, included):
        folder = self.line_for(path)
        if folder is None:
            return False
        return any(is_within(included, name) for name in [folder, *self.folders[folder]])

    def allows_library(self, path, header):
        return all(any(is_within(path, folder) for folder in folders)
                   for pattern, folders in self.libraries.items()
                   if fnmatch.fnmatchcase(header, pattern))


def is_within(path, name):
    return path == name or path.startswith(name + "/")


def may_see_private(path, header):
    owner = posixpath.dirname(header)
    return is_within(path, owner) or is_within(path, "tests/unit/" + owner)


def _fault(root, layers, path, included):
    """What is wrong with an include of the tree; None when nothing is."""
    if posixpath.normpath(included) != included or included.startswith(("/", "..")):
        return f'"{included}" is not a path from the root'
    if not GENERATED.match(included) and not os.path.exists(os.path.join(root, included)):
        return f'"{included}" is not there'
    if not layers.allows(path, included):
        return f'"{included}" is not for {layers.line_for(path) or posixpath.dirname(path)}'
    if included.endswith("_private.h") and not may_see_private(path, included):
        return f'"{included}" is private to {posixpath.dirname(included)}'
    return None


def check(root, layers_text):
    """Yields (path, line, text) of every fault."""
    layers = Layers(layers_text)
    unused = {path for path in source_tree.paths_of(root, ".h")}
    for path in source_tree.paths_of(root, source_tree.C_SUFFIXES):
        text = source_tree.read(root, path)
        for match in INCLUDE.finditer(text):
            line = source_tree.line_of(text, match.start(1 if match.group(1) else 2))
            if match.group(2) is not None:
                if not layers.allows_library(path, match.group(2)):
                    yield path, line, f"<{match.group(2)}> is not for {posixpath.dirname(path)}"
                continue
            unused.discard(match.group(1))
            fault = _fault(root, layers, path, match.group(1))
            if fault is not None:
                yield path, line, fault
    for path in sorted(unused):
        yield path, 1, "nobody includes this header"
