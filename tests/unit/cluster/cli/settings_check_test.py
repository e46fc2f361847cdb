"""What `graticule node` and `graticule router` say of mistakes in their settings files."""

import os
import subprocess
import sys
import tempfile
import unittest

NODE = {"name": "n1", "region": "us-east-1", "catalog": "n1@127.0.0.1:7000", "secret_key": "/nowhere/s",
        "known_keys": "/nowhere/k", "listen": "127.0.0.1:7000", "data": "/nowhere/d"}
ROUTER = {**{key: NODE[key] for key in ("name", "region", "catalog", "secret_key", "known_keys")},
          "http": "127.0.0.1:8000", "credentials": "/nowhere/c"}


class SettingsCheckTest(unittest.TestCase):
    program = None

    def mistakes_of(self, role, settings):
        """What is told, without the file's name."""
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.writelines(f"{key} = {value}\n" for key, value in settings.items())
            file.flush()
            done = subprocess.run([self.program, role, "--config", file.name], check=False,
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2, done.stderr)
            return done.stderr.replace(file.name, "FILE").splitlines()

    def check(self, role, settings, wrong):
        """Each of `wrong`, as {key: (value, what is told of it)}, alone and all together."""
        for key, (value, text) in wrong.items():
            with self.subTest(key=key, value=value):
                given = {**settings, key: value}
                line = list(given).index(key) + 1
                self.assertEqual(self.mistakes_of(role, given), [f'FILE:{line}: "{key}" {text}'])
        together = {**settings, **{key: value for key, (value, _) in wrong.items()}}
        self.assertEqual(len(self.mistakes_of(role, together)), len(wrong))

    def test_what_is_wrong_in_a_nodes_settings_is_told_with_its_line(self):
        self.check("node", NODE, {
            "catalog": ("n1@127.0.0.1", "is not name@host:port"),
            "listen": ("127.0.0.1", "is not address:port"),
            "advertise": ("somewhere:0", "is not address:port"),
            "tablets": ("3", "is not a power of two"),
            "durability": ("maybe", "is neither sync nor relaxed"),
        })

    def test_what_is_wrong_in_a_routers_settings_is_told_with_its_line(self):
        self.check("router", ROUTER, {
            "http": ("here", "is not address:port"),
            "account_id": ("12", "is not 12 digits"),
            "endpoint": ("http://here:1", "is not address:port"),
            "tls_key": ("/nowhere/t", "needs a tls_certificate too"),
        })

    def test_several_nodes_for_the_catalog_are_refused(self):
        given = {**NODE, "catalog": "n1@127.0.0.1:7000, n2@127.0.0.1:7001"}
        self.assertEqual(
            self.mistakes_of("node", given),
            ['FILE:3: "catalog" names several nodes, but the catalog has one copy as yet'])

    def test_settings_that_are_right_come_to_the_keys(self):
        for role, settings in (("node", NODE), ("router", ROUTER),
                               ("router", {**ROUTER, "http": "[::1]:0", "endpoint": "db.x:443"})):
            with self.subTest(role=role):
                self.assertEqual(self.mistakes_of(role, settings),
                                 ["/nowhere/s: cannot be read: there is no such thing"])


if __name__ == "__main__":
    SettingsCheckTest.program = os.path.abspath(sys.argv.pop())
    unittest.main()
