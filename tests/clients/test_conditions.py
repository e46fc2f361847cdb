"""Conditions of single writes through boto3."""

import concurrent.futures
import re

import answers
import botocore.exceptions
from boto3.dynamodb.conditions import Attr
from boto_resource import make_resource
from client_case import TableCase, needs_sdk_with

FAILED = "ConditionalCheckFailedException"


class ConditionTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}

    def put_if(self, condition, item=None, **others):
        return self.put(item or self.key, ConditionExpression=condition, **others)

    def test_an_item_is_made_only_once(self):
        self.put_if("attribute_not_exists(pk)")

        with self.refused(FAILED, "^The conditional request failed$"):
            self.put_if("attribute_not_exists(pk)", {**self.key, "a": {"S": "x"}})
        self.assertEqual(self.get(self.key)["Item"], self.key)

    def test_a_delete_may_be_conditional(self):
        self.put({**self.key, "n": {"N": "1"}})
        values = {"ExpressionAttributeValues": {":n": {"N": "2"}}}

        with self.refused(FAILED):
            self.delete(self.key, ConditionExpression="n = :n", **values)
        self.assertIn("Item", self.get(self.key))
        self.delete(self.key, ConditionExpression="n < :n", **values)
        self.assertNotIn("Item", self.get(self.key))

    def test_a_condition_on_a_missing_item(self):
        with self.refused(FAILED):
            self.delete(self.key, ConditionExpression="attribute_exists(pk)")
        self.delete(self.key, ConditionExpression="attribute_not_exists(pk)")

    def test_each_condition_judges_the_item(self):
        item = {**self.key, "n": {"N": "5"}, "s": {"S": "hello"}, "l": {"L": [{"S": "x"}]},
                "m": {"M": {"a": {"BOOL": True}}}, "t": {"NS": ["1", "2"]}, "z": {"NULL": True}}
        values = {":n": {"N": "5"}, ":m": {"N": "6"}, ":s": {"S": "hel"}, ":x": {"S": "x"},
                  ":b": {"BOOL": True}, ":type": {"S": "NULL"}, ":one": {"N": "1"}}
        for condition, holds in (
                ("n = :n", True), ("n <> :n", False), ("n < :m", True), ("n >= :m", False),
                ("n BETWEEN :n AND :m", True), ("n IN (:m, :one)", False),
                ("begins_with(s, :s)", True), ("contains(s, :x)", False), ("contains(l, :x)", True),
                ("contains(t, :one)", True), ("m.a = :b", True), ("l[0] = :x", True),
                ("l[1] = :x", False), ("attribute_type(z, :type)", True), ("size(s) = :n", True),
                ("NOT n = :n", False), ("n = :m OR s > :s AND m.a = :b", True),
                ("(n = :m OR n = :n) AND attribute_exists(m.zz)", False),
                ("s = :n", False), ("zz < :n", False)):
            self.put(item)
            used = {name: values[name] for name in re.findall(r":\w+", condition)}
            others = {"ExpressionAttributeValues": used} if used else {}
            with self.subTest(condition=condition):
                if holds:
                    self.put_if(condition, item, **others)
                else:
                    with self.refused(FAILED):
                        self.put_if(condition, item, **others)

    @needs_sdk_with("PutItem", "ReturnValuesOnConditionCheckFailure")
    def test_the_item_is_told_when_the_condition_fails_if_asked(self):
        item = {**self.key, "a": {"S": "x"}}
        self.put(item)
        for operation, parameters in (
                ("put_item", {"Item": self.key}), ("delete_item", {"Key": self.key}),
                ("update_item", {"Key": self.key, "UpdateExpression": "REMOVE a"})):
            with self.subTest(operation=operation):
                with self.assertRaises(botocore.exceptions.ClientError) as raised:
                    getattr(self.dynamodb, operation)(
                        TableName=self.table, ConditionExpression="attribute_not_exists(pk)",
                        ReturnValuesOnConditionCheckFailure="ALL_OLD", **parameters)
                self.assertEqual(raised.exception.response["Item"], item)
        with self.assertRaises(botocore.exceptions.ClientError) as raised:
            self.put_if("attribute_not_exists(pk)")
        self.assertNotIn("Item", raised.exception.response)

    def test_what_makes_no_sense_is_refused(self):
        for parameters, text in (
                ({"ConditionExpression": ""}, "The expression can not be empty"),
                ({"ConditionExpression": "a ="}, "Syntax error"),
                ({"ConditionExpression": "a = :a"}, "attribute value used in expression is not "
                                                    "defined"),
                ({"ConditionExpression": "attribute_exists(#a)"}, "attribute name used in the "
                                                                 "document path is not defined"),
                ({"ConditionExpression": "attribute_exists(size)"}, "reserved keyword"),
                ({"ConditionExpression": "attribute_exists(a)",
                  "ExpressionAttributeValues": {":a": {"S": "x"}}}, "unused in expressions"),
                ({"ExpressionAttributeNames": {"#a": "a"}}, "can only be specified when using "
                                                            "expressions"),
                ({"ConditionExpression": "attribute_exists(a)",
                  "Expected": {"a": {"Exists": False}}},
                 "Can not use both expression and non-expression parameters in the same request: "
                 "Non-expression parameters: {Expected} Expression parameters: "
                 "{ConditionExpression}")):
            with self.subTest(parameters=parameters):
                with self.refused("ValidationException", text):
                    self.put(self.key, **parameters)
        self.assertNotIn("Item", self.get(self.key))

    def test_of_many_who_make_an_item_one_succeeds(self):
        def make(number):
            try:
                self.put_if("attribute_not_exists(pk)", {**self.key, "n": {"N": str(number)}})
                return number
            except botocore.exceptions.ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], FAILED)
                return None

        with answers.Unnoted(), concurrent.futures.ThreadPoolExecutor(8) as pool:
            made = [number for number in pool.map(make, range(40)) if number is not None]
            stored = self.get(self.key)["Item"]["n"]["N"]

        self.assertEqual([str(number) for number in made], [stored])

    def test_optimistic_locking_loses_no_update(self):
        self.put({**self.key, "version": {"N": "0"}})

        def increase(_):
            while True:
                version = self.get(self.key)["Item"]["version"]["N"]
                try:
                    self.put_if("#v = :v", {**self.key, "version": {"N": str(int(version) + 1)}},
                                ExpressionAttributeNames={"#v": "version"},
                                ExpressionAttributeValues={":v": {"N": version}})
                    return
                except botocore.exceptions.ClientError as error:
                    self.assertEqual(error.response["Error"]["Code"], FAILED)

        with answers.Unnoted(), concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(increase, range(20)))
            self.assertEqual(self.get(self.key)["Item"]["version"], {"N": "20"})

    def test_the_resource_interface_builds_conditions(self):
        table = make_resource().Table(self.table)
        item = {"pk": self.id(), "tags": {"a", "b"}, "deep": {"er": 1}}

        table.put_item(Item=item, ConditionExpression=Attr("pk").not_exists())
        table.put_item(Item=item, ConditionExpression=(
            Attr("tags").contains("a") & Attr("deep.er").between(0, 2) & ~Attr("zz").exists()
            & (Attr("deep.er").is_in([5, 1]) | Attr("pk").begins_with("x"))
            & Attr("tags").size().eq(2) & Attr("deep").attribute_type("M")))
        with self.assertRaises(table.meta.client.exceptions.ConditionalCheckFailedException):
            table.delete_item(Key={"pk": self.id()}, ConditionExpression=Attr("deep.er").gt(1))


