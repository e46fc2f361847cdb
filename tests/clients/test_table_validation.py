"""What CreateTable refuses; nothing is made then."""

from client_case import ClientCase, table_definition, table_name


class CreateTableValidationTest(ClientCase):

    def check_refused(self, text, name=None, **changes):
        """CreateTable of a good definition with these changes; None takes a member away."""
        definition = {**table_definition(table_name(), "pk:S"), **changes}
        definition = {key: value for key, value in definition.items() if value is not None}
        with self.refused("ValidationException", text):
            self.dynamodb.create_table(**definition)
        if name is None:
            with self.refused("ResourceNotFoundException"):
                self.dynamodb.describe_table(TableName=definition["TableName"])

    def check_name_refused(self, name):
        with self.refused("ValidationException", "(?i)table.?name"):
            self.dynamodb.create_table(**table_definition(name))

    def test_a_name_of_2_characters(self):
        self.check_name_refused("ab")

    def test_a_name_of_256_characters(self):
        self.check_name_refused("x" * 256)

    def test_an_empty_name(self):
        self.check_name_refused("")

    def test_a_name_with_other_characters(self):
        for name in ("a b c", "abc;", "tablé", "abc/def"):
            with self.subTest(name=name):
                self.check_name_refused(name)

    def test_no_name(self):
        with self.refused("ValidationException", "(?i)table.?name"):
            definition = table_definition("unused")
            del definition["TableName"]
            self.dynamodb.create_table(**definition)

    def test_no_key_schema(self):
        self.check_refused("(?i)key.?schema", KeySchema=None)

    def test_an_empty_key_schema(self):
        self.check_refused("(?i)key.?schema", KeySchema=[])

    def test_no_attribute_definitions(self):
        self.check_refused("(?i)attribute.?definitions", AttributeDefinitions=None)

    def test_a_key_that_is_not_defined(self):
        self.check_refused(
            "(?i)attributes? (are|is) not defined|AttributeDefinitions",
            AttributeDefinitions=[{"AttributeName": "other", "AttributeType": "S"}])

    def test_a_definition_that_is_not_used(self):
        self.check_refused(
            "Some AttributeDefinitions are not used|Number of attributes",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"},
                                  {"AttributeName": "more", "AttributeType": "S"}])

    def test_a_definition_that_stands_twice(self):
        self.check_refused(
            "(?i)attribute",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"},
                                  {"AttributeName": "pk", "AttributeType": "N"}])

    def test_a_key_of_another_type(self):
        for kind in ("BOOL", "SS", "M", "s", ""):
            with self.subTest(type=kind):
                self.check_refused(
                    "enum value set: \\[B, N, S\\]|enum value set",
                    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": kind}])

    def test_a_key_of_another_role(self):
        self.check_refused("enum value set: \\[HASH, RANGE\\]",
                           KeySchema=[{"AttributeName": "pk", "KeyType": "SORT"}])

    def test_a_sort_key_alone(self):
        self.check_refused("(?i)key.?schema",
                           KeySchema=[{"AttributeName": "pk", "KeyType": "RANGE"}])

    def test_two_partition_keys(self):
        self.check_refused(
            "(?i)key.?schema|key element|HASH",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"},
                                  {"AttributeName": "sk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"},
                       {"AttributeName": "sk", "KeyType": "HASH"}])

    def test_the_sort_key_first(self):
        self.check_refused(
            "(?i)key.?schema|key element|HASH",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"},
                                  {"AttributeName": "sk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "sk", "KeyType": "RANGE"},
                       {"AttributeName": "pk", "KeyType": "HASH"}])

    def test_one_attribute_as_both_keys(self):
        self.check_refused("(?i)same name|key",
                           KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"},
                                      {"AttributeName": "pk", "KeyType": "RANGE"}])

    def test_three_keys(self):
        names = ("pk", "sk", "tk")
        self.check_refused(
            "(?i)key.?schema",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            KeySchema=[{"AttributeName": n, "KeyType": "HASH" if n == "pk" else "RANGE"}
                       for n in names])

    def test_a_key_name_of_256_characters(self):
        long = "k" * 256
        self.check_refused("(?i)attribute.?name",
                           AttributeDefinitions=[{"AttributeName": long, "AttributeType": "S"}],
                           KeySchema=[{"AttributeName": long, "KeyType": "HASH"}])

    def test_provisioned_without_throughput(self):
        self.check_refused("ReadCapacityUnits|ProvisionedThroughput", BillingMode="PROVISIONED")

    def test_on_demand_with_throughput(self):
        self.check_refused(
            "PAY_PER_REQUEST",
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1})

    def test_throughput_of_zero(self):
        self.check_refused(
            "(?i)readCapacityUnits", BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 0, "WriteCapacityUnits": 1})

    def test_another_billing_mode(self):
        self.check_refused("(?i)billing.?mode.*enum value set", BillingMode="FREE")

    def test_all_violations_are_told_at_once(self):
        self.check_refused("^[2-9] validation errors? detected: .*; ",
                           BillingMode="FREE",
                           KeySchema=[{"AttributeName": "pk", "KeyType": "SORT"}])
