import os
import unittest

import fixture

from localcluster.program import ProgramError, program_find


class ProgramTest(unittest.TestCase):
    def test_a_program_that_is_named_is_taken_by_its_whole_path(self):
        relative = os.path.relpath(fixture.FAKE_PROGRAM)
        self.assertEqual(program_find(relative, False), fixture.FAKE_PROGRAM)

    def test_a_program_that_is_not_there_is_told_and_not_built(self):
        with self.assertRaises(ProgramError):
            program_find("/nowhere/graticule", False)

    def test_what_cannot_be_run_is_no_program(self):
        with self.assertRaises(ProgramError):
            program_find(os.path.join(fixture.HERE, "fixture.py"), False)


if __name__ == "__main__":
    unittest.main()