class WorkTest(TableCase):
    """What would take DynamoDB long too, and holds up no one else here."""

    REFUSED = "^Graticule: the expressions of this request take more work on the item than one"

    def setUp(self):
        super().setUp()
        self.item = {"pk": {"S": self.id()}, "v": {"S": "a" * 400000}}
        self.values = {":a": {"S": "a" * 255 + "b"}}
        self.put(self.item)

    def searches(self, count):
        return " OR ".join(["contains(v, :a)"] * count)

    def test_a_condition_of_too_much_work_is_refused_and_changes_nothing(self):
        key = {"pk": self.item["pk"]}
        for call, others in ((self.dynamodb.delete_item, {}),
                             (self.dynamodb.update_item, {"UpdateExpression": "SET n = :a"})):
            with self.refused("ValidationException", self.REFUSED):
                call(TableName=self.table, Key=key, ExpressionAttributeValues=self.values,
                     ConditionExpression="NOT (" + self.searches(150) + ")", **others)
        self.assertEqual(self.get(key)["Item"], self.item)

    def test_a_filter_of_too_much_work_is_refused(self):
        def query(count):
            return self.dynamodb.query(
                TableName=self.table, KeyConditionExpression="pk = :p",
                FilterExpression=self.searches(count),
                ExpressionAttributeValues={":p": self.item["pk"], **self.values})
        with self.refused("ValidationException", self.REFUSED):
            query(150)
        answer = query(5)
        self.assertEqual((answer["ScannedCount"], answer["Count"]), (1, 0))


class ProjectionTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}
        self.put({**self.key, "a": {"S": "x"}, "l": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]},
                  "m": {"M": {"a": {"N": "1"}, "b": {"N": "2"}}}})

    def test_parts_of_documents_are_answered(self):
        answer = self.get(self.key, ProjectionExpression="#a, m.b, l[2], l[0], zz",
                          ExpressionAttributeNames={"#a": "a"})

        self.assertEqual(answer["Item"], {
            "a": {"S": "x"}, "m": {"M": {"b": {"N": "2"}}}, "l": {"L": [{"N": "1"}, {"N": "3"}]}})

    def test_an_item_without_the_parts_is_found_all_the_same(self):
        self.assertEqual(self.get(self.key, ProjectionExpression="zz")["Item"], {})
        self.assertNotIn("Item", self.get({"pk": {"S": "none"}}, ProjectionExpression="zz"))

    def test_the_whole_item_is_charged(self):
        self.put({**self.key, "big": {"S": "x" * 5000}, "a": {"S": "x"}})

        answer = self.get(self.key, ProjectionExpression="a", ReturnConsumedCapacity="TOTAL")

        self.assertEqual(answer["ConsumedCapacity"]["CapacityUnits"], 2.0)

    def test_what_makes_no_sense_is_refused(self):
        for parameters, text in (
                ({"ProjectionExpression": ""}, "The expression can not be empty"),
                ({"ProjectionExpression": "a,,b"}, "Syntax error"),
                ({"ProjectionExpression": "m, m.b"}, "overlap"),
                ({"AttributesToGet": []}, "length greater than or equal to 1"),
                ({"AttributesToGet": ["a", "a"]}, "Duplicate value in attribute name: a"),
                ({"AttributesToGet": ["a"], "ProjectionExpression": "a"},
                 "Can not use both expression and non-expression parameters")):
            with self.subTest(parameters=parameters):
                with self.refused("ValidationException", text):
                    self.get(self.key, **parameters)
