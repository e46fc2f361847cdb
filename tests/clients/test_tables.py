"""CreateTable, DescribeTable, DeleteTable and ListTables through boto3."""

import datetime
import re

import answers
import botocore.exceptions
import endpoint
from client_case import (ClientCase, TableCase, make_client, table_definition, table_name,
                         wait_until_active, wait_until_gone)

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FAST = {"Delay": 0.05, "MaxAttempts": 400}


class TableLifeTest(ClientCase):

    def make(self, **definition):
        description = self.dynamodb.create_table(**definition)["TableDescription"]
        self.addCleanup(self.drop, definition["TableName"])
        return description

    def drop(self, name):
        with answers.Unnoted():
            try:
                wait_until_active(self.dynamodb, name)
                self.dynamodb.delete_table(TableName=name)
            except botocore.exceptions.ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "ResourceNotFoundException")

    def describe_active(self, name):
        wait_until_active(self.dynamodb, name)
        return self.dynamodb.describe_table(TableName=name)["Table"]

    def check_identity(self, description, name):
        self.assertEqual(description["TableName"], name)
        self.assertRegex(description["TableArn"],
                         f"^arn:aws:dynamodb:{endpoint.current.region}:[0-9]{{12}}:table/{name}$")
        self.assertRegex(description["TableId"], UUID)
        self.assertEqual(description["ItemCount"], 0)
        self.assertEqual(description["TableSizeBytes"], 0)
        self.assertIsInstance(description["CreationDateTime"], datetime.datetime)
        age = datetime.datetime.now(datetime.timezone.utc) - description["CreationDateTime"]
        self.assertLess(abs(age.total_seconds()), 60)

    def test_create_answers_the_table_as_creating(self):
        definition = table_definition(table_name(), "pk:S", "sk:N")

        description = self.make(**definition)

        self.check_identity(description, definition["TableName"])
        self.assertEqual(description["TableStatus"], "CREATING")
        self.assertEqual(description["KeySchema"], definition["KeySchema"])
        self.assertEqual(description["AttributeDefinitions"], definition["AttributeDefinitions"])
        self.assertEqual(description["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")

    def test_describe_answers_what_create_did_but_for_the_status(self):
        definition = table_definition(table_name(), "pk:B", "sk:S")
        created = self.make(**definition)

        described = self.describe_active(definition["TableName"])

        self.check_identity(described, definition["TableName"])
        self.assertEqual(described["TableStatus"], "ACTIVE")
        for member in ("TableId", "TableArn", "CreationDateTime", "KeySchema",
                       "AttributeDefinitions"):
            self.assertEqual(described[member], created[member])

    def test_a_table_without_global_settings_shows_none(self):
        definition = table_definition(table_name())
        self.make(**definition)

        described = self.describe_active(definition["TableName"])

        for member in ("GlobalTableVersion", "Replicas", "GlobalSecondaryIndexes",
                       "LocalSecondaryIndexes", "StreamSpecification", "LatestStreamArn",
                       "SSEDescription", "RestoreSummary", "ArchivalSummary"):
            self.assertNotIn(member, described)

    def test_on_demand_tables_show_no_units(self):
        definition = table_definition(table_name())
        self.make(**definition)

        throughput = self.describe_active(definition["TableName"])["ProvisionedThroughput"]

        self.assertEqual(throughput, {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0,
                                      "WriteCapacityUnits": 0})

    def test_provisioned_tables_show_their_units(self):
        definition = table_definition(table_name())
        definition["BillingMode"] = "PROVISIONED"
        definition["ProvisionedThroughput"] = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 7}
        self.make(**definition)

        described = self.describe_active(definition["TableName"])

        self.assertEqual(described["ProvisionedThroughput"],
                         {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5,
                          "WriteCapacityUnits": 7})
        self.assertNotIn("BillingModeSummary", described)

    def test_provisioned_is_the_default(self):
        definition = table_definition(table_name())
        del definition["BillingMode"]
        definition["ProvisionedThroughput"] = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}

        description = self.make(**definition)

        self.assertEqual(description["ProvisionedThroughput"]["ReadCapacityUnits"], 1)

    def test_a_table_can_be_made_once(self):
        definition = table_definition(table_name())
        self.make(**definition)

        with self.refused("ResourceInUseException",
                          f"^Table already exists: {definition['TableName']}$"):
            self.dynamodb.create_table(**definition)
        wait_until_active(self.dynamodb, definition["TableName"])
        with self.refused("ResourceInUseException", "^Table already exists: "):
            self.dynamodb.create_table(**table_definition(definition["TableName"], "other:N"))

    def test_names_of_3_and_255_characters_are_fine(self):
        run = endpoint.current.run_name
        for name in (run[-3:], (run + "_.-" + "x" * 255)[:255]):
            with self.subTest(size=len(name)), answers.Unnoted():
                self.make(**table_definition(name))
                self.assertEqual(self.describe_active(name)["TableName"], name)

    def test_names_are_case_sensitive(self):
        lower = table_name()
        self.make(**table_definition(lower))
        wait_until_active(self.dynamodb, lower)

        with self.refused("ResourceNotFoundException"):
            self.dynamodb.describe_table(TableName=lower.upper())

    def test_delete_answers_deleting_and_the_table_goes(self):
        definition = table_definition(table_name())
        created = self.make(**definition)
        name = definition["TableName"]
        wait_until_active(self.dynamodb, name)

        description = self.dynamodb.delete_table(TableName=name)["TableDescription"]
        wait_until_gone(self.dynamodb, name)

        self.assertEqual(description["TableStatus"], "DELETING")
        self.assertEqual(description["TableId"], created["TableId"])
        with self.refused("ResourceNotFoundException",
                          f"^Requested resource not found: Table: {name} not found$"):
            self.dynamodb.describe_table(TableName=name)
        with self.refused("ResourceNotFoundException",
                          f"^Requested resource not found: Table: {name} not found$"):
            self.dynamodb.delete_table(TableName=name)

    def test_a_table_made_again_has_no_old_items_and_a_new_id(self):
        definition = table_definition(table_name())
        name = definition["TableName"]
        first = self.make(**definition)
        wait_until_active(self.dynamodb, name)
        self.dynamodb.put_item(TableName=name, Item={"pk": {"S": "old"}})
        self.dynamodb.delete_table(TableName=name)
        wait_until_gone(self.dynamodb, name)

        second = self.make(**definition)
        wait_until_active(self.dynamodb, name)

        self.assertNotEqual(second["TableId"], first["TableId"])
        answer = self.dynamodb.get_item(TableName=name, Key={"pk": {"S": "old"}},
                                        ConsistentRead=True)
        self.assertNotIn("Item", answer)

    def test_a_table_made_again_may_have_other_keys(self):
        name = table_name()
        self.make(**table_definition(name, "pk:S"))
        wait_until_active(self.dynamodb, name)
        self.dynamodb.delete_table(TableName=name)
        wait_until_gone(self.dynamodb, name)
        self.make(**table_definition(name, "id:N", "at:B"))
        wait_until_active(self.dynamodb, name)
        item = {"id": {"N": "1"}, "at": {"B": b"\x00"}}

        self.dynamodb.put_item(TableName=name, Item=item)

        self.assertEqual(self.dynamodb.get_item(TableName=name, Key=item)["Item"], item)

    def test_waiters_wait_for_a_table_to_exist_and_to_be_gone(self):
        definition = table_definition(table_name())
        name = definition["TableName"]
        waiting = make_client()
        self.make(**definition)
        with answers.Unnoted():
            waiting.get_waiter("table_exists").wait(TableName=name, WaiterConfig=FAST)
        self.dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}})

        self.dynamodb.delete_table(TableName=name)
        with answers.Unnoted():
            waiting.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig=FAST)

        with self.refused("ResourceNotFoundException", "^Requested resource not found"):
            self.dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}})


