"""Query through boto3."""

import boto3
import endpoint
from boto3.dynamodb.conditions import Attr, Key
from client_case import CONFIG, TableCase, check_response
import botocore.config

COUNT = 50


class QueryTest(TableCase):
    sort = "sk:N"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(COUNT):
            cls.dynamodb.put_item(TableName=cls.table, Item={
                "pk": {"S": "many"}, "sk": {"N": str(number - 10)},
                "even": {"BOOL": number % 2 == 0}, "name": {"S": f"n{number}"}})
        cls.dynamodb.put_item(TableName=cls.table,
                              Item={"pk": {"S": "other"}, "sk": {"N": "0"}})

    def query(self, condition="pk = :p", values=None, **others):
        return self.dynamodb.query(
            TableName=self.table, KeyConditionExpression=condition,
            ExpressionAttributeValues={":p": {"S": "many"}, **(values or {})}, **others)

    def sorts(self, answer):
        return [int(item["sk"]["N"]) for item in answer["Items"]]

    def test_numbers_are_in_their_order_either_way(self):
        forward = self.sorts(self.query())
        backward = self.sorts(self.query(ScanIndexForward=False))

        self.assertEqual(forward, list(range(-10, COUNT - 10)))
        self.assertEqual(backward, forward[::-1])

    def test_each_relation_bounds_the_sort_key(self):
        five = {":s": {"N": "5"}}
        for relation, expected in (("= :s", [5]), ("< :s", range(-10, 5)), ("<= :s", range(-10, 6)),
                                   ("> :s", range(6, COUNT - 10)), (">= :s", range(5, COUNT - 10))):
            with self.subTest(relation):
                self.assertEqual(self.sorts(self.query(f"pk = :p AND sk {relation}", five)),
                                 list(expected))
        between = {":s": {"N": "-3"}, ":t": {"N": "3"}}
        self.assertEqual(self.sorts(self.query("pk = :p AND sk BETWEEN :s AND :t", between)),
                         list(range(-3, 4)))

    def test_a_paginator_has_every_item_once(self):
        client = self.dynamodb.clients.__next__()
        for forward in (True, False):
            pages = list(client.get_paginator("query").paginate(
                TableName=self.table, KeyConditionExpression="pk = :p",
                ExpressionAttributeValues={":p": {"S": "many"}}, ScanIndexForward=forward,
                PaginationConfig={"PageSize": 7}))
            found = [sort for page in pages for sort in self.sorts(page)]

            self.assertEqual(len(pages), 8)
            self.assertEqual(found, sorted(range(-10, COUNT - 10), reverse=not forward))

    def test_a_filter_leaves_pages_empty_and_goes_on(self):
        found, pages, start = [], 0, {}
        while True:
            answer = self.query(values={":n": {"S": "n40"}}, FilterExpression="#n = :n",
                                ExpressionAttributeNames={"#n": "name"}, Limit=10, **start)
            found += self.sorts(answer)
            pages += 1
            self.assertEqual(answer["Count"], len(answer["Items"]))
            if "LastEvaluatedKey" not in answer:
                break
            self.assertEqual(answer["ScannedCount"], 10)
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        self.assertEqual(found, [30])
        self.assertEqual(pages, 6)

    def test_the_resource_interface_builds_the_same_expressions(self):
        current = endpoint.current
        resource = boto3.session.Session().resource(
            "dynamodb", endpoint_url=current.urls[0], region_name=current.region,
            aws_access_key_id=current.access_key_id, aws_secret_access_key=current.secret,
            verify=current.certificates or True, config=botocore.config.Config(**CONFIG))
        resource.meta.client.meta.events.register("after-call.dynamodb", check_response)

        answer = resource.Table(self.table).query(
            KeyConditionExpression=Key("pk").eq("many") & Key("sk").between(0, 5),
            FilterExpression=Attr("even").eq(True), ProjectionExpression="sk")

        self.assertEqual([int(item["sk"]) for item in answer["Items"]], [0, 2, 4])
        self.assertEqual([list(item) for item in answer["Items"]], [["sk"]] * 3)
        self.assertEqual(answer["ScannedCount"], 6)

    def test_capacity_is_of_what_was_read(self):
        for consistent, units in ((False, 0.5), (True, 1.0)):
            answer = self.query(values={":n": {"S": "none"}}, FilterExpression="#n = :n",
                                ExpressionAttributeNames={"#n": "name"}, Select="COUNT",
                                ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL")
            self.assertEqual((answer["Count"], answer["ScannedCount"]), (0, COUNT))
            self.assertEqual(answer["ConsumedCapacity"],
                             {"TableName": self.table, "CapacityUnits": units})
            self.assertNotIn("Items", answer)

    def test_a_page_ends_with_the_item_that_reaches_a_megabyte(self):
        large = {"B": b"x" * 300_000}
        for number in range(5):
            self.put({"pk": {"S": "large"}, "sk": {"N": str(number)}, "b": large})

        first = self.dynamodb.query(TableName=self.table, KeyConditionExpression="pk = :p",
                                    ExpressionAttributeValues={":p": {"S": "large"}},
                                    ProjectionExpression="sk", ReturnConsumedCapacity="TOTAL")

        self.assertEqual(self.sorts(first), [0, 1, 2, 3])
        self.assertEqual(first["LastEvaluatedKey"], {"pk": {"S": "large"}, "sk": {"N": "3"}})
        # Four items of 300,016 bytes, in units of 4 KB.
        self.assertEqual(first["ConsumedCapacity"]["CapacityUnits"], 293 / 2)

    def test_what_dynamodb_refuses_is_refused(self):
        with self.refused("ValidationException", "Query condition missed key schema element: pk"):
            self.query("sk = :p")
        with self.refused("ValidationException", "Query key condition not supported"):
            self.query("pk > :p")
        with self.refused("ValidationException", "does not have the specified index: nope"):
            self.query(IndexName="nope")
        with self.refused("ValidationException",
                          "Filter Expression can only contain non-primary key attributes: "
                          "Primary key attribute: sk"):
            self.query(values={":s": {"N": "1"}}, FilterExpression="sk = :s")
        with self.refused("ValidationException", "The provided starting key is outside query "
                                                 "boundaries based on provided conditions"):
            self.query(ExclusiveStartKey={"pk": {"S": "other"}, "sk": {"N": "0"}})
        with self.refused("ResourceNotFoundException"):
            self.dynamodb.query(TableName="not-there", KeyConditionExpression="pk = :p",
                                ExpressionAttributeValues={":p": {"S": "many"}})


class TextSortTest(TableCase):
    sort = "sk:S"

    def test_begins_with_finds_what_begins_so(self):
        texts = ["", "a", "ab", "ab\x00", "abc", "ab\U0001f600", "ac", "b"]
        for text in texts[1:]:
            self.put({"pk": {"S": "p"}, "sk": {"S": text}})

        answer = self.dynamodb.query(
            TableName=self.table, KeyConditionExpression="pk = :p AND begins_with(sk, :b)",
            ExpressionAttributeValues={":p": {"S": "p"}, ":b": {"S": "ab"}})

        self.assertEqual([item["sk"]["S"] for item in answer["Items"]],
                         ["ab", "ab\x00", "abc", "ab\U0001f600"])
