"""Record: the items that the load writes. Each carries its value twice and a checksum of it, so
that half a write, or a mixture of two, is seen.
"""

import hashlib

KEY = "id"


class Torn(Exception):
    """An item that no write has made."""


def item_of(key, value):
    return {KEY: {"S": key}, "value": {"S": value}, "again": {"S": value},
            "sum": {"S": _sum(key, value)}}


def value_of(key, item):
    """The value that an item carries; None: there is no item. Raises Torn."""
    if item is None:
        return None
    try:
        parts = [item[name]["S"] for name in (KEY, "value", "again", "sum")]
    except (KeyError, TypeError) as error:
        raise Torn(f"{key}: an attribute is missing: {sorted(item)}") from error
    value = parts[1]
    if parts != [key, value, value, _sum(key, value)] or len(item) != 4:
        raise Torn(f"{key}: its parts are not of one write: {str(item)[:300]}")
    return value


def _sum(key, value):
    return hashlib.sha256(f"{key}\n{value}".encode()).hexdigest()
