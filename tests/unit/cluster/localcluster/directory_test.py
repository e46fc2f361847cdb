import os
import socket
import unittest

import fixture

from localcluster import directory as directories
from localcluster.layout import Wish

WISH = Wish(("us-east-1",), nodes=2)
NO_EXTRA = {"node": [], "router": []}


class DirectoryTest(fixture.DirectoryCase):
    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def test_a_directory_without_a_cluster_has_no_layout(self):
        self.assertIsNone(directories.layout_load(self.directory))

    def test_a_layout_is_there_after_it_was_saved_and_not_after_it_was_forgotten(self):
        layout = directories.layout_new(self.directory, WISH)
        directories.layout_save(self.directory, layout)
        self.assertEqual(directories.layout_load(self.directory), layout)
        directories.forget(self.directory)
        self.assertIsNone(directories.layout_load(self.directory))

    def test_a_directory_gets_the_same_addresses_each_time(self):
        layouts = [directories.layout_new(self.directory, WISH) for _ in range(2)]
        self.assertEqual(layouts[0], layouts[1])

    def test_a_network_on_which_something_listens_is_passed_over(self):
        taken = directories.layout_new(self.directory, WISH)
        with socket.socket() as sock:
            sock.bind((taken.members[0].host, taken.members[0].port))
            sock.listen()
            self.assertEqual(directories.addresses_in_use(taken), [taken.members[0].address])
            self.assertNotEqual(directories.layout_new(self.directory, WISH).network, taken.network)

    def test_every_process_and_the_operator_get_settings(self):
        layout = directories.layout_new(self.directory, WISH)
        directories.files_write(self.directory, layout, NO_EXTRA, "credentials")
        self.assertEqual(sorted(os.listdir(self.path("config"))),
                         ["us-east-1-admin.conf", "us-east-1-n1.conf", "us-east-1-n2.conf",
                          "us-east-1-r1.conf"])

    def test_the_logs_of_an_earlier_life_are_put_aside(self):
        layout = directories.layout_new(self.directory, WISH)
        directories.files_write(self.directory, layout, NO_EXTRA, "credentials")
        with open(self.path("logs", "us-east-1-n1.log"), "w", encoding="ascii") as file:
            file.write("long ago\n")
        directories.files_write(self.directory, layout, NO_EXTRA, "credentials")
        self.assertEqual(os.listdir(self.path("logs")), ["us-east-1-n1.log.old"])

    def test_the_tail_of_a_log_is_its_last_lines(self):
        with open(self.path("log"), "w", encoding="ascii") as file:
            file.write("".join(f"{i}\n" for i in range(100)))
        self.assertEqual(directories.log_tail(self.path("log"), 2), ["98", "99"])
        self.assertEqual(directories.log_tail(self.path("none")), [])


if __name__ == "__main__":
    unittest.main()
