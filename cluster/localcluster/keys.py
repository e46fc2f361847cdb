"""Keys: a secret key per process, the list of who is known, and what clients sign with."""

import os
import subprocess

from localcluster import settings

ACCESS_KEY_ID = "AKIAGRATICULELOCAL"
SECRET_ACCESS_KEY = "graticule/local/development/only/secret0"


class KeyMakingError(Exception):
    """The program could not make a key; the text is for people."""


def keys_make(program, directory, layout):
    """Gives each member, and the operator, a key, if it has none. Keys that exist stay."""
    out = os.path.join(directory, settings.KEYS)
    os.makedirs(out, mode=0o700, exist_ok=True)
    for name in [member.name for member in layout.members] + [settings.ADMIN]:
        if not os.path.exists(os.path.join(out, f"{name}.secret")):
            _generate(program, name, out)


def _generate(program, name, out):
    command = [program, "admin", "keygen", name, "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise KeyMakingError(f"no key for {name}: {done.stderr.strip() or done.returncode}")


def credentials_make(directory):
    """Writes the development key pair, which is the same for every local cluster."""
    path = os.path.join(directory, settings.CREDENTIALS)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"[default]\naws_access_key_id = {ACCESS_KEY_ID}\n"
                   f"aws_secret_access_key = {SECRET_ACCESS_KEY}\n")


def exports(url, region):
    """Shell lines after which the AWS command line and the SDKs talk to the cluster."""
    return [
        f"export AWS_ACCESS_KEY_ID={ACCESS_KEY_ID}",
        f"export AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY}",
        f"export AWS_DEFAULT_REGION={region}",
        f"export AWS_ENDPOINT_URL={url}",
    ]
