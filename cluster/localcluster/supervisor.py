"""Supervisor: one process that keeps all processes of a cluster running, and does as it is told.

It holds DIRECTORY/supervisor.lock while it lives, and answers on DIRECTORY/supervisor.sock (see
control.py). Its processes die with it.
"""

import fcntl
import os
import selectors
import signal
import time

from localcluster import control
from localcluster.child import Child
from localcluster.directory import settings_path

SIGNALS = {"pause": signal.SIGSTOP, "resume": signal.SIGCONT}


def lock_take(directory):
    """The descriptor of the supervisor's lock; None: another one lives."""
    path = os.path.join(directory, "supervisor.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


class Supervisor:
    def __init__(self, layout, program, directory):
        self._children = [
            Child(m, [program, m.role, "--config", settings_path(m.name)], directory)
            for m in layout.members
        ]
        self._directory = directory
        self._program = program
        self._selector = selectors.DefaultSelector()
        self._is_ending = False

    def run(self):
        """Returns once it was told to end, and all processes have."""
        with control.listener(self._directory) as listener:
            self._selector.register(listener, selectors.EVENT_READ, self._answer)
            signal.signal(signal.SIGTERM, lambda *_: self._end())
            for child in self._children:
                self._start(child)
            while not self._has_ended():
                self._turn()
        control.remove(self._directory)

    def _has_ended(self):
        return self._is_ending and all(c.process is None for c in self._children)

    def _turn(self):
        for key, _ in self._selector.select(self._seconds_to_wait()):
            if key.fileobj in self._selector.get_map():  # An earlier event may have removed it.
                key.data(key.fileobj)
        for child in self._children:
            self._tick(child)

    def _seconds_to_wait(self):
        deadlines = [d for d in (c.next_deadline() for c in self._children) if d is not None]
        # Python takes a signal between calls only, so that it sleeps a second at most.
        return max(0.0, min([d - time.monotonic() for d in deadlines] + [1.0]))

    def _tick(self, child):
        if child.tick(time.monotonic()):
            self._started(child)

    def _start(self, child):
        child.start()
        self._started(child)

    def _started(self, child):
        if child.process is None:
            self._tell(child, child.last_ending)
            return
        self._tell(child, f"started as {child.pid}")
        self._selector.register(child.process.stdout, selectors.EVENT_READ,
                                lambda stream: self._output(child, stream))
        self._selector.register(child.process_descriptor, selectors.EVENT_READ,
                                lambda _: self._ended(child))

    def _output(self, child, stream):
        if not child.output():
            self._selector.unregister(stream)

    def _ended(self, child):
        stream = child.process.stdout
        if stream in self._selector.get_map():
            self._selector.unregister(stream)
        self._selector.unregister(child.process_descriptor)
        child.ended()
        self._tell(child, child.last_ending)

    def _tell(self, child, text):
        print(f"{time.strftime('%H:%M:%S')} {child.member.name} {text}", flush=True)

    def _end(self):
        self._is_ending = True
        for child in self._children:
            child.unwant()

    def _answer(self, listener):
        control.serve_one(listener, self._do)

    def _do(self, request):
        command, names = request["command"], request.get("names", [])
        if command == "status":
            return {"program": self._program,
                    "members": [_describe(child) for child in self._children]}
        if command == "down":
            self._end()
            return {}
        known = {child.member.name: child for child in self._children}
        unknown = [name for name in names if name not in known]
        if unknown:
            return {"mistake": f"no process is called {', '.join(unknown)}"}
        for name in names:
            mistake = _command_do(command, known[name])
            if mistake:
                return {"mistake": f"{name} {mistake}"}
        return {}


def _command_do(command, child):
    """Does one command; what was wrong, or None."""
    if command == "start":
        child.want()
    elif command == "stop":
        child.unwant()
    elif child.process is None:
        return f"is {child.state()}"
    elif command == "kill":
        child.kill()
    else:
        child.signal(SIGNALS[command])
    return None


def _describe(child):
    member = child.member
    return {
        "name": member.name, "role": member.role, "region": member.region,
        "address": member.address, "url": member.url, "state": child.state(), "pid": child.pid,
        "restarts": child.restarts, "last_ending": child.last_ending, "log": child.log_path,
    }
