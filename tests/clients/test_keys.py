"""Keys: of every type, their bounds, and what is refused for them."""

from client_case import TableCase

SCHEMA = "The provided key element does not match the schema"
EMPTY = ("^One or more parameter values are not valid. The AttributeValue for a key attribute "
         "cannot contain an empty (string|binary) value. Key: {}$")
PARTITION_SIZE = ("^One or more parameter values were invalid: "
                  "Size of hashkey has exceeded the maximum size limit of2048 bytes$")
SORT_SIZE = ("^One or more parameter values were invalid: "
             "Aggregated size of all range keys has exceeded the size limit of 1024 bytes$")


class TextKeyTest(TableCase):
    sort = "sk:S"

    def key(self, partition, sort="s"):
        return {"pk": {"S": partition}, "sk": {"S": sort}}

    def check_key_refused(self, text, key):
        """By reads and deletions; a put is told otherwise."""
        with self.refused("ValidationException", text):
            self.get(key)
        with self.refused("ValidationException", text):
            self.delete(key)

    def check_item_refused(self, text, item):
        with self.refused("ValidationException", text):
            self.put(item)

    def test_a_partition_key_has_up_to_2048_bytes(self):
        item = self.key("p" * 2048)
        self.put(item)

        self.assertEqual(self.get(item)["Item"], item)
        self.check_item_refused(PARTITION_SIZE, self.key("p" * 2049))
        self.check_key_refused(PARTITION_SIZE, self.key("p" * 2049))

    def test_sizes_are_of_bytes_not_characters(self):
        item = self.key("é" * 1024)
        self.put(item)

        self.assertEqual(self.get(item)["Item"], item)
        self.check_item_refused(PARTITION_SIZE, self.key("é" * 1024 + "x"))

    def test_a_sort_key_has_up_to_1024_bytes(self):
        item = self.key("p", "s" * 1024)
        self.put(item)

        self.assertEqual(self.get(item)["Item"], item)
        self.check_item_refused(SORT_SIZE, self.key("p", "s" * 1025))
        self.check_key_refused(SORT_SIZE, self.key("p", "s" * 1025))

    def test_a_key_is_not_empty(self):
        for key, name in ((self.key(""), "pk"), (self.key("p", ""), "sk")):
            with self.subTest(name=name):
                self.check_item_refused(EMPTY.format(name), key)
                self.check_key_refused(EMPTY.format(name), key)

    def test_an_item_has_its_keys(self):
        text = "^One or more parameter values were invalid: Missing the key {} in the item$"
        self.check_item_refused(text.format("pk"), {"sk": {"S": "s"}})
        self.check_item_refused(text.format("sk"), {"pk": {"S": "p"}})
        self.check_item_refused(text.format("(pk|sk)"), {})

    def test_an_items_keys_have_the_tables_types(self):
        text = ("^One or more parameter values were invalid: "
                "Type mismatch for key {} expected: S actual: {}$")
        self.check_item_refused(text.format("pk", "N"), {"pk": {"N": "1"}, "sk": {"S": "s"}})
        self.check_item_refused(text.format("sk", "B"), {"pk": {"S": "p"}, "sk": {"B": b"1"}})
        self.check_item_refused(text.format("pk", "NULL"), {"pk": {"NULL": True}, "sk": {"S": "s"}})

    def test_a_key_names_no_more_and_no_less_than_the_tables_keys(self):
        text = f"{SCHEMA}|The number of conditions on the keys is invalid"
        self.check_key_refused(text, {"pk": {"S": "p"}})
        self.check_key_refused(text, {"sk": {"S": "s"}})
        self.check_key_refused(text, {**self.key("p"), "more": {"S": "m"}})
        self.check_key_refused(text, {"pk": {"S": "p"}, "other": {"S": "s"}})
        self.check_key_refused(text, {})

    def test_a_key_has_the_tables_types(self):
        self.check_key_refused(SCHEMA, {"pk": {"N": "1"}, "sk": {"S": "s"}})
        self.check_key_refused(SCHEMA, {"pk": {"S": "p"}, "sk": {"N": "1"}})

    def test_items_of_one_partition_are_apart(self):
        first, second = self.key(self.id(), "a"), self.key(self.id(), "b")
        self.put({**first, "v": {"S": "1"}})
        self.put({**second, "v": {"S": "2"}})
        self.delete(first)

        self.assertNotIn("Item", self.get(first))
        self.assertEqual(self.get(second)["Item"]["v"], {"S": "2"})

    def test_where_one_key_ends_and_the_next_begins_counts(self):
        self.put({**self.key("ab", "c"), "v": {"S": "1"}})
        self.put({**self.key("a", "bc"), "v": {"S": "2"}})

        self.assertEqual(self.get(self.key("ab", "c"))["Item"]["v"], {"S": "1"})
        self.assertEqual(self.get(self.key("a", "bc"))["Item"]["v"], {"S": "2"})


