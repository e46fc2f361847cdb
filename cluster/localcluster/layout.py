"""Layout: which processes a cluster has, and where each one listens. Decides only; touches no disk.

Every process has a loopback address of its own, as if each ran on a machine of its own:

    127.NETWORK.REGION.1...   nodes            127.NETWORK.REGION.101...   routers
    127.NETWORK.REGION.100    all routers of the region, when they share a port
"""

import dataclasses
import re

NODE_PORT = 7000
ROUTER_HOST_BASE = 100
PER_REGION_MAX = 99
REGIONS_MAX = 250
CATALOG_NODES = 1  # How many of a region's first nodes hold its catalog.

NETWORK_FIRST = 16
NETWORK_LAST = 254


class LayoutError(Exception):
    """A wish that no layout can grant; the text is for people."""


@dataclasses.dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    regions: tuple
    nodes: int = 3
    routers: int = 1
    tablets: int = 128
    port: int = 8000
    shares_port: bool = False


@dataclasses.dataclass(frozen=True)
class Member:
    """One process of the cluster."""

    name: str
    role: str  # "node" or "router"
    region: str
    host: str
    port: int

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    @property
    def url(self):
        return f"http://{self.address}"


@dataclasses.dataclass(frozen=True)
class Layout:
    wish: Wish
    network: int
    members: tuple

    def of_region(self, region, role):
        return [m for m in self.members if m.region == region and m.role == role]

    def routers(self):
        return [m for m in self.members if m.role == "router"]

    def catalog_nodes(self, region):
        return self.of_region(region, "node")[:CATALOG_NODES]

    def member(self, name):
        """The member of that name; None: there is none."""
        return next((m for m in self.members if m.name == name), None)


def layout_make(wish, network):
    """The layout that grants a wish. Raises LayoutError."""
    _check(wish)
    members = []
    for number, region in enumerate(wish.regions, start=1):
        prefix = f"127.{network}.{number}"
        members += [
            Member(f"{region}-n{i}", "node", region, f"{prefix}.{i}", NODE_PORT)
            for i in range(1, wish.nodes + 1)
        ]
        members += [
            Member(f"{region}-r{i}", "router", region, _router_host(wish, prefix, i),
                   wish.port + number - 1)
            for i in range(1, wish.routers + 1)
        ]
    return Layout(wish, network, tuple(members))


def layout_to_json(layout):
    return {"wish": dataclasses.asdict(layout.wish), "network": layout.network}


def layout_from_json(document):
    wish = dict(document["wish"])
    wish["regions"] = tuple(wish["regions"])
    return layout_make(Wish(**wish), document["network"])


def _router_host(wish, prefix, number):
    return f"{prefix}.{ROUTER_HOST_BASE + (0 if wish.shares_port else number)}"


def _check(wish):
    if not wish.regions or len(wish.regions) > REGIONS_MAX:
        raise LayoutError(f"--regions: give 1 to {REGIONS_MAX} names")
    if len(set(wish.regions)) != len(wish.regions):
        raise LayoutError("--regions: a name stands there twice")
    for region in wish.regions:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,40}", region):
            raise LayoutError(f'--regions: "{region}" is no name such as us-east-1')
    for option, count in (("--nodes", wish.nodes), ("--routers", wish.routers)):
        if not 1 <= count <= PER_REGION_MAX:
            raise LayoutError(f"{option}: give 1 to {PER_REGION_MAX} per region")
    if wish.tablets < 1 or wish.tablets & (wish.tablets - 1) != 0:
        raise LayoutError("--tablets: give a power of two")
    if not 1 <= wish.port <= 65535 - len(wish.regions):
        raise LayoutError(f"--port: {wish.port} is no port")
