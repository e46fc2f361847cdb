"""The tables of docs/API_COVERAGE.md come of shapes."""

import os
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "api"))

import coverage    # noqa: E402
import service_model    # noqa: E402


def member(name, is_served):
    return {"name": name, "served": is_served, "required": False, "shape": {"type": "string"}}


class CoverageTest(unittest.TestCase):

    def setUp(self):
        self.dump = {"served": {"Get": {"type": "structure", "members": [
                         member("New", False), member("Second", True), member("First", True)]}},
                     "not_served": ["Query"], "streams_not_served": ["ListStreams"]}
        patches = (
            mock.patch.object(service_model, "member_names", lambda *_: ["First", "Second"]),
            mock.patch.object(service_model, "operations", lambda *_: ["Get", "Query"]),
            mock.patch.object(coverage, "PARTS", {"Get.Second": "only so"}))
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)

    def test_members_come_in_the_models_order_and_say_what_is_served(self):
        self.assertIn("| Get | First, Second (only so) | New |\n", coverage.generated(self.dump))

    def test_what_is_refused_after_it_was_checked_is_told_as_refused(self):
        with mock.patch.object(coverage, "REFUSED", {"Get.First"}):
            self.assertIn("| Get | Second (only so) | First, New |\n",
                          coverage.generated(self.dump))

    def test_operations_not_served_stand_with_their_purpose(self):
        text = coverage.generated(self.dump)
        self.assertIn("\n- items: Query\n", text)
        self.assertIn("\n- streams: ListStreams\n", text)
        self.assertIn("## Served: 1 of 2 operations", text)

    def test_an_operation_without_a_purpose_is_a_mistake(self):
        self.dump["not_served"] = ["Unheard"]
        with self.assertRaises(SystemExit):
            coverage.generated(self.dump)

    def test_a_document_is_split_at_its_marks(self):
        document = "a\n" + coverage.BEGIN + "b\n" + coverage.END + "c\n"
        before, inside, after = coverage.split(document)
        self.assertEqual(inside, "b\n")
        self.assertEqual(before + inside + after, document)


if __name__ == "__main__":
    unittest.main()
