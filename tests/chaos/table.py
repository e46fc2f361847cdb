"""Table: clients of a target's regions, and the table that a test works on."""

import time

import targets  # It finds localcluster. pylint: disable=unused-import
from dynamo import Client, Refused, Unknown, Unsent
from record import KEY

from localcluster import keys

SECONDS_MAX = 60


class NotMade(Exception):
    """The region makes no table."""


def client_of(url, region):
    return Client(url, region, keys.ACCESS_KEY_ID, keys.SECRET_ACCESS_KEY)


def table_make(url, region, table):
    """Makes the table and waits until it is there."""
    client = client_of(url, region)
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        try:
            if _table_is_active(client, table):
                return
        except (Unsent, Unknown) as error:
            if time.monotonic() > deadline:
                raise NotMade(f"no table can be made in {region}: {error}") from error
        time.sleep(0.05)


def _table_is_active(client, table):
    try:
        return client.call("DescribeTable", TableName=table)["Table"]["TableStatus"] == "ACTIVE"
    except Refused as error:
        if error.kind != "ResourceNotFoundException":
            raise
    try:
        client.call("CreateTable", TableName=table, BillingMode="PAY_PER_REQUEST",
                    AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
                    KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}])
    except Refused as error:
        if error.kind != "ResourceInUseException":
            raise
    return False
