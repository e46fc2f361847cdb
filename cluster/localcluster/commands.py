"""Commands: what each word of the command line does. They print for people, and raise Refusal."""

import contextlib
import os
import subprocess
import sys
import time

from localcluster import control, directory as directories, keys, settings
from localcluster.program import program_find
from localcluster.supervisor import Supervisor, lock_take
from localcluster.wishes import extra_settings, layout_choose

POLL_SECONDS = 0.02
DOWN_SECONDS_MAX = 20.0


class Refusal(Exception):
    """What was asked for cannot be done; the text is for people."""


def up(options):
    """Starts the cluster, and returns once all of it serves."""
    data = os.path.abspath(options.data)
    os.makedirs(data, exist_ok=True)
    if _is_running(data):
        raise Refusal(f"the cluster in {data} is up already (see `status`, or `down` first)")
    extra = extra_settings(options.set)
    program = program_find(options.program, options.build)
    is_new = directories.layout_load(data) is None
    layout = layout_choose(options, data)
    keys.keys_make(program, data, layout)
    credentials = os.path.abspath(options.credentials) if options.credentials else None
    if credentials is None:
        keys.credentials_make(data)
    directories.files_write(data, layout, extra, credentials or settings.CREDENTIALS)
    try:
        _wait_serving(data, _supervisor_start(data, program), options.timeout)
    except Refusal:
        if is_new:
            directories.forget(data)
        raise
    for router in layout.routers():
        print(f"ready {router.region} {router.url}")
    if credentials is None:
        first = layout.routers()[0]
        print("\n".join(keys.exports(first.url, first.region)))


def status(options):
    """Prints a line per process: NAME ROLE REGION ADDRESS STATE PID."""
    for member in _members(os.path.abspath(options.data)):
        print(member["name"], member["role"], member["region"], member["address"],
              member["state"], member["pid"] or "-")


def signal_members(options):
    """kill, pause, resume: done once the signal has been sent."""
    _call(os.path.abspath(options.data), options.command, options.names)


def stop(options):
    data = os.path.abspath(options.data)
    _call(data, "stop", options.names)
    _wait_states(data, options.names, ("stopped",), options.timeout)


def start(options):
    data = os.path.abspath(options.data)
    _call(data, "start", options.names)
    _wait_states(data, options.names, ("running", "paused"), options.timeout)


def down(options):
    """Ends all processes and the supervisor. Fine when there is none."""
    data = os.path.abspath(options.data)
    if not os.path.isdir(data) or not _is_running(data):
        return
    _call(data, "down", [])
    deadline = time.monotonic() + DOWN_SECONDS_MAX
    while _is_running(data):
        if time.monotonic() > deadline:
            raise Refusal(f"the supervisor does not end; see {data}/logs/supervisor.log")
        time.sleep(POLL_SECONDS)


def admin(options):
    """Runs `graticule admin WORD` for a region, and passes on what it prints."""
    data = os.path.abspath(options.data)
    program = _call(data, "status", [])["program"]
    region = options.region or directories.layout_load(data).wish.regions[0]
    path = directories.settings_path(directories.admin_name(region))
    done = subprocess.run([program, "admin", options.word, "--config", path], cwd=data, check=False)
    if done.returncode != 0:
        raise Refusal(f"graticule admin {options.word} failed")


def supervise(options):
    """What the supervisor's process runs; `up` starts it."""
    data = os.path.abspath(options.data)
    lock = lock_take(data)
    if lock is None:
        raise Refusal("another supervisor runs")
    Supervisor(directories.layout_load(data), options.program, data).run()


def _supervisor_start(data, program):
    entry = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "local")
    with open(os.path.join(data, "logs", "supervisor.log"), "ab") as log:
        command = [sys.executable, entry, "supervise", "--data", data, "--program", program]
        return subprocess.Popen(command,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=data,
                                start_new_session=True)


def _wait_serving(data, supervisor, timeout):
    """Until all processes serve. The first that dies before ends the whole attempt."""
    deadline = time.monotonic() + timeout
    while True:
        members = _supervised(data) or []
        failed = [m for m in members if m["restarts"] > 0]
        late = [m for m in members if m["state"] != "running"]
        if members and not failed and not late:
            return
        if failed or supervisor.poll() is not None or time.monotonic() > deadline:
            text = _failure_text(data, failed or late, timeout)
            _supervisor_stop(data, supervisor)
            raise Refusal(text)
        time.sleep(POLL_SECONDS)


def _supervisor_stop(data, supervisor):
    with contextlib.suppress(control.NotRunning):
        control.call(data, "down")
    with contextlib.suppress(subprocess.TimeoutExpired):
        supervisor.wait(DOWN_SECONDS_MAX)


def _failure_text(data, members, timeout):
    if not members:
        tail = directories.log_tail(os.path.join(data, "logs", "supervisor.log"))
        return "\n  ".join(["the supervisor did not start; its last lines:"] + tail)
    lines = []
    for member in members:
        what = member["last_ending"] or f"did not serve within {timeout:g} s"
        lines.append(f"{member['name']} ({member['address']}) {what}; its last lines:")
        lines += [f"  {line}" for line in directories.log_tail(member["log"]) or ["(none)"]]
    return "\n".join(lines)


def _wait_states(data, names, states, timeout):
    deadline = time.monotonic() + timeout
    while True:
        late = [m for m in _members(data) if m["name"] in names and m["state"] not in states]
        if not late:
            return
        if time.monotonic() > deadline:
            raise Refusal(f"{late[0]['name']} is {late[0]['state']} after {timeout:g} s")
        time.sleep(POLL_SECONDS)


def _members(data):
    """All processes as they are; of a cluster that is down, as stopped."""
    supervised = _supervised(data)
    if supervised is not None:
        return supervised
    layout = directories.layout_load(data)
    if layout is None:
        raise Refusal(f"there is no cluster in {data}: use `up`")
    return [{"name": m.name, "role": m.role, "region": m.region, "address": m.address,
             "url": m.url, "state": "stopped", "pid": None} for m in layout.members]


def _supervised(data):
    try:
        return control.call(data, "status")["members"]
    except control.NotRunning:
        return None


def _call(data, command, names):
    try:
        answer = control.call(data, command, names)
    except control.NotRunning as error:
        raise Refusal(f"the cluster in {data} is not up: {error}") from error
    if "mistake" in answer:
        raise Refusal(answer["mistake"])
    return answer


def _is_running(data):
    lock = lock_take(data)
    if lock is None:
        return True
    os.close(lock)
    return False
