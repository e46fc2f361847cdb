"""Differences between our shapes and the service model are found."""

import os
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "api"))

import compare_shapes    # noqa: E402
import service_model    # noqa: E402

MODEL = {
    "operations": {"Get": {"input": {"shape": "GetInput"}}, "Other": {}},
    "shapes": {
        "GetInput": {"type": "structure", "required": ["Name"], "members": {
            "Name": {"shape": "Name"}, "Kinds": {"shape": "Kinds"}, "Key": {"shape": "Key"},
            "Requests": {"shape": "Requests"}}},
        "Name": {"type": "string", "min": 1, "max": 9},
        "Kind": {"type": "string", "enum": ["A", "B"]},
        "Kinds": {"type": "list", "member": {"shape": "Kind"}},
        "Requests": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Kinds"}},
        "Key": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "AttributeValue"}},
        "AttributeValue": {"type": "structure", "members": {}},
    },
}


def load(service):
    return MODEL if service == "dynamodb" else {"operations": {}, "shapes": {}}


def member(name, shape, required=False, served=True):
    return {"name": name, "shape": shape, "required": required, "served": served}


class CompareTest(unittest.TestCase):

    def setUp(self):
        self.name = member("Name", {"type": "string", "min": 1, "max": 9}, required=True)
        self.kind = {"type": "string", "enum": ["B", "A"]}
        self.kinds = member("Kinds", {"type": "list", "element": self.kind})
        self.key = member("Key", {"type": "item"})
        self.requests = member("Requests", {
            "type": "map", "key": dict(self.name["shape"]),
            "element": {"type": "list", "element": dict(self.kind)}})
        self.members = [self.name, self.kinds, self.key, self.requests]
        self.not_served = ["Other"]

    def faults(self):
        dump = {"served": {"Get": {"type": "structure", "members": self.members}},
                "not_served": self.not_served, "streams_not_served": []}
        with mock.patch.object(service_model, "load", load), \
                mock.patch.object(compare_shapes, "DIFFERENCES", {}):
            return compare_shapes.compare(dump)[0]

    def test_what_agrees_has_no_faults(self):
        self.assertEqual(self.faults(), [])

    def test_a_missing_member(self):
        self.members.remove(self.key)
        self.assertEqual(self.faults(), ["Get.Key: is missing"])

    def test_a_member_of_no_model(self):
        self.members.append(member("New", {"type": "string"}))
        self.assertEqual(self.faults(), ["Get.New: is in no model"])

    def test_another_type(self):
        self.key["shape"] = {"type": "string"}
        self.assertEqual(self.faults(), ["Get.Key: is a string, in the model a item"])

    def test_what_is_refused_may_be_anything_that_looks_alike(self):
        self.members[2] = member("Key", {"type": "structure", "members": []}, served=False)
        self.assertEqual(self.faults(), [])

    def test_other_bounds(self):
        self.name["shape"]["max"] = 8
        self.assertEqual(self.faults(), ["Get.Name: has max 8, in the model 9"])

    def test_another_need(self):
        self.name["required"] = False
        self.assertEqual(self.faults(), ["Get.Name: required: False, in the model True"])

    def test_other_values_of_an_element(self):
        self.kind["enum"] = ["A", "B", "C"]
        self.assertEqual(len(self.faults()), 1)

    def test_elements_of_any_kind(self):
        self.kinds["shape"] = {"type": "list"}
        self.assertEqual(self.faults(), ["Get.Kinds: takes elements of any kind"])

    def test_keys_and_values_of_a_map(self):
        del self.requests["shape"]["key"]
        self.assertEqual(self.faults(), ["Get.Requests: takes keys of any kind"])
        self.requests["shape"].update(key={"type": "string"}, element={"type": "string"})
        self.assertEqual(self.faults(), [
            "Get.Requests.key: has max None, in the model 9",
            "Get.Requests.key: has min None, in the model 1",
            "Get.Requests[]: is a string, in the model a list"])

    def test_an_item_may_be_a_map_of_values(self):
        self.key["shape"] = {"type": "map", "element": {"type": "attribute value"}}
        self.assertEqual(self.faults(), [])

    def test_an_operation_that_we_do_not_know_of(self):
        self.not_served = []
        self.assertEqual(self.faults(), ["Other: is an operation that we do not know of"])


if __name__ == "__main__":
    unittest.main()
