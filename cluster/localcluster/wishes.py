"""Wishes: what the command line of `up` asks for, against what its directory holds already."""

from localcluster import directory as directories, layout as layouts

REGION_DEFAULT = "us-east-1"


class WishError(Exception):
    """A wish that makes no sense, or not here; the text is for people."""


def layout_choose(options, data):
    """The layout of an earlier `up`, which a new wish must not contradict, or a new one."""
    old = directories.layout_load(data)
    if old is None:
        layout = directories.layout_new(data, _wish(options, layouts.Wish((REGION_DEFAULT,))))
        directories.layout_save(data, layout)
        return layout
    if _wish(options, old.wish) != old.wish:
        raise WishError(f"{data} holds another cluster ({old.wish}): give another --data, or "
                        "remove it")
    in_use = directories.addresses_in_use(old)
    if in_use:
        raise WishError(f"something else listens on {', '.join(in_use)}")
    return old


def _wish(options, presets):
    """What the options ask for; of what they leave open, the presets."""
    given = {
        "regions": tuple(options.regions.split(",")) if options.regions else None,
        "nodes": options.nodes, "routers": options.routers, "tablets": options.tablets,
        "port": options.port, "shares_port": options.shared_port,
    }
    return layouts.Wish(**{
        key: getattr(presets, key) if value is None else value for key, value in given.items()
    })


def extra_settings(texts):
    """The settings of `--set`, by role: {"node": [(key, value)], "router": [...]}."""
    extra = {"node": [], "router": []}
    for text in texts:
        place, _, value = text.partition("=")
        role, _, key = place.partition(".")
        if role not in extra or not key or not value:
            raise WishError(f'--set: "{text}" is not node.KEY=VALUE or router.KEY=VALUE')
        extra[role].append((key.strip(), value.strip()))
    return extra
