"""The service model of the SDK: what AWS says requests look like."""

import functools
import gzip
import json
import os

NAMES = {"dynamodb": "2012-08-10", "dynamodbstreams": "2012-08-10"}


@functools.cache
def load(service):
    import botocore
    path = os.path.join(os.path.dirname(botocore.__file__), "data", service, NAMES[service],
                        "service-2.json")
    opened = gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as file:
        return json.load(file)


def is_recent():
    """Whether there is a model, and it has what was the newest when this was written."""
    try:
        return "GlobalTableSettingsReplicationMode" in member_names("dynamodb", "CreateTable")
    except ImportError:
        return False


def operations(service):
    """Names, sorted."""
    return sorted(load(service)["operations"])


def shape(service, name):
    return load(service)["shapes"][name]


def input_shape(service, operation):
    """The structure of an operation's request; one without members when it has none."""
    reference = load(service)["operations"][operation].get("input")
    return shape(service, reference["shape"]) if reference else {"type": "structure", "members": {}}


def member_names(service, operation):
    return list(input_shape(service, operation).get("members", {}))
