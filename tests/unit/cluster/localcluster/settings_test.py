import unittest

import fixture  # noqa: F401 pylint: disable=unused-import

from localcluster.layout import Wish, layout_make
from localcluster.settings import admin_settings_of, settings_of


def settings_read(text):
    return dict(line.split(" = ", 1) for line in text.splitlines())


class SettingsTest(unittest.TestCase):
    def setUp(self):
        self.layout = layout_make(Wish(("us-east-1", "eu-west-1"), nodes=4, tablets=64), 20)

    def of(self, name, *arguments):
        return settings_read(settings_of(self.layout, self.layout.member(name), *arguments))

    def test_a_node_learns_where_it_listens_and_who_holds_the_catalog(self):
        settings = self.of("eu-west-1-n2")
        self.assertEqual(settings["listen"], "127.20.2.2:7000")
        self.assertEqual(settings["catalog"], "eu-west-1-n1@127.20.2.1:7000")
        self.assertEqual((settings["tablets"], settings["nodes"]), ("64", "4"))

    def test_nodes_lie_in_three_zones_and_on_hosts_of_their_own(self):
        nodes = [self.of(f"us-east-1-n{i}") for i in range(1, 5)]
        self.assertEqual([n["zone"][-1] for n in nodes], ["a", "b", "c", "a"])
        self.assertEqual(len({n["host"] for n in nodes}), 4)

    def test_a_router_has_no_data_and_names_its_credentials(self):
        settings = self.of("us-east-1-r1", (), "/etc/graticule/credentials")
        self.assertEqual(settings["credentials"], "/etc/graticule/credentials")
        self.assertNotIn("data", settings)
        self.assertNotIn("reuse_port", settings)

    def test_routers_that_share_a_port_reuse_it(self):
        self.layout = layout_make(Wish(("us-east-1",), shares_port=True), 20)
        self.assertEqual(self.of("us-east-1-r1")["reuse_port"], "yes")

    def test_an_extra_setting_wins(self):
        settings = self.of("us-east-1-n1", [("tablets", "8"), ("durability", "relaxed")])
        self.assertEqual((settings["tablets"], settings["durability"]), ("8", "relaxed"))

    def test_the_operator_has_a_key_and_no_place_of_its_own(self):
        settings = settings_read(admin_settings_of(self.layout, "eu-west-1"))
        self.assertEqual(settings["secret_key"], "keys/admin.secret")
        self.assertEqual(settings["catalog"], "eu-west-1-n1@127.20.2.1:7000")
        self.assertNotIn("listen", settings)

    def test_no_line_is_longer_than_a_settings_file_may_have(self):
        text = settings_of(self.layout, self.layout.member("us-east-1-n1"))
        self.assertLessEqual(max(map(len, text.splitlines())), 190)


if __name__ == "__main__":
    unittest.main()
