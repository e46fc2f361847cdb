import os
import subprocess
import sys
import tempfile
import unittest

TIDY = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "..", "tidy", "tidy.py")

CLEAN = {
    "CMakeLists.txt": "graticule_library(low)\ngraticule_library(high low)\nadd_executable(x main.c)\n",
    "tests/tidy/layers.txt": "low:\nhigh: low\n<special.h>: low\ntests: low high\n",
    "tests/tidy/ratchet.txt": "",
    "low/low.h": "#pragma once\n",
    "low/low.c": '#include "low/low.h"\n\n#include <special.h>\n',
    "high/high.c": '#include "low/low.h"\n\nint high(void)\n{\n    return 1;\n}\n',
}


def function_of(line_count):
    return "int long_one(int x)\n{\n" + "    x++;\n" * (line_count - 4) + "    return x;\n}\n"


class TidyTest(unittest.TestCase):
    def tidy(self, changes):
        """What tidy.py says of the clean tree with these files put in, and its exit status."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**CLEAN, **changes}.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            done = subprocess.run([sys.executable, TIDY, "--root", root], capture_output=True,
                                  text=True, check=False)
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines(), done.returncode

    def assert_fault(self, place, word, changes):
        lines, status = self.tidy(changes)
        self.assertEqual(len(lines), 2, lines)
        self.assertTrue(lines[0].startswith(place + ": "), lines)
        self.assertIn(word, lines[0])
        self.assertEqual(status, 1)

    def assert_clean(self, changes):
        lines, status = self.tidy(changes)
        self.assertEqual((lines, status), (["tidy: 0 faults"], 0))

    def test_a_clean_tree_has_no_faults(self):
        self.assert_clean({})

    def test_a_lower_folder_must_not_include_a_higher_one(self):
        self.assert_fault("low/low.c:2", "not for low", {
            "high/high.h": "#pragma once\n",
            "low/low.c": '#include "low/low.h"\n#include "high/high.h"\n'})

    def test_a_folder_without_a_line_may_include_nothing(self):
        self.assert_fault("other/other.c:1", "not for other", {
            "CMakeLists.txt": CLEAN["CMakeLists.txt"] + "graticule_library(other)\n",
            "other/other.c": '#include "low/low.h"\n'})

    def test_the_most_special_line_counts(self):
        layers = CLEAN["tests/tidy/layers.txt"] + "high/pure:\n"
        self.assert_fault("high/pure/pure.c:1", "not for high/pure", {
            "CMakeLists.txt": CLEAN["CMakeLists.txt"] + "graticule_library(high/pure)\n",
            "tests/tidy/layers.txt": layers,
            "high/pure/pure.c": '#include "low/low.h"\n'})

    def test_a_line_may_allow_a_single_header(self):
        layers = "low: high/open.h\nhigh: low\n<special.h>: low\n"
        tree = {"tests/tidy/layers.txt": layers, "high/open.h": "#pragma once\n",
                "low/low.c": '#include "high/open.h"\n#include "low/low.h"\n'}
        self.assert_clean(tree)
        self.assert_fault("low/low.c:3", "not for low", {
            **tree, "high/other.h": "#pragma once\n",
            "low/low.c": tree["low/low.c"] + '#include "high/other.h"\n'})

    def test_the_private_header_of_another_folder_is_foreign(self):
        self.assert_fault("high/high.c:1", "private to low", {
            "low/low_private.h": "#pragma once\n",
            "high/high.c": '#include "low/low_private.h"\n'})

    def test_a_private_header_is_for_its_folder_and_its_unit_tests(self):
        self.assert_clean({
            "low/low_private.h": "#pragma once\n",
            "low/low.c": '#include "low/low.h"\n#include "low/low_private.h"\n',
            "tests/unit/low/low_test.c": '#include "low/low_private.h"\n'})

    def test_includes_are_paths_from_the_root(self):
        self.assert_fault("low/low.c:2", "not there", {
            "low/low.c": '#include "low/low.h"\n#include "low.h"\n'})
        self.assert_fault("high/high.c:1", "from the root", {
            "high/high.c": '#include "../low/low.h"\n'})

    def test_a_librarys_header_is_for_the_folders_named(self):
        self.assert_fault("high/high.c:1", "<special.h>", {"high/high.c": "#include <special.h>\n"})

    def test_generated_messages_count_as_proto(self):
        layers = "low:\nproto: low\nhigh: low proto\n<special.h>: low\n"
        message = '#include "proto/schema/a.pb-c.h"\n'
        self.assert_clean({"tests/tidy/layers.txt": layers, "high/high.c": message})
        self.assert_fault("low/low.c:2", "not for low", {
            "tests/tidy/layers.txt": layers, "low/low.c": '#include "low/low.h"\n' + message})

    def test_a_header_that_nobody_includes_is_told(self):
        self.assert_fault("low/lonely.h:1", "nobody includes", {"low/lonely.h": "#pragma once\n"})

    def test_a_source_that_nothing_compiles_is_told(self):
        self.assert_fault("tests/fuzz/fuzz_low.c:1", "nothing compiles", {
            "tests/fuzz/fuzz_low.c": "int x;\n"})
        self.assert_fault("tests/unit/low/helper.c:1", "nothing compiles", {
            "tests/unit/low/helper.c": "int x;\n"})

    def test_what_only_a_comment_of_the_build_names_is_not_compiled(self):
        self.assert_fault("odd/odd.c:1", "nothing compiles", {
            "CMakeLists.txt": CLEAN["CMakeLists.txt"] + "# odd/odd.c\n", "odd/odd.c": "int x;\n"})

    def test_a_function_that_is_too_long_is_told_with_its_place(self):
        self.assert_clean({"low/low.c": '#include "low/low.h"\n' + function_of(70)})
        self.assert_fault("low/low.c:3", "long_one() of 71 lines", {
            "low/low.c": '#include "low/low.h"\n\n' + function_of(71)})

    def test_a_file_that_is_too_long_is_told(self):
        self.assert_clean({"low/low.c": '#include "low/low.h"\n' + "int x;\n" * 599})
        self.assert_fault("low/low.c:1", "601 lines", {
            "low/low.c": '#include "low/low.h"\n' + "int x;\n" * 600})

    def test_the_ratchet_lets_sizes_stay_and_shrink_but_not_grow(self):
        ratchet = {"tests/tidy/ratchet.txt": "# why\nfunction low/low.c long_one 80\n"}
        text = '#include "low/low.h"\n'
        self.assert_clean({**ratchet, "low/low.c": text + function_of(80)})
        self.assert_clean({**ratchet, "low/low.c": text + function_of(75)})
        self.assert_fault("low/low.c:2", "80 before", {**ratchet, "low/low.c": text + function_of(81)})

    def test_the_ratchet_holds_nothing_that_is_within_its_bound(self):
        self.assert_fault("tests/tidy/ratchet.txt:1", "take the line out", {
            "tests/tidy/ratchet.txt": "file low/low.c 700\n"})

    def test_what_no_file_may_have_in_it_is_told(self):
        for line, word in ((b"\x09int x;".decode(), "a tab"),
                           ("int x; ", "blanks at the end"),
                           ("int x" + " " * 95 + ";", "101 columns"),
                           ("int x; /" + "/ no", "another form"),
                           ("/* TO" + "DO: later */", "names no issue")):
            self.assert_fault("low/low.c:2", word, {"low/low.c": f'#include "low/low.h"\n{line}\n'})

    def test_a_file_ends_with_a_line_break(self):
        self.assert_fault("low/low.h:1", "line break", {"low/low.h": "#pragma once"})

    def test_jumps_and_sleeps_are_told(self):
        self.assert_fault("low/low.c:3", "goto", {"low/low.c": '#include "low/low.h"\n\ngoto end;\n'})
        self.assert_fault("tests/unit/low/low_test.c:1", "sleeps", {
            "tests/unit/low/low_test.c": "usleep(5);\n"})

    def test_words_in_comments_and_strings_are_only_words(self):
        self.assert_clean({"low/low.c": '#include "low/low.h"\n'
                                        '/* goto http://x */ const char *a = "goto // \\" goto";\n'
                                        "char b = '\"'; /* " + "TO" + "DO(#12) it's done */\n"})

    def test_what_is_built_or_hidden_is_not_looked_at(self):
        self.assert_clean({"build/low.c": "goto\n", ".hidden/low.c": "goto\n"})


if __name__ == "__main__":
    unittest.main()
