"""Scan through boto3. The order of a table's items is its own: it is not the same in another run."""

import concurrent.futures
import threading

import answers
from client_case import TableCase

COUNT = 120


class ScanTest(TableCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(COUNT):
            cls.dynamodb.put_item(TableName=cls.table, Item={
                "pk": {"S": f"k{number}"}, "number": {"N": str(number)}})
        cls.keys = sorted(f"k{number}" for number in range(COUNT))

    def scan(self, **others):
        """The items of all pages, and how many pages there were."""
        items, pages, start = [], 0, {}
        with answers.Unnoted():
            while True:
                answer = self.dynamodb.scan(TableName=self.table, **others, **start)
                items += answer["Items"]
                pages += 1
                if "LastEvaluatedKey" not in answer:
                    return items, pages
                start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def keys_of(self, items):
        return sorted(item["pk"]["S"] for item in items)

    def test_a_scan_has_every_item_once_however_it_is_cut(self):
        for others in ({}, {"Limit": 7}, {"Limit": 1, "ConsistentRead": True}, {"Limit": COUNT}):
            with self.subTest(**others):
                items, _ = self.scan(**others)
                self.assertEqual(self.keys_of(items), self.keys)

    def test_a_limit_that_is_hit_exactly_leaves_an_empty_page(self):
        _, pages = self.scan(Limit=COUNT)

        self.assertEqual(pages, 2)

    def test_a_paginator_goes_through_all_pages(self):
        client = self.dynamodb.clients.__next__()
        with answers.Unnoted():
            pages = client.get_paginator("scan").paginate(
                TableName=self.table, PaginationConfig={"PageSize": 11})
            items = [item for page in pages for item in page["Items"]]

        self.assertEqual(self.keys_of(items), self.keys)

    def test_segments_are_disjoint_and_make_up_the_table(self):
        for total in (1, 2, 7, 300):
            with self.subTest(total):
                with concurrent.futures.ThreadPoolExecutor(8) as pool:
                    segments = list(pool.map(
                        lambda segment: self.scan(Segment=segment, TotalSegments=total, Limit=9)[0],
                        range(total)))
                items = [item for segment in segments for item in segment]
                self.assertEqual(self.keys_of(items), self.keys)

    def test_an_item_has_one_segment(self):
        with answers.Unnoted():
            answer = self.dynamodb.scan(TableName=self.table, Segment=0, TotalSegments=2, Limit=1)
            with self.refused("ValidationException",
                              "The provided starting key is invalid: Invalid ExclusiveStartKey. "
                              "Please use ExclusiveStartKey with correct Segment. "
                              "TotalSegments: 2 Segment: 1"):
                self.dynamodb.scan(TableName=self.table, Segment=1, TotalSegments=2,
                                   ExclusiveStartKey=answer["LastEvaluatedKey"])

    def test_a_filter_and_a_projection_cut_what_is_answered(self):
        items, _ = self.scan(
            FilterExpression="#n < :n", ProjectionExpression="#n",
            ExpressionAttributeNames={"#n": "number"}, ExpressionAttributeValues={":n": {"N": "5"}})

        self.assertEqual(sorted(int(item["number"]["N"]) for item in items), list(range(5)))
        self.assertEqual({tuple(item) for item in items}, {("number",)})

    def test_a_count_has_no_items(self):
        answer = self.dynamodb.scan(TableName=self.table, Select="COUNT",
                                    ReturnConsumedCapacity="INDEXES")

        self.assertEqual((answer["Count"], answer["ScannedCount"]), (COUNT, COUNT))
        self.assertNotIn("Items", answer)
        self.assertEqual(answer["ConsumedCapacity"], {
            "TableName": self.table, "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}})

    def test_what_dynamodb_refuses_is_refused(self):
        for others, text in (
                (dict(Segment=0), "The TotalSegments parameter is required"),
                (dict(TotalSegments=1), "The Segment parameter is required"),
                (dict(Segment=1, TotalSegments=1), "Segment: 1 is not less than TotalSegments: 1"),
                (dict(Limit=0), "greater than or equal to 1"),
                (dict(TotalSegments=1000001, Segment=0), "less than or equal to 1000000"),
                (dict(ExclusiveStartKey={"pk": {"N": "1"}}),
                 "The provided starting key is invalid: The provided key element does not match "
                 "the schema"),
                (dict(IndexName="nope"), "does not have the specified index: nope")):
            with self.subTest(**others), self.refused("ValidationException", text):
                self.dynamodb.scan(TableName=self.table, **others)


class ScanUnderWritesTest(TableCase):

    def test_what_was_there_throughout_is_found_once_while_writes_go_on(self):
        steady = [f"steady{number}" for number in range(100)]
        for key in steady:
            self.put({"pk": {"S": key}})
        is_over = threading.Event()

        def write(number):
            count = 0
            while not is_over.is_set():
                key = {"pk": {"S": f"moving{number}-{count % 40}"}}
                self.put(key)
                self.put({"pk": {"S": steady[count % 100]}, "count": {"N": str(count)}})
                if count % 3 == 0:
                    self.delete(key)
                count += 1
            return count

        def scan(segment):
            keys, start = [], {}
            while True:
                answer = self.dynamodb.scan(TableName=self.table, Segment=segment, TotalSegments=7,
                                            Limit=5, ConsistentRead=True, **start)
                keys += [item["pk"]["S"] for item in answer["Items"]]
                if "LastEvaluatedKey" not in answer:
                    return keys
                start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

        with answers.Unnoted(), concurrent.futures.ThreadPoolExecutor(10) as pool:
            writers = [pool.submit(write, number) for number in range(3)]
            try:
                for _ in range(5):
                    found = [key for keys in pool.map(scan, range(7)) for key in keys]
                    self.assertEqual(len(found), len(set(found)))
                    self.assertEqual(sorted(key for key in found if key.startswith("steady")),
                                     sorted(steady))
            finally:
                is_over.set()
            self.assertGreater(min(writer.result() for writer in writers), 0)
