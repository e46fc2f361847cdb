"""Values of attributes: numbers and how they are printed, sets, nesting, sizes; refusals."""

from client_case import TableCase

ITEM_SIZE = "^Item size has exceeded the maximum allowed size$"
ITEM_SIZE_MAX = 409600


class ValueCase(TableCase):

    def check_refused(self, text, value):
        key = {"pk": {"S": self.id()}}
        with self.refused("ValidationException", text):
            self.put({**key, "value": value})
        self.assertNotIn("Item", self.get(key))


class NumberTest(ValueCase):

    def check_printed(self, given, printed):
        with self.subTest(given=given):
            self.assertEqual(self.stored({"N": given}), {"N": printed})

    def check_number_refused(self, text, *numbers):
        for number in numbers:
            with self.subTest(number=number):
                self.check_refused(text, {"N": number})

    def test_numbers_are_printed_in_their_shortest_form(self):
        for given, printed in (
                ("0042.1200", "42.12"), ("0", "0"), ("-0", "0"), ("0.000", "0"), ("-1.50", "-1.5"),
                ("1e3", "1000"), ("1E+3", "1000"), ("12e-1", "1.2"), (".5", "0.5"), ("5.", "5"),
                ("100", "100"), ("1E-3", "0.001"), ("-0.0e10", "0")):
            self.check_printed(given, printed)

    def test_no_exponent_is_printed(self):
        self.check_printed("1E125", "1" + "0" * 125)
        self.check_printed("-1e-130", "-0." + "0" * 129 + "1")

    def test_38_digits_are_kept(self):
        digits = "12345678901234567890123456789012345678"
        self.check_printed(digits, digits)
        self.check_printed("-0." + digits, "-0." + digits)
        self.check_printed(digits[:19] + "." + digits[19:], digits[:19] + "." + digits[19:])
        self.check_printed(digits + "000", digits + "000")
        self.check_printed("9." + "9" * 37 + "E+125", "9" * 38 + "0" * 88)

    def test_more_than_38_digits_are_refused(self):
        text = "^Attempting to store more than 38 significant digits in a Number$"
        self.check_number_refused(text, "1" * 39, "0." + "1" * 39, "1" + "0" * 37 + ".1")

    def test_too_large_numbers_are_refused(self):
        text = ("^Number overflow. Attempting to store a number with magnitude larger than "
                "supported range$")
        self.check_number_refused(text, "1E126", "-1E126", "1" + "0" * 126)

    def test_too_small_numbers_are_refused(self):
        text = ("^Number underflow. Attempting to store a number with magnitude smaller than "
                "supported range$")
        self.check_number_refused(text, "1E-131", "-1E-131")

    def test_what_is_no_number_is_refused(self):
        text = "^The parameter cannot be converted to a numeric value: "
        self.check_number_refused(text, "one", "1,5", "0x10", "NaN", "Infinity", "1e", "--1", "1 2")
        self.check_number_refused("^The parameter cannot be converted to a numeric value", "")


class SetTest(ValueCase):

    def test_sets_come_back_with_their_elements(self):
        for kind, elements in (("SS", ["b", "a", "ü"]), ("NS", ["3", "-1", "2.5"]),
                               ("BS", [b"\x01", b"\x00", b"\x00\x00"]), ("SS", [""])):
            with self.subTest(kind=kind):
                value = self.stored({kind: elements})
                self.assertEqual(list(value), [kind])
                self.assertEqual(sorted(value[kind]), sorted(elements))

    def test_numbers_in_sets_are_normalised(self):
        self.assertEqual(sorted(self.stored({"NS": ["1.0", "02"]})["NS"]), ["1", "2"])

    def test_empty_sets_are_refused(self):
        self.check_refused("An string set  may not be empty", {"SS": []})
        self.check_refused("An number set  may not be empty", {"NS": []})
        self.check_refused("Binary sets should not be empty", {"BS": []})

    def test_duplicates_are_refused(self):
        self.check_refused(r"Input collection \[a, a\] contains duplicates", {"SS": ["a", "a"]})
        self.check_refused("Input collection .*contains duplicates", {"BS": [b"a", b"a"]})

    def test_numbers_of_equal_value_are_duplicates(self):
        self.check_refused("Input collection .*contains duplicates", {"NS": ["1", "1.0"]})

    def test_nested_sets_are_checked_too(self):
        self.check_refused("may not be empty", {"L": [{"M": {"deep": {"SS": []}}}]})


