"""Child: one process under supervision. It is started again when it dies, unless it was stopped.

A process that dies before it serves is started again later and later; one that served, soon.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time

RESTART_SECONDS = 0.2
RESTART_SECONDS_MAX = 5.0
STOP_SECONDS_MAX = 10.0
KILL_SECONDS_MAX = 2.0

LINE_SIZE_MAX = 4096
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_supervisor():
    # Without it, a killed supervisor would leave processes that nothing can stop by name.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def restart_delay(failures):
    """Seconds until the next start, after so many in a row that never served."""
    return min(RESTART_SECONDS * 2**min(failures, 10), RESTART_SECONDS_MAX)


def ending_text(return_code):
    """How a process ended, for people."""
    if return_code < 0:
        return f"ended by {signal.Signals(-return_code).name}"
    return f"exited with status {return_code}"


class Child:
    """Owned by the supervisor, which calls `ended` and `output` when the kernel tells of them."""

    def __init__(self, member, command, directory):
        self.member = member
        self.process = None
        self.process_descriptor = None  # A pidfd: readable once the process has ended.
        self.is_wanted = True
        self.is_ready = False
        self.restarts = 0
        self.last_ending = None
        self.log_path = os.path.join(directory, "logs", f"{member.name}.log")
        self._command = command
        self._directory = directory
        self._failures = 0
        self._start_at = None
        self._kill_at = None
        self._partial_line = b""

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def start(self):
        self._start_at = None
        self._partial_line = b""
        try:
            with open(self.log_path, "ab") as log:
                self.process = subprocess.Popen(
                    self._command, cwd=self._directory, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=log, preexec_fn=_die_with_supervisor)
        except OSError as error:
            self._start_later(f"could not be started: {error}")
            return
        os.set_blocking(self.process.stdout.fileno(), False)
        self.process_descriptor = os.pidfd_open(self.process.pid)

    def output(self):
        """Takes what the process has printed. False once nothing more can come."""
        piece = self._read()
        if not piece:
            return piece is None
        with open(self.log_path, "ab") as log:
            log.write(piece)
        *lines, self._partial_line = (self._partial_line + piece).split(b"\n")
        self._partial_line = self._partial_line[-LINE_SIZE_MAX:]
        self.is_ready |= any(line.startswith(b"ready ") for line in lines)
        return True

    def _read(self):
        try:
            return os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return None

    def ended(self):
        """The process has ended: decides what is next."""
        ending = ending_text(self.process.wait())
        self.process.stdout.close()
        os.close(self.process_descriptor)
        self.process = self.process_descriptor = self._kill_at = None
        self._start_later(ending)

    def _start_later(self, ending):
        self.last_ending = ending
        self._failures = 0 if self.is_ready else self._failures + 1
        self.is_ready = False
        if self.is_wanted:
            self.restarts += 1
            self._start_at = time.monotonic() + restart_delay(self._failures)

    def signal(self, number):
        if self.process:
            self.process.send_signal(number)

    def kill(self):
        """Ends it as abruptly as can be, and sees it end, so that nobody takes it for alive."""
        self.signal(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(KILL_SECONDS_MAX)

    def want(self):
        """Wants it running, at once."""
        self.is_wanted = True
        self._failures = 0
        if not self.process:
            self._start_at = time.monotonic()

    def unwant(self):
        """Wants it ended: politely, then, after STOP_SECONDS_MAX, by force."""
        self.is_wanted = False
        self._start_at = None
        if self.process:
            self._kill_at = time.monotonic() + STOP_SECONDS_MAX
            self.signal(signal.SIGTERM)
            self.signal(signal.SIGCONT)

    def next_deadline(self):
        """When `tick` has something to do; None: never."""
        return self._kill_at if self.process else self._start_at

    def tick(self, now):
        """Does what is due. True when it has started the process."""
        if self._kill_at is not None and now >= self._kill_at:
            self._kill_at = None
            self.signal(signal.SIGKILL)
        if self.process is None and self._start_at is not None and now >= self._start_at:
            self.start()
            return True
        return False

    def state(self):
        if self.process is None or self.process.poll() is not None:
            return "restarting" if self.is_wanted else "stopped"
        if not self.is_wanted:
            return "stopping"
        if _is_paused(self.process.pid):
            return "paused"
        return "running" if self.is_ready else "starting"


def _is_paused(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False
