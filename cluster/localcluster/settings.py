"""Settings: the text of each process's settings file. Decides only; touches no disk.

Paths are relative to the cluster's directory, where all processes run: a line of a settings file is
short (190 bytes), and people's directories are not.
"""

KEYS = "keys"
KNOWN_KEYS = f"{KEYS}/known_keys"
CREDENTIALS = "credentials"

ADMIN = "admin"  # The name of the operator's key.

ZONES = "abc"


def settings_of(layout, member, extra=(), credentials=CREDENTIALS):
    """The text of the member's settings file; `extra` are more (key, value) pairs, which win."""
    pairs = _common(layout, member.name, member.region)
    pairs.update(_node(layout, member) if member.role == "node" else
                 _router(layout, member, credentials))
    pairs.update(extra)
    return _text(pairs)


def admin_settings_of(layout, region):
    """The text of the settings with which `graticule admin` asks about a region."""
    return _text(_common(layout, ADMIN, region))


def _text(pairs):
    return "".join(f"{key} = {value}\n" for key, value in pairs.items())


def _common(layout, name, region):
    holders = layout.catalog_nodes(region)
    return {
        "name": name,
        "region": region,
        "catalog": ",\n    ".join(f"{holder.name}@{holder.address}" for holder in holders),
        "secret_key": f"{KEYS}/{name}.secret",
        "known_keys": KNOWN_KEYS,
    }


def _node(layout, member):
    nodes = layout.of_region(member.region, "node")
    return {
        "listen": member.address,
        "data": f"data/{member.name}",
        "host": member.host,
        "zone": member.region + ZONES[nodes.index(member) % len(ZONES)],
        "tablets": layout.wish.tablets,
        "nodes": layout.wish.nodes,
    }


def _router(layout, member, credentials):
    pairs = {"http": member.address, "credentials": credentials}
    if layout.wish.shares_port:
        pairs["reuse_port"] = "yes"
    return pairs
