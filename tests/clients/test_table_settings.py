"""UpdateTable, tags and time to live through boto3."""

import re

import answers
import endpoint
from client_case import (ClientCase, TableCase, needs_sdk_with, table_definition, table_name,
                         wait_until_active)

UNCHANGED = "^The provisioned throughput for the table will not change. The requested value equals"
NOTHING = "^At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, .* is required$"


def units(read, write):
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}


class SettingsCase(TableCase):

    def describe(self):
        return self.dynamodb.describe_table(TableName=self.table)["Table"]

    def update(self, **changes):
        response = self.dynamodb.update_table(TableName=self.table, **changes)["TableDescription"]
        wait_until_active(self.dynamodb, self.table)
        return response

    def arn(self):
        with answers.Unnoted():
            return self.describe()["TableArn"]


class UpdateTableTest(SettingsCase):

    def test_billing_and_units(self):
        self.update(BillingMode="PROVISIONED", ProvisionedThroughput=units(5, 6))
        described = self.describe()
        self.assertEqual(described["ProvisionedThroughput"],
                         {"NumberOfDecreasesToday": 0, **units(5, 6)})
        self.assertEqual(described["BillingModeSummary"]["BillingMode"], "PROVISIONED")
        with self.refused("ValidationException", UNCHANGED):
            self.update(ProvisionedThroughput=units(5, 6))
        self.update(ProvisionedThroughput=units(7, 6))
        self.update(ProvisionedThroughput=units(7, 1))
        throughput = self.describe()["ProvisionedThroughput"]
        self.assertEqual(throughput["NumberOfDecreasesToday"], 1)
        self.assertLessEqual(throughput["LastIncreaseDateTime"], throughput["LastDecreaseDateTime"])
        self.update(BillingMode="PAY_PER_REQUEST")
        self.assertEqual(self.describe()["ProvisionedThroughput"]["ReadCapacityUnits"], 0)

    @needs_sdk_with("UpdateTable", "OnDemandThroughput")
    def test_bounds_of_on_demand_throughput(self):
        self.update(OnDemandThroughput={"MaxReadRequestUnits": 20, "MaxWriteRequestUnits": 15})
        self.update(OnDemandThroughput={"MaxReadRequestUnits": 40})
        self.assertEqual(self.describe()["OnDemandThroughput"],
                         {"MaxReadRequestUnits": 40, "MaxWriteRequestUnits": 15})
        self.update(OnDemandThroughput={"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": -1})
        self.assertNotIn("OnDemandThroughput", self.describe())

    def test_class(self):
        self.update(TableClass="STANDARD_INFREQUENT_ACCESS")
        self.assertEqual(self.describe()["TableClassSummary"]["TableClass"],
                         "STANDARD_INFREQUENT_ACCESS")
        self.update(TableClass="STANDARD")
        self.assertEqual(self.describe()["TableClassSummary"]["TableClass"], "STANDARD")

    @needs_sdk_with("UpdateTable", "DeletionProtectionEnabled")
    def test_protection_against_deletion(self):
        self.update(DeletionProtectionEnabled=True)
        self.assertIs(self.describe()["DeletionProtectionEnabled"], True)
        with self.refused("ValidationException", "^Resource cannot be deleted as it is currently "
                          "protected against deletion. Disable deletion protection first.$"):
            self.dynamodb.delete_table(TableName=self.table)
        self.update(DeletionProtectionEnabled=False)
        self.assertIs(self.describe()["DeletionProtectionEnabled"], False)

    @needs_sdk_with("UpdateTable", "DeletionProtectionEnabled")
    def test_items_stay_as_they_were(self):
        item = {"pk": {"S": self.id()}, "a": {"N": "1"}}
        self.put(item)
        self.update(TableClass="STANDARD", DeletionProtectionEnabled=False)
        self.assertEqual(self.get({"pk": item["pk"]})["Item"], item)

    def test_what_asks_for_nothing_or_of_nothing_is_refused(self):
        with self.refused("ValidationException", NOTHING):
            self.update()
        with self.refused("ResourceNotFoundException", "^Requested resource not found: Table: "):
            self.dynamodb.update_table(TableName=table_name(), TableClass="STANDARD")

    @needs_sdk_with("CreateTable", "DeletionProtectionEnabled", "OnDemandThroughput")
    def test_a_table_made_with_all_settings_has_them(self):
        definition = {**table_definition(table_name()), "DeletionProtectionEnabled": True,
                      "TableClass": "STANDARD_INFREQUENT_ACCESS",
                      "OnDemandThroughput": {"MaxWriteRequestUnits": 9},
                      "Tags": [{"Key": "a", "Value": "1"}]}
        name = definition["TableName"]
        self.dynamodb.create_table(**definition)
        wait_until_active(self.dynamodb, name)

        described = self.dynamodb.describe_table(TableName=name)["Table"]

        self.assertIs(described["DeletionProtectionEnabled"], True)
        self.assertEqual(described["OnDemandThroughput"], {"MaxWriteRequestUnits": 9})
        self.assertEqual(described["TableClassSummary"],
                         {"TableClass": "STANDARD_INFREQUENT_ACCESS"})
        listed = self.dynamodb.list_tags_of_resource(ResourceArn=described["TableArn"])
        self.assertEqual(listed["Tags"], definition["Tags"])
        self.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        self.dynamodb.delete_table(TableName=name)


