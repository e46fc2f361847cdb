"""A `graticule dev` of one's own, on a free port and a fresh directory."""

import os
import subprocess
import sys
import threading

from own_server import REGION, ready_url, write_credentials

READY_TIMEOUT_S = 30
STOP_TIMEOUT_S = 30


def wait_until_ready(process):
    timer = threading.Timer(READY_TIMEOUT_S, process.kill)
    timer.start()
    for line in process.stdout:
        if ready_url(line):
            timer.cancel()
            return ready_url(line)
    sys.exit(f"graticule dev was not ready within {READY_TIMEOUT_S} s")


def stop(process):
    """Exits with a message unless it ran until now and ends well."""
    if process.poll() is not None:
        sys.exit(f"graticule dev ended by itself, with {process.returncode}")
    process.terminate()
    try:
        code = process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit("graticule dev does not stop")
    if code != 0:
        sys.exit(f"graticule dev exits with {code}")


class DevServer:
    """Runs as long as the `with` does; exits with a message unless it ends well."""

    def __init__(self, program, directory, options=()):
        self.command = [program, "dev", "--port", "0", "--region", REGION,
                        "--credentials", write_credentials(directory),
                        "--data", os.path.join(directory, "data"), *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        try:
            self.url = wait_until_ready(self.process)
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.process.kill()
            return
        stop(self.process)