class DocumentTest(ValueCase):

    def nested(self, depth, kind):
        value = {"S": "innermost"}
        for _ in range(depth):
            value = {"L": [value]} if kind == "L" else {"M": {"m": value}}
        return value

    def test_32_levels_are_fine_and_33_are_not(self):
        for kind in ("L", "M"):
            with self.subTest(kind=kind):
                value = self.nested(32, kind)
                self.assertEqual(self.stored(value), value)
                self.delete({"pk": {"S": self.id()}})
                self.check_refused("Nesting Levels have exceeded supported limits",
                                   self.nested(33, kind))

    def test_lists_keep_their_order_and_mix_types(self):
        value = {"L": [{"N": "2"}, {"S": ""}, {"NULL": True}, {"L": []}, {"M": {}}, {"N": "2"},
                       {"B": b"\x00"}, {"BOOL": False}, {"SS": ["x"]}]}

        self.assertEqual(self.stored(value), value)

    def test_empty_values_are_kept(self):
        for value in ({"S": ""}, {"B": b""}, {"L": []}, {"M": {}}):
            with self.subTest(value=value):
                self.assertEqual(self.stored(value), value)

    def test_binary_comes_back_byte_for_byte(self):
        for content in (bytes(range(256)), b"\x00", b"ab", b"abc", b"abcd"):
            with self.subTest(content=content):
                self.assertEqual(self.stored({"B": content}), {"B": content})

    def test_booleans_and_null_are_kept(self):
        for value in ({"BOOL": True}, {"BOOL": False}, {"NULL": True}):
            with self.subTest(value=value):
                self.assertEqual(self.stored(value), value)

    def test_null_is_true_whatever_was_said(self):
        self.assertEqual(self.stored({"NULL": False}), {"NULL": True})

    def test_a_value_without_type_is_refused(self):
        self.check_refused("^Supplied AttributeValue is empty, must contain exactly one of the "
                           "supported datatypes$", {})

    def test_a_value_of_two_types_is_refused(self):
        self.check_refused("^Supplied AttributeValue has more than one datatypes set, must contain "
                           "exactly one of the supported datatypes$", {"S": "a", "N": "1"})


class ItemSizeTest(ValueCase):
    """Names and values count, in bytes: 1 for `k`, 1 for `v`, the rest is the value's."""

    partition = "k:S"

    def item(self, key, value_size, character="x"):
        size = value_size // len(character.encode())
        return {"k": {"S": key}, "v": {"S": character * size}}

    def test_an_item_may_have_exactly_409600_bytes(self):
        rest = ITEM_SIZE_MAX - len("k") - len("exact") - len("v")
        item = self.item("exact", rest)
        self.put(item)

        self.assertEqual(self.get({"k": {"S": "exact"}})["Item"], item)

    def test_one_byte_more_is_refused_and_changes_nothing(self):
        key = {"k": {"S": "above"}}
        self.put(key)
        rest = ITEM_SIZE_MAX - len("k") - len("above") - len("v")

        with self.refused("ValidationException", ITEM_SIZE):
            self.put(self.item("above", rest + 1))

        self.assertEqual(self.get(key)["Item"], key)

    def test_utf8_counts_by_its_bytes(self):
        rest = ITEM_SIZE_MAX - len("k") - len("utf8") - len("v")
        self.put(self.item("utf8", rest // 2 * 2, "é"))

        with self.refused("ValidationException", ITEM_SIZE):
            self.put(self.item("utf8", rest // 2 * 2 + 2, "é"))

    def test_binary_counts_by_its_bytes(self):
        rest = ITEM_SIZE_MAX - len("k") - len("bytes") - len("v")
        item = {"k": {"S": "bytes"}, "v": {"B": b"\xff" * rest}}
        self.put(item)

        self.assertEqual(self.get({"k": {"S": "bytes"}})["Item"], item)
        with self.refused("ValidationException", ITEM_SIZE):
            self.put({**item, "v": {"B": b"\xff" * (rest + 1)}})

    def test_elements_of_lists_cost_one_and_lists_three(self):
        rest = ITEM_SIZE_MAX - len("k") - len("list") - len("v") - 3
        nulls = [{"NULL": True}] * 1000
        text = rest - 1000 * 2 - 1
        self.put({"k": {"S": "list"}, "v": {"L": [*nulls, {"S": "x" * text}]}})

        with self.refused("ValidationException", ITEM_SIZE):
            self.put({"k": {"S": "list"}, "v": {"L": [*nulls, {"S": "x" * (text + 1)}]}})

    def test_numbers_cost_a_byte_for_two_digits(self):
        # 123456 takes 1 + 3 bytes.
        rest = ITEM_SIZE_MAX - len("k") - len("number") - len("n") - 4 - len("v")
        item = {**self.item("number", rest), "n": {"N": "123456"}}
        self.put(item)

        with self.refused("ValidationException", ITEM_SIZE):
            self.put({**item, "n": {"N": "1234567"}})

    def test_a_large_old_item_is_answered_whole(self):
        item = self.item("old", ITEM_SIZE_MAX - 5)
        self.put(item)

        answer = self.delete({"k": {"S": "old"}}, ReturnValues="ALL_OLD")

        self.assertEqual(answer["Attributes"], item)
