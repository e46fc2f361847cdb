import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)),
                             "..", "..", "..", "npm"))

import packages     # noqa: E402


class PackagesTest(unittest.TestCase):
    def test_versions_of_node_compare_as_numbers(self):
        self.assertEqual(packages.node_version("v20.10.0"), (20, 10))
        self.assertLess(packages.node_version("v9.99.1"), packages.NODE_VERSION_MIN)

    def test_a_registry_that_is_not_reached_is_told_from_what_npm_says(self):
        for code in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "E503",
                     "ERR_SOCKET_TIMEOUT"):
            for said in ("npm error", "npm ERR!"):
                output = f"{said} code {code}\n{said} errno {code}\n"
                self.assertTrue(packages.is_unreachable(output), output)

    def test_a_mistake_in_the_lock_file_is_no_matter_of_the_registry(self):
        for code in ("EUSAGE", "EINTEGRITY", "E404", "ETARGET"):
            self.assertFalse(packages.is_unreachable(f"npm error code {code}\n"), code)

    def test_without_node_and_npm_nothing_can_be_tested(self):
        path, os.environ["PATH"] = os.environ["PATH"], "/nowhere"
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        with self.assertRaisesRegex(packages.Missing, "node is missing"):
            packages.require_node()


if __name__ == "__main__":
    unittest.main()
