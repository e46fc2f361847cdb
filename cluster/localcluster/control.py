"""Control: how the command line talks to the supervisor. One line of JSON each way per connection.

The socket is in the cluster's directory; it is reached through /proc, since a socket's path may
have no more than 107 bytes and people's directories are longer.
"""

import contextlib
import json
import os
import socket

SOCKET_NAME = "supervisor.sock"
LINE_SIZE_MAX = 1 << 20
TIMEOUT_SECONDS = 5.0


class NotRunning(Exception):
    """No supervisor answers for that directory."""


@contextlib.contextmanager
def listener(directory):
    """A listening socket in the directory, for the holder of the supervisor's lock."""
    remove(directory)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock, _short_path(directory) as path:
        sock.bind(path)
        os.chmod(os.path.join(directory, SOCKET_NAME), 0o600)
        sock.listen(16)
        yield sock


def remove(directory):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(directory, SOCKET_NAME))


def serve_one(listening, answer_fn):
    """Answers one request. A client that is slow or mad is dropped: others wait behind it."""
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            answer = answer_fn(_receive(connection))
            connection.sendall(json.dumps(answer).encode() + b"\n")
        except (OSError, ValueError, KeyError):
            pass


def call(directory, command, names=()):
    """Asks the directory's supervisor. Raises NotRunning."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(TIMEOUT_SECONDS)
            with _short_path(directory) as path:
                sock.connect(path)
            sock.sendall(json.dumps({"command": command, "names": list(names)}).encode() + b"\n")
            return _receive(sock)
    except (OSError, ValueError) as error:
        raise NotRunning(str(error)) from error


def _receive(sock):
    with sock.makefile("rb") as file:
        return json.loads(file.readline(LINE_SIZE_MAX))


@contextlib.contextmanager
def _short_path(directory):
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET_NAME}"
    finally:
        os.close(descriptor)
