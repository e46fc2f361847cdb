import os
import stat
import unittest

import fixture

from localcluster.keys import KeyMakingError, credentials_make, keys_make
from localcluster.layout import Wish, layout_make


class KeysTest(fixture.DirectoryCase):
    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def known_count(self):
        with open(self.path("keys", "known_keys"), encoding="ascii") as file:
            return len(file.readlines())

    def test_every_process_and_the_operator_get_a_key_and_are_known(self):
        keys_make(fixture.FAKE_PROGRAM, self.directory, layout_make(Wish(("us-east-1",)), 20))
        for name in ("us-east-1-r1", "admin"):
            self.assertTrue(os.path.exists(self.path("keys", f"{name}.secret")))
        self.assertEqual(self.known_count(), 5)

    def test_a_key_that_exists_is_not_made_anew(self):
        for _ in range(2):
            keys_make(fixture.FAKE_PROGRAM, self.directory, layout_make(Wish(("us-east-1",)), 20))
        self.assertEqual(self.known_count(), 5)

    def test_a_program_that_makes_no_key_is_told(self):
        with self.assertRaises(KeyMakingError):
            keys_make("/bin/false", self.directory, layout_make(Wish(("us-east-1",)), 20))

    def test_only_the_owner_may_read_keys_and_credentials(self):
        keys_make(fixture.FAKE_PROGRAM, self.directory, layout_make(Wish(("us-east-1",)), 20))
        credentials_make(self.directory)
        for path in (self.path("keys"), self.path("credentials")):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode) & 0o077, 0)


if __name__ == "__main__":
    unittest.main()
