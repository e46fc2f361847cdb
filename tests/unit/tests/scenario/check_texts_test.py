import os
import subprocess
import sys
import tempfile
import unittest

CHECK = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                     "..", "..", "..", "scenario", "check_texts.py")


class CheckTextsTest(unittest.TestCase):
    def check(self, listed, scenario):
        """What check_texts.py prints of a folder with these files, and its exit status."""
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "deep"))
            for name, text in (("error_texts.txt", listed), ("deep/a.scenario", scenario)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            done = subprocess.run([sys.executable, CHECK, folder],
                                  capture_output=True, text=True, check=False)
        return done.stdout.splitlines(), done.returncode

    def test_a_text_that_is_expected_is_fine(self):
        lines, code = self.check("# Heading\n\nToo bad\n",
                                 'get t {}\n    -> ValidationException "Oh: Too bad"\n')
        self.assertEqual((lines, code), (["1 of 1 texts are expected by scenarios"], 0))

    def test_a_text_that_nobody_expects_is_told(self):
        lines, code = self.check("Too bad\nToo good\n", 'get t {} -> ValidationException "Too bad"\n')
        self.assertEqual(lines[0], "no scenario expects: Too good")
        self.assertEqual(code, 1)

    def test_a_text_in_another_place_is_not_expected(self):
        lines, code = self.check("Too bad\n", '# Too bad\nput t {a: "Too bad"} -> ok\n')
        self.assertEqual(code, 1)

    def test_stars_and_quotes_are_understood(self):
        lines, code = self.check('The "SET" * twice\n',
                                 'get t {} -> Exception like "The \\"SET\\" stands twice"\n')
        self.assertEqual(code, 0)

    def test_a_second_expectation_counts_too(self):
        lines, code = self.check("Too bad\n", 'get t {} -> 400 and ValidationException "Too bad"\n')
        self.assertEqual(code, 0)

    def test_an_empty_list_is_no_list(self):
        self.assertEqual(self.check("# Nothing\n", "")[1], 1)


if __name__ == "__main__":
    unittest.main()
