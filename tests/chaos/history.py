"""History: what a key may hold, as the one client that writes it knows. Decides only.

A client has one request under way, so that every key has one certain value; until a write's outcome
is unknown. Then the old value and the new one are both possible, and the key is written no more: a
late write could else land on a later one, and nobody would be to blame.
"""

ABSENT = None


class Broken(Exception):
    """Something was read that must not be there."""


class KeyHistory:
    def __init__(self, key):
        self.key = key
        self._possible = {ABSENT}

    @property
    def is_certain(self):
        return len(self._possible) == 1

    def acknowledged(self, value):
        """A write of the value (ABSENT: a delete) was acknowledged."""
        self._possible = {value}

    def unknown(self, value):
        """A write of the value may have been performed, may yet be, or never."""
        self._possible.add(value)

    def read(self, value):
        """A consistent read has found the value. Raises Broken."""
        if value not in self._possible:
            expected = " or ".join(sorted(_text(v) for v in self._possible))
            raise Broken(f"{self.key}: read {_text(value)}, where only {expected} may be")


def _text(value):
    return "nothing" if value is ABSENT else f"value {value[:40]}"
