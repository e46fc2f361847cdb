"""What `graticule dev` refuses."""

import os
import subprocess
import sys
import tempfile
import unittest


class DevTest(unittest.TestCase):
    program = None

    def start(self, data, *arguments):
        return subprocess.Popen([self.program, "dev", "--port", "0", "--data", data, *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def check_serves(self, data, *arguments):
        with self.start(data, *arguments) as process:
            ready = process.stdout.readline()
            process.terminate()
            _, mistakes = process.communicate(timeout=60)
        self.assertTrue(ready.startswith("ready us-east-1 "), mistakes)
        self.assertEqual(process.returncode, 0)

    def test_the_tablets_of_a_region_are_as_they_were_made(self):
        with tempfile.TemporaryDirectory() as data:
            self.check_serves(data, "--tablets", "8")
            self.check_serves(data)
            self.check_serves(data, "--tablets", "8")

            with self.start(data, "--tablets", "32") as process:
                out, mistakes = process.communicate(timeout=60)

        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(out, "")
        self.assertEqual(mistakes,
                         f"graticule: {data} has regions of 8 tablets, not of --tablets 32\n")


if __name__ == "__main__":
    DevTest.program = os.path.abspath(sys.argv.pop())
    unittest.main()
