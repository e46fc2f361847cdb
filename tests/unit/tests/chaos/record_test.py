import unittest

import chaos_path  # noqa: F401 pylint: disable=unused-import

from record import Torn, item_of, value_of


class RecordTest(unittest.TestCase):
    def assert_torn(self, item):
        with self.assertRaises(Torn):
            value_of("key", item)

    def test_a_value_comes_back(self):
        self.assertEqual(value_of("key", item_of("key", "value")), "value")

    def test_no_item_is_no_value(self):
        self.assertIsNone(value_of("key", None))

    def test_a_mixture_of_two_writes_is_seen(self):
        one, other = item_of("key", "one"), item_of("key", "other")
        for name in ("value", "again", "sum"):
            with self.subTest(name):
                self.assert_torn({**one, name: other[name]})

    def test_a_missing_and_a_foreign_attribute_are_seen(self):
        item = item_of("key", "value")
        self.assert_torn({name: value for name, value in item.items() if name != "again"})
        self.assert_torn({**item, "more": {"S": "x"}})

    def test_an_item_of_another_key_is_seen(self):
        self.assert_torn(item_of("another", "value"))


if __name__ == "__main__":
    unittest.main()
