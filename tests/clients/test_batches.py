"""BatchGetItem and BatchWriteItem through boto3."""

import decimal

import answers
from boto_resource import make_resource
from client_case import TableCase, table_definition, table_name, wait_until_active


class BatchTest(TableCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = table_name()
        cls.dynamodb.create_table(**table_definition(cls.other, "hk:N", "rk:S"))
        wait_until_active(cls.dynamodb, cls.other)

    @classmethod
    def tearDownClass(cls):
        cls.dynamodb.delete_table(TableName=cls.other)
        super().tearDownClass()

    def key(self, number):
        return {"pk": {"S": f"{self.id()}/{number}"}}

    def item(self, number):
        return {**self.key(number), "n": {"N": str(number)}, "m": {"M": {"a": {"S": "x"}}}}

    def write(self, requests, **others):
        return self.dynamodb.batch_write_item(RequestItems=requests, **others)

    def read(self, requests, **others):
        # In which order items come is up to chance.
        with answers.Unnoted():
            return self.dynamodb.batch_get_item(RequestItems=requests, **others)

    def put_all(self, numbers):
        answer = self.write({self.table: [{"PutRequest": {"Item": self.item(number)}}
                                          for number in numbers]})
        self.assertEqual(answer["UnprocessedItems"], {})

    def test_many_items_are_written_and_read_back(self):
        for start in range(0, 100, 25):
            self.put_all(range(start, start + 25))

        answer = self.read({self.table: {"Keys": [self.key(number) for number in range(100)],
                                         "ConsistentRead": True}})

        self.assertEqual(answer["UnprocessedKeys"], {})
        self.assertEqual(sorted(answer["Responses"][self.table], key=lambda i: int(i["n"]["N"])),
                         [self.item(number) for number in range(100)])

    def test_puts_and_deletes_go_to_several_tables(self):
        self.put_all([1, 2])
        there = {"hk": {"N": "1"}, "rk": {"S": self.id()}}

        self.write({self.table: [{"DeleteRequest": {"Key": self.key(1)}},
                                 {"PutRequest": {"Item": self.item(3)}}],
                    self.other: [{"PutRequest": {"Item": there}}]})
        answer = self.read({
            self.table: {"Keys": [self.key(number) for number in (1, 2, 3)],
                         "ConsistentRead": True},
            self.other: {"Keys": [there], "ConsistentRead": True}})

        self.assertCountEqual(answer["Responses"][self.table], [self.item(2), self.item(3)])
        self.assertEqual(answer["Responses"][self.other], [there])

    def test_each_table_is_projected_on_its_own(self):
        self.put_all([1])
        there = {"hk": {"N": "2"}, "rk": {"S": self.id()}, "a": {"S": "x"}, "b": {"S": "y"}}
        self.write({self.other: [{"PutRequest": {"Item": there}}]})

        answer = self.read({
            self.table: {"Keys": [self.key(1)], "ConsistentRead": True,
                         "ProjectionExpression": "#m.a", "ExpressionAttributeNames": {"#m": "m"}},
            self.other: {"Keys": [{"hk": there["hk"], "rk": there["rk"]}], "ConsistentRead": True,
                         "AttributesToGet": ["b"]}})

        self.assertEqual(answer["Responses"], {
            self.table: [{"m": {"M": {"a": {"S": "x"}}}}], self.other: [{"b": {"S": "y"}}]})

    def test_capacity_is_told_by_table(self):
        item = {**self.key(1), "v": {"S": "x" * 5000}}
        written = self.write({self.table: [{"PutRequest": {"Item": item}},
                                           {"DeleteRequest": {"Key": self.key(2)}}]},
                             ReturnConsumedCapacity="TOTAL")
        read = self.read({self.table: {"Keys": [self.key(1), self.key(2)],
                                       "ConsistentRead": True}},
                         ReturnConsumedCapacity="INDEXES")

        self.assertEqual(written["ConsumedCapacity"],
                         [{"TableName": self.table, "CapacityUnits": 6.0}])
        self.assertEqual(read["ConsumedCapacity"],
                         [{"TableName": self.table, "CapacityUnits": 3.0,
                           "Table": {"CapacityUnits": 3.0}}])

    def test_more_than_16_megabytes_come_in_several_answers(self):
        for number in range(48):
            self.put({**self.key(number), "v": {"S": "x" * 380000}})
        requests = {self.table: {"Keys": [self.key(number) for number in range(48)],
                                 "ConsistentRead": True}}

        counts, found = [], []
        while requests:
            answer = self.read(requests)
            counts.append(len(answer["Responses"].get(self.table, [])))
            found += [item["pk"]["S"] for item in answer["Responses"].get(self.table, [])]
            requests = answer["UnprocessedKeys"]

        self.assertEqual(sorted(found), sorted(self.key(n)["pk"]["S"] for n in range(48)))
        self.assertEqual(counts, [44, 4])

    def test_what_makes_no_sense_is_refused_and_nothing_is_done(self):
        put = {"PutRequest": {"Item": self.item(1)}}
        delete = {"DeleteRequest": {"Key": self.key(1)}}
        for requests, text in (
                ({}, "length greater than or equal to 1"),
                ({self.table: []}, "Map value must satisfy constraint"),
                ({self.table: [put] * 26}, "less than or equal to 25"),
                ({self.table: [put, delete]}, "Provided list of item keys contains duplicates"),
                ({self.table: [put, {}]}, "exactly one of PutRequest and DeleteRequest"),
                ({self.table: [put, {"PutRequest": {"Item": {"a": {"S": "x"}}}}]},
                 "Missing the key pk in the item"),
                ({self.table: [put, {"DeleteRequest": {"Key": {"pk": {"N": "1"}}}}]},
                 "The provided key element does not match the schema")):
            with self.subTest(requests=list(requests.values())):
                with self.refused("ValidationException", text):
                    self.write(requests)
        with self.refused("ResourceNotFoundException"):
            self.write({self.table: [put], self.table + "-none": [put]})
        self.assertNotIn("Item", self.get(self.key(1)))

    def test_reads_that_make_no_sense_are_refused(self):
        keys = [self.key(number) for number in range(101)]
        for requests, text in (
                ({}, "length greater than or equal to 1"),
                ({self.table: {"Keys": []}}, "length greater than or equal to 1"),
                ({self.table: {"Keys": keys}}, "less than or equal to 100"),
                ({self.table: {"Keys": keys[:1] * 2}}, "contains duplicates"),
                ({self.table: {"Keys": [{"pk": {"N": "1"}}]}}, "does not match the schema"),
                ({self.table: {"Keys": keys[:1], "ProjectionExpression": "a.."}}, "Syntax error")):
            with self.subTest(text=text):
                with self.refused("ValidationException", text):
                    self.read(requests)
        with self.refused("ResourceNotFoundException"):
            self.read({self.table + "-none": {"Keys": keys[:1]}})

    def test_the_batch_writer_writes_as_many_as_it_is_given(self):
        resource = make_resource()
        table = resource.Table(self.table)
        with table.batch_writer() as batch:
            for number in range(120):
                batch.put_item(Item={"pk": f"{self.id()}/{number}", "n": number})
            for number in range(0, 120, 2):
                batch.delete_item(Key={"pk": f"{self.id()}/{number}"})

        answer = resource.batch_get_item(RequestItems={self.table: {
            "Keys": [{"pk": f"{self.id()}/{number}"} for number in range(100)],
            "ConsistentRead": True}})
        self.assertEqual(sorted(item["n"] for item in answer["Responses"][self.table]),
                         [decimal.Decimal(number) for number in range(1, 100, 2)])
