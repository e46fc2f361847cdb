"""PutItem, GetItem and DeleteItem through boto3."""

import concurrent.futures
import decimal

import answers
import boto3
import endpoint
from boto3.dynamodb.types import Binary
from client_case import TableCase, check_response


class ItemTest(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}

    def test_put_answers_nothing_and_get_answers_the_item(self):
        item = {**self.key, "name": {"S": "Ada"}}

        put = self.put(item)
        got = self.get(self.key)

        del put["ResponseMetadata"], got["ResponseMetadata"]
        self.assertEqual(put, {})
        self.assertEqual(got, {"Item": item})

    def test_an_eventually_consistent_read_answers_an_item_too(self):
        self.put(self.key)

        answer = self.dynamodb.get_item(TableName=self.table, Key=self.key)

        self.assertEqual(answer["Item"], self.key)

    def test_a_missing_item_is_answered_without_item(self):
        answer = self.get(self.key)

        del answer["ResponseMetadata"]
        self.assertEqual(answer, {})

    def test_put_replaces_the_whole_item(self):
        self.put({**self.key, "a": {"S": "1"}})
        self.put({**self.key, "b": {"S": "2"}})

        self.assertEqual(self.get(self.key)["Item"], {**self.key, "b": {"S": "2"}})

    def test_put_answers_the_old_item_if_asked(self):
        self.put({**self.key, "a": {"S": "1"}})

        answer = self.put({**self.key, "a": {"S": "2"}}, ReturnValues="ALL_OLD")

        self.assertEqual(answer["Attributes"], {**self.key, "a": {"S": "1"}})

    def test_put_of_a_new_item_has_no_old_one(self):
        answer = self.put(self.key, ReturnValues="ALL_OLD")

        self.assertNotIn("Attributes", answer)

    def test_put_with_return_values_none_answers_nothing(self):
        self.put(self.key)

        self.assertNotIn("Attributes", self.put(self.key, ReturnValues="NONE"))

    def test_put_of_an_identical_item_answers_it_as_old(self):
        self.put(self.key)

        self.assertEqual(self.put(self.key, ReturnValues="ALL_OLD")["Attributes"], self.key)

    def test_delete_removes_the_item(self):
        self.put(self.key)

        answer = self.delete(self.key)

        del answer["ResponseMetadata"]
        self.assertEqual(answer, {})
        self.assertNotIn("Item", self.get(self.key))

    def test_delete_answers_the_old_item_if_asked(self):
        self.put({**self.key, "a": {"S": "1"}})

        answer = self.delete(self.key, ReturnValues="ALL_OLD")

        self.assertEqual(answer["Attributes"], {**self.key, "a": {"S": "1"}})

    def test_delete_of_a_missing_item_succeeds(self):
        answer = self.delete(self.key, ReturnValues="ALL_OLD")

        self.assertNotIn("Attributes", answer)

    def test_an_item_can_be_put_again_after_its_deletion(self):
        self.put({**self.key, "a": {"S": "1"}})
        self.delete(self.key)

        answer = self.put(self.key, ReturnValues="ALL_OLD")

        self.assertNotIn("Attributes", answer)
        self.assertEqual(self.get(self.key)["Item"], self.key)

    def test_return_values_of_puts_and_deletes_are_none_and_all_old(self):
        self.put(self.key)
        for values in ("ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", "ALL", ""):
            with self.subTest(values=values):
                with self.refused("ValidationException", "(?i)return ?values"):
                    self.put({**self.key, "a": {"S": "1"}}, ReturnValues=values)
                with self.refused("ValidationException", "(?i)return ?values"):
                    self.delete(self.key, ReturnValues=values)
        self.assertEqual(self.get(self.key)["Item"], self.key)

    def test_items_with_other_keys_do_not_touch_each_other(self):
        other = {"pk": {"S": self.id() + " "}}
        self.put({**self.key, "a": {"S": "1"}})
        self.put({**other, "a": {"S": "2"}})

        self.delete(self.key)

        self.assertEqual(self.get(other)["Item"]["a"], {"S": "2"})

    def test_a_table_may_be_named_by_its_arn(self):
        with_arn = self.dynamodb.describe_table(TableName=self.table)["Table"]["TableArn"]
        self.dynamodb.put_item(TableName=with_arn, Item=self.key)

        self.assertEqual(self.get(self.key)["Item"], self.key)

    def check_capacity(self, answer, units):
        self.assertEqual(answer["ConsumedCapacity"],
                         {"TableName": self.table, "CapacityUnits": units})

    def test_consumed_capacity_is_told_if_asked(self):
        asked = {"ReturnConsumedCapacity": "TOTAL"}
        item = {**self.key, "v": {"S": "x" * 5000}}

        self.check_capacity(self.put(item, **asked), 5.0)
        self.check_capacity(self.get(self.key, **asked), 2.0)
        eventual = self.dynamodb.get_item(TableName=self.table, Key=self.key, **asked)
        self.check_capacity(eventual, 1.0)
        self.check_capacity(self.put(self.key, **asked), 5.0)
        self.check_capacity(self.delete(self.key, **asked), 1.0)
        self.check_capacity(self.delete(self.key, **asked), 1.0)
        self.assertNotIn("ConsumedCapacity", self.put(self.key, ReturnConsumedCapacity="NONE"))

    def test_many_items_are_each_found_again(self):
        keys = [{"pk": {"S": f"{self.id()}/{i}"}} for i in range(100)]
        for i, key in enumerate(keys):
            self.put({**key, "i": {"N": str(i)}})

        for i, key in enumerate(keys):
            self.assertEqual(self.get(key)["Item"]["i"], {"N": str(i)})

    def test_concurrent_puts_come_one_after_the_other(self):
        values = [str(i) for i in range(40)]

        def put(value):
            old = self.put({**self.key, "v": {"S": value}}, ReturnValues="ALL_OLD")
            return old["Attributes"]["v"]["S"] if "Attributes" in old else None

        with answers.Unnoted(), concurrent.futures.ThreadPoolExecutor(8) as pool:
            replaced = list(pool.map(put, values))
            last = self.get(self.key)["Item"]["v"]["S"]

        # Each value but the last was replaced by exactly one other, and one replaced nothing.
        self.assertEqual(sorted(replaced, key=str), sorted(set(values) - {last} | {None}, key=str))

    def test_names_of_attributes_may_be_any_text(self):
        item = {**self.key, "ключ 🗝": {"S": "x"}, " ": {"S": "blank"}, '"\\\n\x01': {"S": "y"},
                "S": {"S": "type"}, "Item": {"M": {"pk": {"S": "z"}}}}
        self.put(item)

        self.assertEqual(self.get(self.key)["Item"], item)

    def test_strings_may_be_any_text(self):
        for text in ("\x00", "\u2028", '"quoted"\\\\', "naïve", "漢字", "🂡", "\ud7ff", "</script>"):
            with self.subTest(text=ascii(text)):
                self.assertEqual(self.stored({"S": text}), {"S": text})

    def test_the_resource_interface_keeps_python_values(self):
        current = endpoint.current
        resource = boto3.session.Session().resource(
            "dynamodb", endpoint_url=current.urls[-1], region_name=current.region,
            aws_access_key_id=current.access_key_id, aws_secret_access_key=current.secret,
            verify=current.certificates or True)
        resource.meta.client.meta.events.register("after-call.dynamodb", check_response)
        item = {"pk": self.id(), "number": decimal.Decimal("12.5"), "none": None, "true": True,
                "bytes": Binary(b"\x00\xff"), "names": {"a", "b"},
                "numbers": {decimal.Decimal(1), decimal.Decimal("2.5")}, "blobs": {Binary(b"x")},
                "list": [1, "two", [3]], "map": {"deep": {"er": ""}}}
        table = resource.Table(self.table)

        table.put_item(Item=item)

        self.assertEqual(table.get_item(Key={"pk": self.id()})["Item"], item)
        old = table.delete_item(Key={"pk": self.id()}, ReturnValues="ALL_OLD")
        self.assertEqual(old["Attributes"], item)
