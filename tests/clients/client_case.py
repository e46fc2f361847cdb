"""Base of all cases: boto3 clients of every router, tables, and what a refusal must look like."""

import contextlib
import itertools
import time
import unittest

import boto3
import botocore.config
import botocore.exceptions
import botocore.session

import answers
import endpoint
import response_check

READY_TIMEOUT_S = 20
POLL_S = 0.02

CONFIG = dict(
    parameter_validation=False,     # the server is to judge
    retries={"total_max_attempts": 1},
    connect_timeout=10, read_timeout=30)

table_numbers = itertools.count(1)


def check_response(http_response, model, **_):
    headers = {name.lower(): value for name, value in http_response.headers.items()}
    response_check.check_headers(headers, http_response.content)
    response_check.check_body(model, http_response.status_code, http_response.content)
    answers.note(model.name, http_response.status_code, http_response.content)


def make_client(service="dynamodb", url=None, **changes):
    current = endpoint.current
    config = changes.pop("config", {})
    options = dict(
        endpoint_url=url or current.urls[0], region_name=current.region,
        aws_access_key_id=current.access_key_id, aws_secret_access_key=current.secret,
        verify=current.certificates or True)
    client = boto3.session.Session().client(
        service, config=botocore.config.Config(**{**CONFIG, **config}), **{**options, **changes})
    if service == "dynamodb":
        client.meta.events.register("after-call.dynamodb", check_response)
    return client


def sdk_knows(operation, *members):
    """Whether the SDK at hand, which may be older than the API, can send these parameters."""
    model = botocore.session.get_session().get_service_model("dynamodb")
    return set(members) <= set(model.operation_model(operation).input_shape.members)


def needs_sdk_with(operation, *members):
    """A test that is skipped where the SDK is too old; the scenarios need no SDK."""
    return unittest.skipUnless(sdk_knows(operation, *members),
                               f"this SDK's {operation} has no {', '.join(members)}")


class AnyRouter:
    """A client that sends each call to the next router."""

    def __init__(self):
        clients = [make_client(url=url) for url in endpoint.current.urls]
        self.clients = itertools.cycle(clients)

    def __getattr__(self, name):
        return getattr(next(self.clients), name)


class ClientCase(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.dynamodb = AnyRouter()

    def setUp(self):
        answers.test_name = self.id()

    def tearDown(self):
        answers.test_name = ""

    @contextlib.contextmanager
    def refused(self, name, text=".*", status=400):
        """The call inside is refused with this error, and a message that matches `text`."""
        with self.assertRaises(botocore.exceptions.ClientError) as raised:
            yield
        response = raised.exception.response
        self.assertEqual(response["Error"]["Code"], name, response["Error"])
        self.assertRegex(response["Error"]["Message"], text)
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], status)

    def check_refusal(self, response, name, text="", status=400):
        """The same for a response of http_client."""
        self.assertEqual(response.status, status, response.body)
        self.assertEqual(response.error_name().split("#")[1], name, response.body)
        if text:
            self.assertRegex(response.message(), text)
        self.assertEqual(response.headers["content-type"], "application/x-amz-json-1.0")


# --- Tables -----------------------------------------------------------------------------------


def table_name():
    return f"{endpoint.current.run_name}-{next(table_numbers)}"


def table_definition(name, partition="pk:S", sort=None):
    """The parameters of CreateTable, with keys given as "name:type"."""
    keys = [(partition, "HASH")] + ([(sort, "RANGE")] if sort else [])
    split = [(*key.split(":"), role) for key, role in keys]
    return dict(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t, _ in split],
        KeySchema=[{"AttributeName": n, "KeyType": role} for n, _, role in split])


def wait_until_active(dynamodb, name):
    """Until every router says so; what is asked meanwhile is not noted."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    with answers.Unnoted():
        for _ in endpoint.current.urls:
            while dynamodb.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
                if time.monotonic() > deadline:
                    raise AssertionError(f"{name} does not become ACTIVE")
                time.sleep(POLL_S)


def wait_until_gone(dynamodb, name):
    deadline = time.monotonic() + READY_TIMEOUT_S
    with answers.Unnoted():
        while name_is_known(dynamodb, name):
            if time.monotonic() > deadline:
                raise AssertionError(f"{name} is not deleted")
            time.sleep(POLL_S)


def name_is_known(dynamodb, name):
    try:
        dynamodb.describe_table(TableName=name)
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True


class TableCase(ClientCase):
    """Cases that share one table, of `partition` and `sort`, and keep to items of their own."""

    partition = "pk:S"
    sort = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = table_name()
        cls.dynamodb.create_table(**table_definition(cls.table, cls.partition, cls.sort))
        wait_until_active(cls.dynamodb, cls.table)

    @classmethod
    def tearDownClass(cls):
        cls.dynamodb.delete_table(TableName=cls.table)
        super().tearDownClass()

    def put(self, item, **others):
        return self.dynamodb.put_item(TableName=self.table, Item=item, **others)

    def get(self, key, **others):
        return self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True, **others)

    def delete(self, key, **others):
        return self.dynamodb.delete_item(TableName=self.table, Key=key, **others)

    def stored(self, value):
        """What comes back of an attribute's value."""
        key = {"pk": {"S": self.id()}}
        self.put({**key, "value": value})
        return self.get(key)["Item"]["value"]
