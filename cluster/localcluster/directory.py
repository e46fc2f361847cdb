"""Directory: the files of a cluster.

    cluster.json            the layout, for the next `up`
    config/NAME.conf        settings          keys/      secret keys, and who is known
    logs/NAME.log           output            data/NAME/ what a node keeps
    credentials             what clients may sign with
"""

import hashlib
import json
import os
import shutil
import socket

from localcluster import layout as layouts
from localcluster import settings

LAYOUT_NAME = "cluster.json"


def layout_load(directory):
    """The layout of an earlier `up`; None: there was none."""
    try:
        with open(os.path.join(directory, LAYOUT_NAME), encoding="utf-8") as file:
            return layouts.layout_from_json(json.load(file))
    except FileNotFoundError:
        return None


def layout_new(directory, wish):
    """A layout on a network that nothing listens on: always the same one for a directory, if it
    is free. Raises LayoutError."""
    networks = range(layouts.NETWORK_FIRST, layouts.NETWORK_LAST + 1)
    first = hashlib.sha256(os.path.realpath(directory).encode()).digest()[0]
    for attempt in range(len(networks)):
        layout = layouts.layout_make(wish, networks[(first + attempt) % len(networks)])
        if not addresses_in_use(layout):
            return layout
    raise layouts.LayoutError("no loopback network is free")


def layout_save(directory, layout):
    path = os.path.join(directory, LAYOUT_NAME)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(layouts.layout_to_json(layout), file, indent=2)
    os.replace(path + ".new", path)


def forget(directory):
    """Undoes a cluster that has never served, so that another may be tried. Logs stay."""
    os.unlink(os.path.join(directory, LAYOUT_NAME))
    shutil.rmtree(os.path.join(directory, "data"), ignore_errors=True)


def addresses_in_use(layout):
    """Addresses of the layout on which something listens."""
    return sorted({m.address for m in layout.members if _is_in_use(m.host, m.port)})


def _is_in_use(host, port):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return True
    return False


def files_write(directory, layout, extra, credentials):
    """Writes every member's settings, and puts the logs of an earlier life aside. `extra` has more
    settings by role: {"node": [(key, value)], "router": [...]}."""
    for name in ("config", "logs", "data"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    for member in layout.members:
        text = settings.settings_of(layout, member, extra[member.role], credentials)
        _settings_write(directory, member.name, text)
    for region in layout.wish.regions:
        _settings_write(directory, admin_name(region), settings.admin_settings_of(layout, region))
    for name in [m.name for m in layout.members] + ["supervisor"]:
        log = os.path.join(directory, "logs", f"{name}.log")
        if os.path.exists(log):
            shutil.move(log, log + ".old")


def admin_name(region):
    return f"{region}-{settings.ADMIN}"


def _settings_write(directory, name, text):
    with open(os.path.join(directory, settings_path(name)), "w", encoding="utf-8") as file:
        file.write(text)


def settings_path(name):
    """Relative to the directory, where everything runs."""
    return f"config/{name}.conf"


def log_tail(path, count=15):
    """The last lines of a log, if there is one."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()[-count:]
    except OSError:
        return []
