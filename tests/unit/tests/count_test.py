import os
import subprocess
import sys
import tempfile
import unittest

COUNT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "count.py")


def test_of(status="run", output="", inside=""):
    return (f'<testcase name="t" status="{status}">{inside}'
            f"<system-out>{output}</system-out></testcase>")


class CountTest(unittest.TestCase):
    def count(self, *tests, options=()):
        """What count.py prints of a file with these tests, and its exit status."""
        with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
            file.write(f"<testsuite>{''.join(tests)}</testsuite>")
            file.flush()
            done = subprocess.run([sys.executable, COUNT, *options, file.name],
                                  capture_output=True, text=True, check=False)
        return done.stdout.strip(), done.returncode

    def test_the_cases_of_a_cmocka_program_are_counted(self):
        output = "[  PASSED  ] 3 test(s).\n[  SKIPPED ] 1 test(s), listed below:\n"
        self.assertEqual(self.count(test_of(output=output)), ("3 passed, 0 failed, 1 skipped", 0))

    def test_cmocka_programs_with_several_groups_are_counted_whole(self):
        output = "[  PASSED  ] 3 test(s).\n[  PASSED  ] 4 test(s).\n"
        self.assertEqual(self.count(test_of(output=output)), ("7 passed, 0 failed, 0 skipped", 0))

    def test_the_cases_of_a_unittest_program_are_counted(self):
        output = "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n"
        self.assertEqual(self.count(test_of("fail", output)), ("2 passed, 2 failed, 1 skipped", 1))

    def test_the_cases_of_a_node_program_are_counted(self):
        output = "# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n"
        self.assertEqual(self.count(test_of("fail", output)), ("5 passed, 2 failed, 2 skipped", 1))

    def test_a_node_program_that_does_not_come_to_its_end_is_a_failure(self):
        output = "ok 1 - a case\n"
        self.assertEqual(self.count(test_of("fail", output)), ("0 passed, 1 failed, 0 skipped", 1))

    def test_any_other_test_is_one_case(self):
        self.assertEqual(self.count(test_of(), test_of("fail")),
                         ("1 passed, 1 failed, 0 skipped", 1))

    def test_a_program_that_fails_after_its_cases_passed_is_a_failure(self):
        output = "[  PASSED  ] 3 test(s).\nERROR: LeakSanitizer\n"
        self.assertEqual(self.count(test_of("fail", output)), ("3 passed, 1 failed, 0 skipped", 1))

    def test_a_program_that_is_missing_is_a_failure_and_no_skip(self):
        inside = '<skipped message="Unable to find executable"/>'
        self.assertEqual(self.count(test_of("notrun", inside=inside)),
                         ("0 passed, 1 failed, 0 skipped", 1))

    def test_a_test_that_skips_itself_or_is_disabled_is_skipped(self):
        inside = '<skipped message="SKIP_RETURN_CODE=77"/>'
        tests = [test_of(), test_of("notrun", inside=inside), test_of("disabled")]
        self.assertEqual(self.count(*tests),
                         ("1 passed, 0 failed, 2 skipped", 0))

    def test_failures_outside_of_the_files_are_added(self):
        self.assertEqual(self.count(test_of(), options=["--also-failed", "2"]),
                         ("1 passed, 2 failed, 0 skipped", 1))

    def test_counting_nothing_is_no_success(self):
        self.assertEqual(self.count(), ("0 passed, 0 failed, 0 skipped", 2))


if __name__ == "__main__":
    unittest.main()
