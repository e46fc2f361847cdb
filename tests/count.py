#!/usr/bin/env python3
"""Counts test cases in ctest's JUnit files, and prints `N passed, N failed, N skipped`.

A ctest test is a program, and most hold many cases. cmocka's, unittest's and node's programs say
how many, and are counted by case; any other test is one case. A program that failed while none of
its cases says so (it crashed, leaked, or ran out of time) is one failure more; one that could not
be run is a failure, and one that skipped itself, or is disabled, is skipped.

Exits with 1 when something failed, and with 2 when nothing was counted at all.
"""

import argparse
import re
import sys
import xml.etree.ElementTree

CMOCKA = {
    "passed": re.compile(r"^\[  PASSED  \] (\d+) test\(s\)", re.MULTILINE),
    "failed": re.compile(r"^\[  FAILED  \] (\d+) test\(s\)", re.MULTILINE),
    "skipped": re.compile(r"^\[  SKIPPED \] (\d+) test\(s\)", re.MULTILINE),
}
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
UNITTEST_END = re.compile(r"^(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)

NODE = {
    "passed": re.compile(r"^# pass (\d+)$", re.MULTILINE),
    "failed": re.compile(r"^# (?:fail|cancelled) (\d+)$", re.MULTILINE),
    "skipped": re.compile(r"^# (?:skipped|todo) (\d+)$", re.MULTILINE),
}


def _cases(patterns, output):
    """(passed, failed, skipped), or None when the program has not run to its end."""
    counts = [sum(map(int, pattern.findall(output))) for pattern in patterns.values()]
    return tuple(counts) if patterns["passed"].search(output) else None


def cases_of_cmocka(output):
    return _cases(CMOCKA, output)


def cases_of_node(output):
    """Of `node --test` with the TAP reporter."""
    return _cases(NODE, output)


def cases_of_unittest(output):
    """As above; of all runs, when there were several."""
    ran, ends = UNITTEST_RAN.findall(output), UNITTEST_END.findall(output)
    if not ran or len(ran) != len(ends):
        return None
    reasons = [pair for end in ends for pair in re.findall(r"(\w+)=(\d+)", end)]
    failed = sum(int(count) for what, count in reasons if what in ("failures", "errors"))
    skipped = sum(int(count) for what, count in reasons if what == "skipped")
    return max(sum(map(int, ran)) - failed - skipped, 0), failed, skipped


def cases_of_test(test):
    """(passed, failed, skipped) of one ctest test."""
    status = test.get("status")
    if status in ("notrun", "disabled"):
        skip = test.find("skipped")
        reason = skip.get("message", "") if skip is not None else ""
        has_skipped_itself = status == "disabled" or reason.startswith("SKIP_")
        return (0, 0, 1) if has_skipped_itself else (0, 1, 0)
    output = test.findtext("system-out") or ""
    has_failed = status != "run"
    cases = cases_of_cmocka(output) or cases_of_unittest(output) or cases_of_node(output)
    if cases is None:
        return (0, 1, 0) if has_failed else (1, 0, 0)
    passed, failed, skipped = cases
    return passed, failed + (has_failed and failed == 0), skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--also-failed", type=int, default=0, help="failures outside of the files")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    counts = [cases_of_test(test) for path in options.files
              for test in xml.etree.ElementTree.parse(path).iter("testcase")]
    passed, failed, skipped = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    failed += options.also_failed
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0 if passed else 2


if __name__ == "__main__":
    sys.exit(main())