class MissingTableTest(ClientCase):
    """Item operations name no table in their refusal, table operations do."""

    NAME = "no-such-table"

    def test_describe(self):
        with self.refused("ResourceNotFoundException",
                          "^Requested resource not found: Table: no-such-table not found$"):
            self.dynamodb.describe_table(TableName=self.NAME)

    def test_delete(self):
        with self.refused("ResourceNotFoundException",
                          "^Requested resource not found: Table: no-such-table not found$"):
            self.dynamodb.delete_table(TableName=self.NAME)

    def test_put(self):
        with self.refused("ResourceNotFoundException", "^Requested resource not found$"):
            self.dynamodb.put_item(TableName=self.NAME, Item={"pk": {"S": "a"}})

    def test_get(self):
        with self.refused("ResourceNotFoundException", "^Requested resource not found$"):
            self.dynamodb.get_item(TableName=self.NAME, Key={"pk": {"S": "a"}})

    def test_delete_item(self):
        with self.refused("ResourceNotFoundException", "^Requested resource not found$"):
            self.dynamodb.delete_item(TableName=self.NAME, Key={"pk": {"S": "a"}})


class ListTablesTest(ClientCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.names = [f"{endpoint.current.run_name}-list-{i}" for i in range(5)]
        for name in cls.names:
            cls.dynamodb.create_table(**table_definition(name))
        for name in cls.names:
            wait_until_active(cls.dynamodb, name)
        cls.before_them = cls.names[0][:-1]

    @classmethod
    def tearDownClass(cls):
        for name in cls.names:
            cls.dynamodb.delete_table(TableName=name)
        super().tearDownClass()

    def test_a_page_is_sorted_and_ends_at_the_limit(self):
        page = self.dynamodb.list_tables(ExclusiveStartTableName=self.before_them, Limit=3)

        self.assertEqual(page["TableNames"], self.names[:3])
        self.assertEqual(page["LastEvaluatedTableName"], self.names[2])

    def test_the_next_page_goes_on_after_the_last_name(self):
        page = self.dynamodb.list_tables(ExclusiveStartTableName=self.names[2], Limit=2)

        self.assertEqual(page["TableNames"], self.names[3:])

    def test_the_start_need_not_exist(self):
        page = self.dynamodb.list_tables(ExclusiveStartTableName=self.names[1] + "0", Limit=1)

        self.assertEqual(page["TableNames"], [self.names[2]])

    def test_the_last_page_names_no_next_one(self):
        with answers.Unnoted():
            page = self.dynamodb.list_tables(ExclusiveStartTableName="z" * 255)

        self.assertEqual(page["TableNames"], [])
        self.assertNotIn("LastEvaluatedTableName", page)

    def test_pages_of_one_show_every_table_once(self):
        with answers.Unnoted():
            pages = make_client().get_paginator("list_tables").paginate(
                PaginationConfig={"PageSize": 1})
            seen = [name for page in pages for name in page["TableNames"]]

        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual([name for name in seen if name in self.names], self.names)

    def test_limits_are_1_to_100(self):
        for limit in (0, 101):
            with self.subTest(limit=limit), self.refused("ValidationException", "(?i)limit"):
                self.dynamodb.list_tables(Limit=limit)
        with answers.Unnoted():
            self.assertLessEqual(len(self.dynamodb.list_tables(Limit=100)["TableNames"]), 100)


class BusyTableTest(TableCase):

    def test_a_name_is_not_a_prefix(self):
        with self.refused("ResourceNotFoundException"):
            self.dynamodb.describe_table(TableName=self.table + "-more")
