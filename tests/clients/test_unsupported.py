"""What is not served yet is refused, never half done."""

import re

import botocore.exceptions
from client_case import ClientCase, TableCase, sdk_knows, table_definition, table_name

REFUSALS = ("UnknownOperationException", "ValidationException")


class UnsupportedCase(TableCase):

    def setUp(self):
        super().setUp()
        self.key = {"pk": {"S": self.id()}}
        self.item = {**self.key, "a": {"S": "1"}}
        self.put(self.item)

    def check_refused(self, operation, **parameters):
        with self.subTest(operation=operation, parameters=list(parameters)):
            with self.assertRaises(botocore.exceptions.ClientError) as raised:
                getattr(self.dynamodb, operation)(**parameters)
            self.assertIn(raised.exception.response["Error"]["Code"], REFUSALS)
            self.assertEqual(self.get(self.key)["Item"], self.item)


class UnsupportedOperationTest(UnsupportedCase):

    def test_reads_of_many_items(self):
        self.check_refused("transact_get_items",
                           TransactItems=[{"Get": {"TableName": self.table, "Key": self.key}}])

    def test_other_writes(self):
        self.check_refused("transact_write_items", TransactItems=[
            {"Delete": {"TableName": self.table, "Key": self.key}}])
        self.check_refused("execute_statement",
                           Statement=f'DELETE FROM "{self.table}" WHERE pk = \'x\'')

    def test_changes_of_tables(self):
        for member, value in (("StreamSpecification", {"StreamEnabled": False}),
                              ("SSESpecification", {"Enabled": True}), ("ReplicaUpdates", []),
                              ("GlobalSecondaryIndexUpdates", []), ("WarmThroughput", {})):
            if sdk_knows("UpdateTable", member):
                self.check_refused("update_table", TableName=self.table, **{member: value})
        self.check_refused("create_backup", TableName=self.table, BackupName="backup")
        self.check_refused("create_global_table", GlobalTableName=self.table,
                           ReplicationGroup=[{"RegionName": "us-east-1"}])


class UnsupportedTableTest(ClientCase):

    def check_refused(self, **changes):
        definition = {**table_definition(table_name(), "pk:S", "sk:S"), **changes}
        with self.assertRaises(botocore.exceptions.ClientError) as raised:
            self.dynamodb.create_table(**definition)
        self.assertIn(raised.exception.response["Error"]["Code"], REFUSALS)
        with self.refused("ResourceNotFoundException", re.escape(definition["TableName"])):
            self.dynamodb.describe_table(TableName=definition["TableName"])

    def index(self):
        return {"IndexName": "index", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                              {"AttributeName": "sk", "KeyType": "RANGE"}]}

    def test_global_secondary_indexes(self):
        self.check_refused(GlobalSecondaryIndexes=[self.index()])

    def test_local_secondary_indexes(self):
        self.check_refused(LocalSecondaryIndexes=[self.index()])

    def test_streams(self):
        self.check_refused(StreamSpecification={"StreamEnabled": True,
                                                "StreamViewType": "NEW_IMAGE"})

    def test_encryption_with_own_keys(self):
        self.check_refused(SSESpecification={"Enabled": True, "SSEType": "KMS"})
