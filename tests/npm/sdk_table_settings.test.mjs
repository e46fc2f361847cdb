// What a table has besides items, through @aws-sdk/client-dynamodb: protection, tags, time to live.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  DeleteTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand, ListTagsOfResourceCommand,
  TagResourceCommand, UntagResourceCommand, UpdateTableCommand, UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

import { client, useTable, waitWith } from './endpoint.mjs';

const TableName = 'table-settings';
useTable(TableName, ['pk:S']);

const describe = async () => (await client.send(new DescribeTableCommand({ TableName }))).Table;

test('a table under protection is not deleted until the protection is lifted', async () => {
  const protect = DeletionProtectionEnabled =>
    client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
  await protect(true);
  await waitWith(waitUntilTableExists, TableName);
  await assert.rejects(client.send(new DeleteTableCommand({ TableName })),
    { name: 'ValidationException' });
  await protect(false);
  await waitWith(waitUntilTableExists, TableName);
  assert.equal((await describe()).DeletionProtectionEnabled, false);
});

test('tags are set, listed and taken away', async () => {
  const ResourceArn = (await describe()).TableArn;
  const list = async () =>
    (await client.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags;
  const Tags = [{ Key: 'team', Value: 'blue' }, { Key: 'stage', Value: '' }];
  await client.send(new TagResourceCommand({ ResourceArn, Tags }));
  const byKey = (left, right) => left.Key.localeCompare(right.Key);
  assert.deepEqual((await list()).sort(byKey), Tags.toSorted(byKey));
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));
  assert.deepEqual(await list(), [Tags[1]]);
});

test('the time to live is set and described', async () => {
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
  const set = await client.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  assert.deepEqual(set.TimeToLiveSpecification, TimeToLiveSpecification);
  const { TimeToLiveDescription } =
    await client.send(new DescribeTimeToLiveCommand({ TableName }));
  assert.equal(TimeToLiveDescription.AttributeName, 'expires');
  assert.match(TimeToLiveDescription.TimeToLiveStatus, /^ENABL(ING|ED)$/);
});
