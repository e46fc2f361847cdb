#!/usr/bin/env python3
"""Compares what the program takes with the SDK's service model, member by member.

    tests/api/compare_shapes.py --dump PROGRAM

Every member of every served operation must be there, with the same type, bounds, pattern, enum and
need; where it differs on purpose, DIFFERENCES says why. Exits with 77 when botocore is missing or too old.
"""

import argparse
import json
import subprocess
import sys

import service_model

SKIPPED = 77

# Of a table's name: words from before names could be ARNs, when bounds were those of names.
NAME = {"min": 3, "max": 255, "pattern": "[a-zA-Z0-9_.-]+"}

# Path -> what of ours is meant to differ from the model.
DIFFERENCES = {
    # The model lost these when tables could be made of a template; the server still asks for them.
    "CreateTable.AttributeDefinitions": {"required": True},
    "CreateTable.KeySchema": {"required": True, "max": 2},
    # Only keys of global indexes may have more.
    "CreateTable.LocalSecondaryIndexes[].KeySchema": {"max": 2},
}

# Model shape -> what of ours is meant to differ wherever it is used.
SHAPE_DIFFERENCES = {"TableArn": NAME}

# Newer than the newest service model.
RECENT_MEMBERS = {"CreateTable.VectorIndexes", "UpdateTable.VectorIndexUpdates",
                  "Query.IndexType"}

TYPES = {"string": "string", "boolean": "boolean", "integer": "integer", "long": "long",
         "blob": "blob", "list": "list", "structure": "structure"}
COMPARED = ("min", "max", "pattern")


class Comparison:

    def __init__(self, service):
        self.service = service
        self.faults = []
        self.count = 0
        self.used = set()

    def fault(self, path, text):
        self.faults.append(f"{path}: {text}")

    def our_type(self, name, model):
        """How our shapes call a shape of the model."""
        if name == "AttributeValue":
            return "attribute value"
        if model["type"] == "map":
            value = model["value"]["shape"]
            if value == "AttributeValue":
                return "item"
            is_text = service_model.shape(self.service, value)["type"] == "string"
            return "string map" if is_text else "map"
        return TYPES[model["type"]]

    def compare(self, path, ours, name, is_served):
        model = service_model.shape(self.service, name)
        self.count += 1
        wanted = self.our_type(name, model)
        if not is_served and ours == {"type": "structure", "members": []} and (
                model["type"] in ("map", "structure")):
            return    # whatever is in it
        if wanted == "item" and ours["type"] == "map" and (
                ours["element"] == {"type": "attribute value"}):
            return    # the same, read value by value
        if ours["type"] != wanted:
            self.fault(path, f"is a {ours['type']}, in the model a {wanted}")
            return
        self.compare_bounds(path, ours, name, model, is_served)
        if model["type"] == "structure" and name != "AttributeValue":
            self.compare_structure(path, ours, name, model, is_served)
        elif model["type"] == "list":
            self.compare_element(path, ours, model["member"]["shape"], is_served)
        elif wanted == "map":
            self.compare_key(path, ours, model["key"]["shape"], is_served)
            self.compare_element(path, ours, model["value"]["shape"], is_served)

    def compare_bounds(self, path, ours, name, model, is_served):
        """What is refused by its name need not be looked into."""
        meant = {**SHAPE_DIFFERENCES.get(name, {}), **DIFFERENCES.get(path, {})}
        self.used |= {path} & set(DIFFERENCES)
        if not is_served:
            return
        for what in COMPARED:
            wanted = meant.get(what, model.get(what))
            if ours.get(what) != wanted:
                self.fault(path, f"has {what} {ours.get(what)}, in the model {wanted}")
        if sorted(ours.get("enum", [])) != sorted(model.get("enum", [])):
            self.fault(path, f"has the values {ours.get('enum')}, in the model {model.get('enum')}")

    def compare_structure(self, path, ours, name, model, is_served):
        members = {member["name"]: member for member in ours["members"]}
        if not is_served and not members:
            return
        for member_name, reference in model.get("members", {}).items():
            where = f"{path}.{member_name}"
            member = members.pop(member_name, None)
            if member is None:
                self.fault(where, "is missing")
                continue
            self.compare_need(where, member, member_name in model.get("required", []))
            self.compare(where, member["shape"], reference["shape"], is_served and member["served"])
        for member_name in members:
            where = f"{path}.{member_name}"
            if where not in RECENT_MEMBERS:
                self.fault(where, "is in no model")

    def compare_need(self, path, member, is_required):
        is_required = DIFFERENCES.get(path, {}).get("required", is_required)
        if member["required"] != is_required:
            self.fault(path, f"required: {member['required']}, in the model {is_required}")

    def compare_key(self, path, ours, name, is_served):
        """Keys that may be anything in the model, up to attribute names' size, need no shape."""
        model = service_model.shape(self.service, name)
        if "key" in ours:
            self.compare_bounds(f"{path}.key", ours["key"], name, model, is_served)
        elif is_served and "min" in model:
            self.fault(path, "takes keys of any kind")

    def compare_element(self, path, ours, name, is_served):
        if "element" in ours:
            self.compare(f"{path}[]", ours["element"], name, is_served)
        elif is_served:
            self.fault(path, "takes elements of any kind")


def compare(dump):
    """Returns (faults, count of shapes compared)."""
    comparison = Comparison("dynamodb")
    known = service_model.operations("dynamodb")
    for name, ours in dump["served"].items():
        if name not in known:
            comparison.fault(name, "is no operation of the model")
            continue
        model = service_model.input_shape("dynamodb", name)
        comparison.compare_structure(name, ours, name, model, True)
    for name in set(known) - set(dump["served"]) - set(dump["not_served"]):
        comparison.fault(name, "is an operation that we do not know of")
    for name in set(service_model.operations("dynamodbstreams")) - set(dump["streams_not_served"]):
        comparison.fault(name, "is an operation of streams that we do not know of")
    for path in set(DIFFERENCES) - comparison.used:
        comparison.fault(path, "is said to differ, and is not there")
    return sorted(comparison.faults), comparison.count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True, metavar="PROGRAM")
    arguments = parser.parse_args()
    if not service_model.is_recent():
        print("compare_shapes: SKIPPED: botocore is missing, or too old", file=sys.stderr)
        return SKIPPED
    faults, count = compare(json.loads(subprocess.check_output([arguments.dump])))
    for fault in faults:
        print(fault)
    print(f"compare_shapes: {count} shapes, {len(faults)} faults")
    return 1 if faults or count == 0 else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
