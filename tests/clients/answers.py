"""What the endpoint answered, as text that is the same for every endpoint that behaves the same.

What must differ between two runs is masked: the names of tables, ids, dates, addresses, lengths
of waiting.
"""

import re
import threading

import endpoint

MASKS = (
    (re.compile(r"\d{8}T\d{6}Z"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r'"(\w+DateTime)": ?[0-9.eE+]+'), r'"\1":TIME'),
    (re.compile(r"<RequestId>[^<]*</RequestId>"), "<RequestId/>"),
    (re.compile(r"(?<![\dv_])20\d{6}(?!\d)"), "DATE"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), "HASH"),
    (re.compile(r"\b(127(\.\d+){3}|localhost)(:\d+)?"), "HOST"),
)
LENGTH_MAX = 4096

lines = []
test_name = ""
unnoted_count = 0  # how many Unnoted are entered, by whatever threads
unnoted_lock = threading.Lock()


def mask(text):
    text = text.replace(endpoint.current.run_name, "RUN")
    text = text.replace(endpoint.current.run_name.upper(), "RUN")
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def note(kind, status, body):
    if unnoted_count == 0:
        text = body[:LENGTH_MAX].decode("utf-8", "backslashreplace").replace("\n", "\\n")
        lines.append(f"{test_name} {kind} {status} {mask(text)}")


class Unnoted:
    """Answers whose number is up to chance, such as those of polling, are not noted in here."""

    def __enter__(self):
        global unnoted_count
        with unnoted_lock:
            unnoted_count += 1

    def __exit__(self, *_):
        global unnoted_count
        with unnoted_lock:
            unnoted_count -= 1


def save(path):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in sorted(lines))
