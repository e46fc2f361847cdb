import unittest

import chaos_path  # noqa: F401 pylint: disable=unused-import

from spread import counts_by_leader, deviation, ring_parse

RING = """\
TABLET FIRST TOKEN      LEADER                 TERM      ENTRIES REPLICAS
     0 0000000000000000 us-east-1-n2              1            5 us-east-1-n2
     1 8000000000000000 -                         -            - us-east-1-n1
"""


class SpreadTest(unittest.TestCase):
    def test_a_ring_is_read_with_who_leads_and_who_does_not(self):
        self.assertEqual(ring_parse(RING), {0: ("us-east-1-n2", 5), 1: ("-", 0)})

    def test_another_table_is_no_ring(self):
        with self.assertRaises(ValueError):
            ring_parse("NODE STATE\n")

    def test_only_what_was_added_counts(self):
        before = {0: ("a", 2), 1: ("b", 3), 2: ("a", 4)}
        after = {0: ("a", 12), 1: ("b", 8), 2: ("a", 5)}
        self.assertEqual(counts_by_leader(before, after), {"a": 11, "b": 5})

    def test_even_shares_do_not_deviate(self):
        self.assertEqual(deviation({"a": 10, "b": 10}, 2), 0)

    def test_the_worst_node_decides(self):
        self.assertAlmostEqual(deviation({"a": 12, "b": 10, "c": 8}, 3), 0.2)

    def test_a_node_without_any_key_deviates_wholly(self):
        self.assertAlmostEqual(deviation({"a": 10, "b": 10}, 3), 1.0)


if __name__ == "__main__":
    unittest.main()
