"""What the runners that start a server of their own share: credentials, running the suite."""

import os
import subprocess
import sys

DIRECTORY = os.path.dirname(os.path.abspath(__file__))
REGION = "us-east-1"
ACCESS_KEY_ID, SECRET = "AKIDCLIENTS", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def write_credentials(directory):
    path = os.path.join(directory, "credentials")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"[default]\naws_access_key_id = {ACCESS_KEY_ID}\n"
                   f"aws_secret_access_key = {SECRET}\n")
    return path


def run_suite(urls, options):
    """Exits with what the suite exits with."""
    endpoints = [word for url in urls for word in ("--endpoint", url)]
    command = [sys.executable, os.path.join(DIRECTORY, "run"), *endpoints, "--region", REGION,
               "--credentials", f"{ACCESS_KEY_ID}:{SECRET}", *options]
    return subprocess.run(command, check=False).returncode


def ready_url(line):
    """The URL of a line `ready REGION URL`, or None."""
    words = line.split()
    return words[2] if words[:2] == ["ready", REGION] else None
