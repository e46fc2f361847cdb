"""Targets: what is killed. A cluster of many processes, or one process with all roles in it."""

import os
import signal
import subprocess
import sys
import threading
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "cluster"))

from localcluster import control, keys  # pylint: disable=wrong-import-position

LOCAL = os.path.join(ROOT, "cluster", "local")
START_SECONDS_MAX = 60


class Failed(Exception):
    """The target did not start, or a process of it did not come back."""


class Target:
    """What the kill loop needs of a target."""

    def __init__(self):
        self.urls = {}  # Of each region's endpoints.

    def names(self):
        raise NotImplementedError

    def kill(self, name):
        """kill -9. The process comes back without being asked to."""
        raise NotImplementedError

    def is_back(self, name):
        """Whether it serves again after the last kill of it."""
        raise NotImplementedError

    def deaths(self):
        """How often any process has ended so far, by a kill of ours or by itself."""
        raise NotImplementedError

    def close(self):
        raise NotImplementedError

    def _learn_urls(self, lines):
        for line in lines:
            words = line.split()
            if words[:1] == ["ready"]:
                self.urls.setdefault(words[1], []).append(words[2])


class ClusterTarget(Target):
    """A cluster by cluster/local, whose supervisor brings back what dies."""

    def __init__(self, options, data):
        super().__init__()
        self._data = data
        self._killed = {}
        os.makedirs(data, exist_ok=True)
        command = [sys.executable, LOCAL, "up", "--data", data, "--program", options.program,
                   "--regions", options.regions, "--nodes", str(options.nodes), "--routers",
                   str(options.routers), "--tablets", str(options.tablets)]
        for setting in options.set:
            command += ["--set", setting]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(done.stderr.strip())
        self._learn_urls(done.stdout.splitlines())

    def names(self):
        return [member["name"] for member in self._members()]

    def kill(self, name):
        member = self._member(name)
        self._killed[name] = member["pid"]
        # Not through the supervisor, which would know that it was us.
        os.kill(member["pid"], signal.SIGKILL)

    def is_back(self, name):
        member = self._member(name)
        return member["state"] == "running" and member["pid"] != self._killed[name]

    def deaths(self):
        return sum(member["restarts"] for member in self._members())

    def last_words(self):
        return [f"{m['name']}: {m['last_ending']}, see {m['log']}" for m in self._members()
                if m["last_ending"] not in (None, "ended by SIGKILL")]

    def admin(self, word):
        """What `graticule admin WORD` prints."""
        return subprocess.run([sys.executable, LOCAL, "admin", word, "--data", self._data],
                              capture_output=True, text=True, check=True).stdout

    def close(self):
        subprocess.run([sys.executable, LOCAL, "down", "--data", self._data], check=False)

    def _members(self):
        return control.call(self._data, "status")["members"]

    def _member(self, name):
        return next(member for member in self._members() if member["name"] == name)


class DevTarget(Target):
    """`graticule dev`, which a thread starts again with the same data whenever it ends."""

    NAME = "dev"

    def __init__(self, options, data):
        super().__init__()
        os.makedirs(data, exist_ok=True)
        keys.credentials_make(data)
        self._command = [
            options.program, "dev", "--nodes", str(options.nodes), "--port", str(options.port),
            "--data", os.path.join(data, "dev"),
            "--credentials", os.path.join(data, "credentials")]
        self._regions = options.regions.split(",")
        for region in self._regions:
            self._command += ["--region", region]
        self._log_path = os.path.join(data, "dev.log")
        self._process = None
        self._killed_pid = None
        self._deaths = 0
        self._endings = []
        self._is_closing = False
        self._ready_pid = None
        threading.Thread(target=self._run, daemon=True).start()
        deadline = time.monotonic() + START_SECONDS_MAX
        while self._ready_pid is None:
            if time.monotonic() > deadline or self._deaths > 0:
                raise Failed(f"graticule dev does not start: see {self._log_path}")
            time.sleep(0.01)

    def names(self):
        return [self.NAME]

    def kill(self, name):
        self._killed_pid = self._process.pid
        os.kill(self._killed_pid, signal.SIGKILL)

    def is_back(self, name):
        return self._ready_pid not in (None, self._killed_pid)

    def deaths(self):
        return self._deaths

    def last_words(self):
        return [f"dev ended with {ending}, see {self._log_path}" for ending in self._endings
                if ending != -signal.SIGKILL]

    def close(self):
        self._is_closing = True
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def _run(self):
        while not self._is_closing:
            with open(self._log_path, "ab") as log:
                self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=log,
                                                 text=True)
            self._watch(self._process)
            self._endings.append(self._process.wait())
            self._deaths += 1

    def _watch(self, process):
        """Until the process ends. It is ready once each region has an endpoint."""
        self.urls = {}
        for line in process.stdout:
            self._learn_urls([line])
            if len(self.urls) == len(self._regions):
                self._ready_pid = process.pid