class NumberKeyTest(TableCase):
    partition = "pk:N"
    sort = "sk:N"

    def key(self, partition, sort="0"):
        return {"pk": {"N": partition}, "sk": {"N": sort}}

    def test_numbers_of_equal_value_are_one_key(self):
        for number in ("1", "1.0", "1e0", "10e-1", "0.01E2", "001"):
            with self.subTest(number=number):
                old = self.put(self.key(number), ReturnValues="ALL_OLD")
                self.assertEqual("Attributes" in old, number != "1")
        self.assertEqual(self.get(self.key("1.00"))["Item"], self.key("1"))

        self.delete(self.key("1e0"))

        self.assertNotIn("Item", self.get(self.key("1")))

    def test_zero_has_no_sign(self):
        self.put(self.key("2", "-0"))

        self.assertEqual(self.get(self.key("2", "0"))["Item"], self.key("2", "0"))

    def test_numbers_of_all_sizes_are_keys(self):
        for number in ("-1", "1E125", "-1E125", "1E-130", "-1E-130", "1" * 38, "-0.5"):
            with self.subTest(number=number):
                self.put({**self.key(number), "v": {"S": number}})
        for number in ("-1", "1E125", "-1E125", "1E-130", "-1E-130", "1" * 38, "-0.5"):
            with self.subTest(number=number):
                self.assertEqual(self.get(self.key(number))["Item"]["v"], {"S": number})

    def test_numbers_one_digit_apart_are_two_keys(self):
        low, high = "9" * 37 + "8", "9" * 38
        self.put({**self.key(low), "v": {"S": "low"}})
        self.put({**self.key(high), "v": {"S": "high"}})

        self.assertEqual(self.get(self.key(low))["Item"]["v"], {"S": "low"})

    def test_what_is_no_number_is_no_key(self):
        with self.refused("ValidationException", "cannot be converted to a numeric value: one"):
            self.get(self.key("one"))
        with self.refused("ValidationException", "cannot be converted to a numeric value"):
            self.get(self.key(""))


class BinaryKeyTest(TableCase):
    partition = "pk:B"
    sort = "sk:B"

    def key(self, partition, sort=b"s"):
        return {"pk": {"B": partition}, "sk": {"B": sort}}

    def test_any_bytes_are_keys(self):
        for content in (b"\x00", b"\x00\x00", b"\xff", b"\xff\xff", bytes(range(256))):
            with self.subTest(content=content):
                self.put(self.key(content, content[::-1]))
        for content in (b"\x00", b"\x00\x00", b"\xff", b"\xff\xff", bytes(range(256))):
            with self.subTest(content=content):
                key = self.key(content, content[::-1])
                self.assertEqual(self.get(key)["Item"], key)

    def test_sizes_are_of_the_bytes_not_of_their_base64(self):
        key = self.key(b"\x00" * 2048, b"\xff" * 1024)
        self.put(key)

        self.assertEqual(self.get(key)["Item"], key)
        with self.refused("ValidationException", PARTITION_SIZE):
            self.put(self.key(b"\x00" * 2049))
        with self.refused("ValidationException", SORT_SIZE):
            self.put(self.key(b"p", b"\x00" * 1025))

    def test_a_key_is_not_empty(self):
        with self.refused("ValidationException", EMPTY.format("pk")):
            self.put(self.key(b""))
