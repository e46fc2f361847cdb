"""UpdateItem through boto3."""

import concurrent.futures
import decimal

import answers
from client_case import TableCase
from boto_resource import make_resource


class UpdateTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}

    def update(self, expression=None, values=None, names=None, **others):
        if expression is not None:
            others["UpdateExpression"] = expression
        if values:
            others["ExpressionAttributeValues"] = values
        if names:
            others["ExpressionAttributeNames"] = names
        return self.dynamodb.update_item(TableName=self.table, Key=self.key, **others)

    def stored_item(self):
        return self.get(self.key).get("Item")

    def test_an_update_of_a_missing_item_makes_it(self):
        self.update("SET a = :a", {":a": {"S": "x"}})

        self.assertEqual(self.stored_item(), {**self.key, "a": {"S": "x"}})

    def test_an_update_without_expression_makes_an_item_of_the_key(self):
        self.update()

        self.assertEqual(self.stored_item(), self.key)

    def test_each_clause_does_what_its_name_says(self):
        self.put({**self.key, "n": {"N": "1"}, "gone": {"S": "x"}, "set": {"SS": ["a", "b"]},
                  "list": {"L": [{"N": "1"}]}})

        self.update(
            "SET #l = list_append(#l, :two), fresh = if_not_exists(fresh, :n) "
            "REMOVE gone ADD n :n DELETE #s :b",
            {":two": {"L": [{"N": "2"}]}, ":n": {"N": "5"}, ":b": {"SS": ["b"]}},
            {"#l": "list", "#s": "set"})

        self.assertEqual(self.stored_item(), {
            **self.key, "n": {"N": "6"}, "set": {"SS": ["a"]}, "fresh": {"N": "5"},
            "list": {"L": [{"N": "1"}, {"N": "2"}]}})

    def test_operands_mean_the_item_as_it_was(self):
        self.put({**self.key, "a": {"N": "1"}, "b": {"N": "2"}})

        self.update("SET a = b, b = a")

        self.assertEqual(self.stored_item(), {**self.key, "a": {"N": "2"}, "b": {"N": "1"}})

    def test_documents_are_changed_within(self):
        self.put({**self.key, "m": {"M": {"l": {"L": [{"M": {"x": {"N": "1"}}}]}}}})

        self.update("SET m.l[0].x = m.l[0].x + :one, m.l[5] = :one", {":one": {"N": "1"}})

        self.assertEqual(self.stored_item()["m"], {"M": {"l": {"L": [
            {"M": {"x": {"N": "2"}}}, {"N": "1"}]}}})

    def test_return_values(self):
        self.put({**self.key, "a": {"N": "1"}, "b": {"S": "x"}})
        for values, attributes in (
                ("NONE", None),
                ("ALL_OLD", {**self.key, "a": {"N": "2"}, "b": {"S": "x"}}),
                ("ALL_NEW", {**self.key, "a": {"N": "4"}, "b": {"S": "x"}}),
                ("UPDATED_OLD", {"a": {"N": "4"}}),
                ("UPDATED_NEW", {"a": {"N": "6"}})):
            with self.subTest(values=values):
                answer = self.update("ADD a :one", {":one": {"N": "1"}}, ReturnValues=values)
                self.assertEqual(answer.get("Attributes"), attributes)

    def test_the_key_cannot_be_updated(self):
        with self.refused("ValidationException",
                          "Cannot update attribute pk. This attribute is part of the key"):
            self.update("SET pk = :x", {":x": {"S": "x"}})
        self.assertIsNone(self.stored_item())

    def test_what_does_not_fit_is_refused_and_changes_nothing(self):
        item = {**self.key, "s": {"S": "x"}, "n": {"N": "9" * 38}}
        self.put(item)
        one = {":one": {"N": "1"}}
        for expression, values, text in (
                ("SET s = s + :one", one, "incorrect data type"),
                ("ADD s :one", one, "incorrect data type"),
                ("SET a = zz + :one", one, "attribute that does not exist"),
                ("SET zz.a = :one", one, "document path provided"),
                ("SET n = n - :small", {":small": {"N": "0.1"}}, "38 significant digits"),
                ("SET a = :one, a = :one", one, "overlap"),
                ("SET a = :one SET b = :one", one, "The \"SET\" section can only be used once"),
                ("SET a = :none", one, "attribute value used in expression is not defined"),
                ("SET a = :x", {":x": {"S": "x" * 409600}}, "exceeded the maximum allowed size")):
            with self.subTest(expression=expression):
                with self.refused("ValidationException", text):
                    self.update(expression, values)
        self.assertEqual(self.stored_item(), item)

    def test_concurrent_counts_are_all_counted(self):
        def count(_):
            answer = self.update("ADD n :one", {":one": {"N": "1"}}, ReturnValues="UPDATED_NEW")
            return int(answer["Attributes"]["n"]["N"])

        with answers.Unnoted(), concurrent.futures.ThreadPoolExecutor(8) as pool:
            counted = sorted(pool.map(count, range(60)))

        self.assertEqual(counted, list(range(1, 61)))
        self.assertEqual(self.stored_item()["n"], {"N": "60"})

    def test_consumed_capacity_is_that_of_the_larger_item(self):
        first = self.update("SET a = :a", {":a": {"S": "x" * 2900}}, ReturnConsumedCapacity="TOTAL")
        second = self.update("REMOVE a", ReturnConsumedCapacity="INDEXES")
        third = self.update("REMOVE a", ReturnConsumedCapacity="TOTAL")

        self.assertEqual(first["ConsumedCapacity"],
                         {"TableName": self.table, "CapacityUnits": 3.0})
        self.assertEqual(second["ConsumedCapacity"],
                         {"TableName": self.table, "CapacityUnits": 3.0,
                          "Table": {"CapacityUnits": 3.0}})
        self.assertEqual(third["ConsumedCapacity"]["CapacityUnits"], 1.0)

    def test_metrics_of_item_collections_are_not_there_without_indexes(self):
        answer = self.update("SET a = :a", {":a": {"S": "x"}}, ReturnItemCollectionMetrics="SIZE")

        self.assertNotIn("ItemCollectionMetrics", answer)

    def test_the_resource_interface_counts_with_decimals(self):
        table = make_resource().Table(self.table)
        key = {"pk": self.id()}

        table.update_item(Key=key, UpdateExpression="SET price = :p",
                          ExpressionAttributeValues={":p": decimal.Decimal("1.10")})
        answer = table.update_item(Key=key, UpdateExpression="SET price = price + :p",
                                   ExpressionAttributeValues={":p": decimal.Decimal("0.05")},
                                   ReturnValues="ALL_NEW")

        self.assertEqual(answer["Attributes"], {**key, "price": decimal.Decimal("1.15")})
