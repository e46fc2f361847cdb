"""Packages from npm, as package-lock.json has them, in a directory of the build."""

import hashlib
import os
import re
import shutil
import subprocess
import sys

SOURCE = os.path.dirname(os.path.abspath(__file__))
MANIFEST, LOCK = "package.json", "package-lock.json"
INSTALLED = "installed"     # the lock whose packages are all there
NODE_VERSION_MIN = (20, 10)     # of the AWS SDK, and of --test-concurrency
INSTALL_TIMEOUT_S = 150

# npm's names of what is the network's or the registry's doing, and not that of the lock file.
UNREACHABLE = re.compile(
    r"^npm (?:ERR!|error) code (?:E(?:NOTFOUND|AI_AGAIN|CONN\w+|TIMEDOUT|SOCKETTIMEDOUT|"
    r"(?:HOST|NET)UNREACH|5\d\d)|ERR_SOCKET_TIMEOUT)$", re.MULTILINE)


class Missing(Exception):
    """What is not there, without which nothing can be tested."""


def require_node():
    """Raises Missing unless there are an npm, and a node that the packages run on."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Missing(f"{program} is missing")
    version = subprocess.run(["node", "--version"], check=True, capture_output=True,
                             text=True).stdout.strip()
    if node_version(version) < NODE_VERSION_MIN:
        least = ".".join(map(str, NODE_VERSION_MIN))
        raise Missing(f"node is too old: {version}, and not {least} or later")


def node_version(text):
    """(20, 10) of "v20.10.1"."""
    return tuple(map(int, re.fullmatch(r"v(\d+)\.(\d+)\..*", text).groups()))


def is_unreachable(output):
    """Whether npm failed, by what it printed, as the registry was not to be reached."""
    return UNREACHABLE.search(output) is not None


def install(directory):
    """The packages and the cases, together: modules are looked for beside the file that asks.

    Raises Missing when the registry cannot be reached.
    """
    os.makedirs(directory, exist_ok=True)
    _copy_sources(directory)
    marker = os.path.join(directory, INSTALLED)
    if _text_of(marker) == _digest_of_lock():
        return
    if os.path.exists(marker):
        os.remove(marker)
    _run_npm(directory)
    with open(marker, "w", encoding="ascii") as file:
        file.write(_digest_of_lock())


def _copy_sources(directory):
    for name in os.listdir(directory):
        if name.endswith(".mjs"):
            os.remove(os.path.join(directory, name))
    for name in os.listdir(SOURCE):
        if name.endswith(".mjs") or name in (MANIFEST, LOCK):
            shutil.copy(os.path.join(SOURCE, name), directory)


def _digest_of_lock():
    with open(os.path.join(SOURCE, LOCK), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _text_of(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding="ascii") as file:
        return file.read()


def _run_npm(directory):
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1",
               "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    try:
        done = subprocess.run(command, cwd=directory, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=INSTALL_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise Missing(f"npm ci was not done within {INSTALL_TIMEOUT_S} s") from error
    if done.returncode == 0:
        return
    print(done.stdout, file=sys.stderr)
    if is_unreachable(done.stdout):
        raise Missing("the npm registry cannot be reached")
    sys.exit("npm ci failed")
