#!/usr/bin/env python3
"""Stands in for the program `graticule`: makes keys, and "serves" by listening and printing ready.

A file named like a member in the directory it runs in says how it shall fail: "exit" (at once, with
something on stderr) or "silent" (never ready).
"""

import os
import signal
import socket
import sys
import time


def settings_read(path):
    with open(path, encoding="utf-8") as file:
        return dict(line.strip().split(" = ", 1) for line in file)


def keygen(name, out):
    with open(os.path.join(out, f"{name}.secret"), "w", encoding="ascii") as file:
        file.write("secret-key " + "x" * 40 + "\n")
    with open(os.path.join(out, "known_keys"), "a", encoding="ascii") as file:
        file.write(f"{name} {'y' * 40}\n")


def failure(name):
    try:
        with open(name, encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def serve(role, path):
    settings = settings_read(path)
    how = failure(settings["name"])
    if how == "exit":
        print("the disk is on fire", file=sys.stderr)
        sys.exit(3)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    address = settings["listen" if role == "node" else "http"]
    host, port = address.rsplit(":", 1)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if settings.get("reuse_port") == "yes":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((host, int(port)))
        sock.listen()
        if how != "silent":
            first = settings["name"] if role == "node" else settings["region"]
            print(f"ready {first} {address}", flush=True)
        while True:
            time.sleep(3600)


if sys.argv[1:3] == ["admin", "keygen"]:
    keygen(sys.argv[3], sys.argv[5])
else:
    serve(sys.argv[1], sys.argv[3])
