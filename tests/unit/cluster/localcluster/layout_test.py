import unittest

import fixture  # noqa: F401 pylint: disable=unused-import

from localcluster.layout import (LayoutError, Wish, layout_from_json, layout_make, layout_to_json)

TWO_REGIONS = Wish(("us-east-1", "eu-west-1"), nodes=3, routers=2)


class LayoutTest(unittest.TestCase):
    def test_every_process_has_an_address_of_its_own(self):
        hosts = [m.host for m in layout_make(TWO_REGIONS, 20).members]
        self.assertEqual(len(hosts), 10)
        self.assertEqual(len(set(hosts)), 10)
        self.assertTrue(all(host.startswith("127.20.") for host in hosts))

    def test_names_tell_region_role_and_number(self):
        names = [m.name for m in layout_make(TWO_REGIONS, 20).members]
        self.assertEqual(names[:5], ["us-east-1-n1", "us-east-1-n2", "us-east-1-n3",
                                     "us-east-1-r1", "us-east-1-r2"])

    def test_the_next_region_has_the_next_port(self):
        ports = {m.region: m.port for m in layout_make(TWO_REGIONS, 20).routers()}
        self.assertEqual(ports, {"us-east-1": 8000, "eu-west-1": 8001})

    def test_routers_that_share_a_port_have_one_address_per_region(self):
        wish = Wish(("us-east-1", "eu-west-1"), routers=3, shares_port=True)
        addresses = [m.address for m in layout_make(wish, 20).routers()]
        self.assertEqual(set(addresses), {"127.20.1.100:8000", "127.20.2.100:8001"})

    def test_a_layout_reads_back_as_it_was_written(self):
        layout = layout_make(TWO_REGIONS, 20)
        self.assertEqual(layout_from_json(layout_to_json(layout)), layout)

    def test_wishes_that_cannot_be_granted_are_refused(self):
        for wish in (Wish(()), Wish(("a-1", "a-1")), Wish(("Not a name",)), Wish(("a-1",), nodes=0),
                     Wish(("a-1",), nodes=100), Wish(("a-1",), routers=0),
                     Wish(("a-1",), tablets=3), Wish(("a-1",), tablets=0),
                     Wish(("a-1",), port=0), Wish(("a-1",), port=65535)):
            with self.subTest(wish), self.assertRaises(LayoutError):
                layout_make(wish, 20)


if __name__ == "__main__":
    unittest.main()