class TagsTest(SettingsCase):

    def listed(self):
        arguments, tags = {"ResourceArn": self.arn()}, {}
        while True:
            page = self.dynamodb.list_tags_of_resource(**arguments)
            tags.update((tag["Key"], tag["Value"]) for tag in page["Tags"])
            if "NextToken" not in page:
                return tags
            arguments["NextToken"] = page["NextToken"]

    def tag(self, **tags):
        self.dynamodb.tag_resource(ResourceArn=self.arn(), Tags=[
            {"Key": key, "Value": value} for key, value in tags.items()])

    def untag(self, *keys):
        self.dynamodb.untag_resource(ResourceArn=self.arn(), TagKeys=list(keys))

    def tearDown(self):
        with answers.Unnoted():
            self.untag(*self.listed())
        super().tearDown()

    def test_put_replace_and_remove(self):
        self.assertEqual(self.listed(), {})
        self.tag(a="1", b="", **{"team:x/y=z+d@e f": "é"})
        self.tag(b="2")
        self.untag("a", "never there")
        self.assertEqual(self.listed(), {"b": "2", "team:x/y=z+d@e f": "é"})

    def test_fifty_and_no_more(self):
        tags = {f"k{number}": str(number) for number in range(50)}
        self.tag(**tags)
        self.assertEqual(self.listed(), tags)
        with self.refused("ValidationException", "cannot exceed 50$"):
            self.tag(more="")
        with self.refused("ValidationException", "cannot exceed 50$"):
            self.tag(**tags, more="")
        self.assertEqual(self.listed(), tags)

    def test_longest_tags(self):
        longest = {"k" * 128: "v" * 256}
        self.tag(**longest)
        self.assertEqual(self.listed(), longest)
        with self.refused("ValidationException", "'tags.1.member.key' failed to satisfy constraint:"
                          " Member must have length less than or equal to 128$"):
            self.tag(**{"k" * 129: ""})
        with self.refused("ValidationException", "'tags.1.member.value' .* less than or equal to 256$"):
            self.tag(k="v" * 257)

    def test_refused_keys(self):
        with self.refused("ValidationException", "reserved: aws:a$"):
            self.tag(**{"aws:a": ""})
        with self.refused("ValidationException", "unique.*: a$"):
            self.dynamodb.tag_resource(ResourceArn=self.arn(), Tags=2 * [{"Key": "a", "Value": ""}])

    def test_resources_that_are_none(self):
        missing = f"arn:aws:dynamodb:{endpoint.current.region}:000000000000:table/{table_name()}"
        for operation, others in (("tag_resource", {"Tags": []}), ("list_tags_of_resource", {}),
                                  ("untag_resource", {"TagKeys": []})):
            call = getattr(self.dynamodb, operation)
            with self.refused("ResourceNotFoundException",
                              f"^Requested resource not found: ResourcArn: {re.escape(missing)} not found$"):
                call(ResourceArn=missing, **others)
            with self.refused("ValidationException", "^Invalid TableArn: .* input nothing$"):
                call(ResourceArn="nothing", **others)


class TimeToLiveTest(SettingsCase):

    def set(self, is_enabled, attribute="ends"):
        return self.dynamodb.update_time_to_live(TableName=self.table, TimeToLiveSpecification={
            "Enabled": is_enabled, "AttributeName": attribute})["TimeToLiveSpecification"]

    def described(self):
        response = self.dynamodb.describe_time_to_live(TableName=self.table)
        return response["TimeToLiveDescription"]

    def test_enabled_and_disabled(self):
        self.assertEqual(self.described(), {"TimeToLiveStatus": "DISABLED"})
        self.assertEqual(self.set(True), {"Enabled": True, "AttributeName": "ends"})
        self.assertEqual(self.described(),
                         {"TimeToLiveStatus": "ENABLED", "AttributeName": "ends"})
        with self.refused("ValidationException", "^TimeToLive is already enabled$"):
            self.set(True)
        with self.refused("ValidationException", "^TimeToLive is active on a different "):
            self.set(True, "other")
        self.assertEqual(self.set(False), {"Enabled": False, "AttributeName": "ends"})
        self.assertEqual(self.described(), {"TimeToLiveStatus": "DISABLED"})
        with self.refused("ValidationException", "^TimeToLive is already disabled$"):
            self.set(False)


class FixedAnswersTest(TableCase):

    def test_continuous_backups_are_without_recovery(self):
        response = self.dynamodb.describe_continuous_backups(TableName=self.table)
        self.assertEqual(response["ContinuousBackupsDescription"], {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}})
        with self.refused("TableNotFoundException", "^Table not found: "):
            self.dynamodb.describe_continuous_backups(TableName=table_name())

    def test_limits(self):
        limits = self.dynamodb.describe_limits()
        self.assertGreaterEqual(limits["TableMaxReadCapacityUnits"], 40000)
        self.assertEqual(len(limits), 5)


class SettingsOfNoTableTest(ClientCase):

    def test_time_to_live(self):
        with self.refused("ResourceNotFoundException", "^Requested resource not found: Table: "):
            self.dynamodb.describe_time_to_live(TableName=table_name())
        with self.refused("ResourceNotFoundException", "^Requested resource not found: Table: "):
            self.dynamodb.update_time_to_live(
                TableName=table_name(),
                TimeToLiveSpecification={"Enabled": True, "AttributeName": "a"})
