"""What the tests of cluster/localcluster share. Import it first: it finds the package."""

import contextlib
import io
import os
import sys
import tempfile
import time
import unittest
import warnings

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", "..", "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "cluster"))

FAKE_PROGRAM = os.path.join(HERE, "fake_graticule.py")
WAIT_SECONDS_MAX = 20


def wait_until(condition):
    """Until the condition holds; the test has failed when it never does."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("what was waited for did not happen")
        time.sleep(0.01)


class DirectoryCase(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = temporary.name


class ClusterCase(DirectoryCase):
    """A test with a cluster of fake processes, which is gone after it."""

    def setUp(self):
        super().setUp()
        self.data = os.path.join(self.directory, "cluster")
        os.mkdir(self.data)
        self.addCleanup(self.run_local, "down")
        # `up` leaves its supervisor running: that is what it is for.
        warnings.simplefilter("ignore", ResourceWarning)

    def run_local(self, *words):
        """Runs `cluster/local WORDS --data ...`; its exit status, output and error output."""
        from localcluster.arguments import main
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([*words, "--data", self.data])
        return status, out.getvalue(), err.getvalue()

    def up(self, *words):
        return self.run_local("up", "--program", FAKE_PROGRAM, *words)

    def break_member(self, name, how):
        """Makes a member fail when it is started next: see fake_graticule.py."""
        with open(os.path.join(self.data, name), "w", encoding="ascii") as file:
            file.write(how)

    def members(self):
        """The rows of `status`, by name: (role, region, address, state, pid)."""
        _, out, _ = self.run_local("status")
        return {row[0]: tuple(row[1:]) for row in map(str.split, out.splitlines())}

    def state(self, name):
        return self.members()[name][3]

    def pid(self, name):
        return self.members()[name][4]
