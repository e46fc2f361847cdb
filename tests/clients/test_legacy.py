"""Expected, AttributeUpdates and AttributesToGet, of before there were expressions."""

from client_case import TableCase

FAILED = "ConditionalCheckFailedException"


class LegacyTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}
        self.item = {**self.key, "n": {"N": "5"}, "s": {"S": "hello"}, "t": {"SS": ["a", "b"]}}
        self.put(self.item)

    def test_expected_values(self):
        for expected, holds in (
                ({"n": {"Value": {"N": "5.0"}}}, True),
                ({"n": {"Value": {"N": "6"}}}, False),
                ({"n": {"Value": {"N": "5"}, "Exists": True}}, True),
                ({"none": {"Exists": False}}, True),
                ({"n": {"Exists": False}}, False)):
            with self.subTest(expected=expected):
                if holds:
                    self.put(self.item, Expected=expected)
                else:
                    with self.refused(FAILED, "^The conditional request failed$"):
                        self.put(self.item, Expected=expected)

    def test_expected_comparisons(self):
        for attribute, operator, values, holds in (
                ("n", "EQ", [{"N": "5"}], True), ("n", "NE", [{"N": "5"}], False),
                ("n", "LE", [{"N": "5"}], True), ("n", "LT", [{"N": "5"}], False),
                ("n", "GE", [{"N": "6"}], False), ("n", "GT", [{"N": "4"}], True),
                ("n", "BETWEEN", [{"N": "4"}, {"N": "6"}], True),
                ("n", "IN", [{"N": "4"}, {"N": "6"}], False),
                ("s", "BEGINS_WITH", [{"S": "hel"}], True),
                ("s", "CONTAINS", [{"S": "ell"}], True), ("t", "CONTAINS", [{"S": "c"}], False),
                ("t", "NOT_CONTAINS", [{"S": "c"}], True),
                ("n", "NULL", None, False), ("none", "NULL", None, True),
                ("n", "NOT_NULL", None, True)):
            expected = {attribute: {"ComparisonOperator": operator}}
            if values is not None:
                expected[attribute]["AttributeValueList"] = values
            with self.subTest(expected=expected):
                if holds:
                    self.put(self.item, Expected=expected)
                else:
                    with self.refused(FAILED):
                        self.put(self.item, Expected=expected)

    def test_several_are_joined(self):
        expected = {"n": {"Value": {"N": "6"}}, "s": {"Value": {"S": "hello"}}}
        with self.refused(FAILED):
            self.delete(self.key, Expected=expected)
        with self.refused(FAILED):
            self.delete(self.key, Expected=expected, ConditionalOperator="AND")
        self.delete(self.key, Expected=expected, ConditionalOperator="OR")
        self.assertNotIn("Item", self.get(self.key))

    def test_what_makes_no_sense_is_refused(self):
        one = {"Value": {"N": "1"}}
        for parameters, text in (
                ({"Expected": {"n": {"Exists": True}}}, "Value must be provided when Exists is "
                                                        "true for Attribute: n"),
                ({"Expected": {"n": {}}}, "Value must be provided when Exists is null"),
                ({"Expected": {"n": {"Exists": False, **one}}}, "Value cannot be used when Exists "
                                                                "is false"),
                ({"Expected": {"n": {"ComparisonOperator": "EQ", "AttributeValueList": []}}},
                 "Invalid number of argument"),
                ({"Expected": {"n": {"ComparisonOperator": "LIKE"}}}, "enum value set"),
                ({"Expected": {"n": one}, "ConditionalOperator": "OR"}, "two or more elements"),
                ({"ConditionalOperator": "OR"}, "cannot be used without Filter or Expected")):
            with self.subTest(parameters=parameters):
                with self.refused("ValidationException", text):
                    self.put(self.key, **parameters)
        self.assertEqual(self.get(self.key)["Item"], self.item)

    def update(self, updates, **others):
        return self.dynamodb.update_item(TableName=self.table, Key=self.key,
                                         AttributeUpdates=updates, **others)

    def test_attribute_updates(self):
        answer = self.update({
            "n": {"Action": "ADD", "Value": {"N": "1"}}, "s": {"Action": "DELETE"},
            "t": {"Action": "DELETE", "Value": {"SS": ["a"]}},
            "l": {"Action": "ADD", "Value": {"L": [{"S": "x"}]}},
            "new": {"Value": {"M": {}}}}, ReturnValues="ALL_NEW")

        self.assertEqual(answer["Attributes"], {
            **self.key, "n": {"N": "6"}, "t": {"SS": ["b"]}, "l": {"L": [{"S": "x"}]},
            "new": {"M": {}}})

    def test_updates_may_be_conditional(self):
        put = {"n": {"Action": "PUT", "Value": {"N": "7"}}}
        with self.refused(FAILED):
            self.update(put, Expected={"n": {"Value": {"N": "6"}}})
        self.update(put, Expected={"n": {"Value": {"N": "5"}}})
        self.assertEqual(self.get(self.key)["Item"]["n"], {"N": "7"})

    def test_updates_that_make_no_sense_are_refused(self):
        for updates, text in (
                ({"a": {"Action": "PUT"}}, "Only DELETE action is allowed when no attribute value"),
                ({"a": {"Action": "ADD", "Value": {"S": "x"}}}, "ADD action is not supported for "
                                                                "the type S"),
                ({"a": {"Action": "DELETE", "Value": {"S": "x"}}}, "DELETE action with value is "
                                                                   "not supported for the type S"),
                ({"n": {"Action": "ADD", "Value": {"SS": ["x"]}}}, "Type mismatch for attribute to update"),
                ({"pk": {"Value": {"S": "x"}}}, "Cannot update attribute pk. This attribute is "
                                                "part of the key")):
            with self.subTest(updates=updates):
                with self.refused("ValidationException", text):
                    self.update(updates)
        with self.refused("ValidationException", "Can not use both expression and non-expression"):
            self.update({"s": {"Action": "DELETE"}}, UpdateExpression="REMOVE s")
        self.assertEqual(self.get(self.key)["Item"], self.item)

    def test_attributes_to_get(self):
        answer = self.get(self.key, AttributesToGet=["n", "none"])

        self.assertEqual(answer["Item"], {"n": {"N": "5"}})
