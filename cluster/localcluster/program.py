"""Program: where the program `graticule` is, building it when it is not there yet."""

import os
import subprocess

CLUSTER = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
RELEASE = os.path.join(os.path.dirname(CLUSTER), "build", "release", "graticule")


class ProgramError(Exception):
    """There is no program to run; the text is for people."""


def program_find(path, must_build):
    """The program's path: `path`, or the release build. Raises ProgramError."""
    if path is None and (must_build or not os.access(RELEASE, os.X_OK)):
        done = subprocess.run([os.path.join(CLUSTER, "build"), "release", "graticule"], check=False,
                              stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            raise ProgramError("the program could not be built")
    program = os.path.abspath(path or RELEASE)
    if not os.access(program, os.X_OK):
        raise ProgramError(f"{program} is no program")
    return program
