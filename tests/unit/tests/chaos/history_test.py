import unittest

import chaos_path  # noqa: F401 pylint: disable=unused-import

from history import ABSENT, Broken, KeyHistory


class HistoryTest(unittest.TestCase):
    def setUp(self):
        self.history = KeyHistory("key")

    def assert_possible(self, *values):
        for value in values:
            self.history.read(value)

    def assert_broken(self, *values):
        for value in values:
            with self.assertRaises(Broken):
                self.history.read(value)

    def test_a_new_key_holds_nothing(self):
        self.assert_possible(ABSENT)
        self.assert_broken("a")

    def test_an_acknowledged_write_must_be_there(self):
        self.history.acknowledged("a")
        self.assert_possible("a")
        self.assert_broken(ABSENT, "b")

    def test_an_overwritten_value_must_not_come_back(self):
        self.history.acknowledged("a")
        self.history.acknowledged("b")
        self.assert_broken("a")

    def test_a_deleted_item_must_not_come_back(self):
        self.history.acknowledged("a")
        self.history.acknowledged(ABSENT)
        self.assert_possible(ABSENT)
        self.assert_broken("a")

    def test_after_an_unknown_outcome_the_old_value_and_the_new_one_are_possible(self):
        self.history.acknowledged("a")
        self.history.unknown("b")
        self.assertFalse(self.history.is_certain)
        self.assert_possible("a", "b")
        self.assert_broken(ABSENT, "c")


if __name__ == "__main__":
    unittest.main()
