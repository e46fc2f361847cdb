"""The AWS command line, with no setting but an endpoint and a key."""

import json
import os
import subprocess

import endpoint
from client_case import ClientCase, table_name, wait_until_active, wait_until_gone

TIMEOUT_S = 60


class CommandLineTest(ClientCase):

    def aws(self, *arguments, must_succeed=True, **environment):
        current = endpoint.current
        run = subprocess.run(
            ["aws", "--endpoint-url", current.urls[-1], "--region", current.region,
             "--output", "json", *(["--ca-bundle", current.certificates]
                                   if current.certificates else []), *arguments],
            env={**os.environ, "AWS_ACCESS_KEY_ID": current.access_key_id,
                 "AWS_SECRET_ACCESS_KEY": current.secret, "AWS_PAGER": "",
                 "AWS_MAX_ATTEMPTS": "1", "AWS_CONFIG_FILE": os.devnull,
                 "AWS_SHARED_CREDENTIALS_FILE": os.devnull, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S)
        if must_succeed:
            self.assertEqual(run.returncode, 0, run.stderr)
            return json.loads(run.stdout) if run.stdout.strip() else None
        self.assertNotEqual(run.returncode, 0, run.stdout)
        return run.stderr

    def test_the_life_of_a_table_and_an_item(self):
        name = table_name()
        table = ("--table-name", name)
        key = json.dumps({"pk": {"S": "a"}, "sk": {"N": "1"}})
        item = {"pk": {"S": "a"}, "sk": {"N": "1"}, "v": {"L": [{"BOOL": True}, {"NULL": True}]}}

        created = self.aws(
            "dynamodb", "create-table", *table, "--billing-mode", "PAY_PER_REQUEST",
            "--attribute-definitions", "AttributeName=pk,AttributeType=S",
            "AttributeName=sk,AttributeType=N",
            "--key-schema", "AttributeName=pk,KeyType=HASH", "AttributeName=sk,KeyType=RANGE")
        self.assertEqual(created["TableDescription"]["TableStatus"], "CREATING")
        # The CLI's own waiter sleeps for 20 s when it comes too early.
        wait_until_active(self.dynamodb, name)
        self.aws("dynamodb", "wait", "table-exists", *table)
        described = self.aws("dynamodb", "describe-table", *table)
        self.assertEqual(described["Table"]["TableName"], name)
        self.assertIn(name, self.aws("dynamodb", "list-tables")["TableNames"])

        self.assertFalse(self.aws("dynamodb", "put-item", *table, "--item", json.dumps(item)))
        got = self.aws("dynamodb", "get-item", *table, "--key", key, "--consistent-read")
        self.assertEqual(got["Item"], item)
        deleted = self.aws("dynamodb", "delete-item", *table, "--key", key,
                           "--return-values", "ALL_OLD")
        self.assertEqual(deleted["Attributes"], item)
        self.assertFalse(self.aws("dynamodb", "get-item", *table, "--key", key))

        deleted = self.aws("dynamodb", "delete-table", *table)
        self.assertEqual(deleted["TableDescription"]["TableStatus"], "DELETING")
        wait_until_gone(self.dynamodb, name)
        self.aws("dynamodb", "wait", "table-not-exists", *table)

    def test_refusals_are_shown_with_name_and_text(self):
        error = self.aws("dynamodb", "describe-table", "--table-name", "no-such-table",
                         must_succeed=False)

        self.assertRegex(error, r"An error occurred \(ResourceNotFoundException\) when calling the "
                                r"DescribeTable operation.*: Requested resource not found: "
                                r"Table: no-such-table not found")

    def test_a_wrong_secret_is_refused(self):
        error = self.aws("dynamodb", "list-tables", must_succeed=False,
                         AWS_SECRET_ACCESS_KEY="wrong")

        self.assertIn("(InvalidSignatureException)", error)

    def test_sts_get_caller_identity(self):
        answer = self.aws("sts", "get-caller-identity")

        self.assertEqual(sorted(answer), ["Account", "Arn", "UserId"])
