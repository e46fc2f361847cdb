// Many items through @aws-sdk/lib-dynamodb: batches, queries, scans and their paginators.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  BatchGetCommand, BatchWriteCommand, QueryCommand, ScanCommand, paginateQuery, paginateScan,
} from '@aws-sdk/lib-dynamodb';

import { documents, useTable } from './endpoint.mjs';

const TableName = 'document-pages';
const PARTITIONS = ['ada', 'bob', 'eve'];
const PER_PARTITION = 25;

const itemsOf = user => Array.from({ length: PER_PARTITION }, (_, at) =>
  ({ user, at, kind: at % 5 === 0 ? 'fifth' : 'other', note: `${user} ${at}` }));

useTable(TableName, ['user:S', 'at:N'], async () => {
  for (const user of PARTITIONS) {
    const puts = itemsOf(user).map(Item => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await documents.send(
      new BatchWriteCommand({ RequestItems: { [TableName]: puts } }));
    assert.deepEqual(UnprocessedItems, {});
  }
});

/** All items of a paginator of the SDK, and how many each page had. */
async function collect(pages) {
  const items = [];
  const sizes = [];
  for await (const page of pages) {
    items.push(...page.Items);
    sizes.push(page.Items.length);
  }
  return { items, sizes };
}

const byKey = (left, right) => left.user.localeCompare(right.user) || left.at - right.at;

test('what a batch wrote, a batch gets', async () => {
  const Keys = [{ user: 'ada', at: 3 }, { user: 'eve', at: 24 }, { user: 'nobody', at: 1 }];
  const { Responses, UnprocessedKeys } = await documents.send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }));
  assert.deepEqual(UnprocessedKeys, {});
  assert.deepEqual(Responses[TableName].toSorted(byKey),
    [itemsOf('ada')[3], itemsOf('eve')[24]]);
});

test('a batch of 26 is refused', async () => {
  const puts = Array.from({ length: 26 }, (_, at) =>
    ({ PutRequest: { Item: { user: 'many', at } } }));
  await assert.rejects(
    documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } })),
    { name: 'ValidationException' });
});

test('a query has the items of its range, in order', async () => {
  const { Items, Count, ScannedCount, LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName, KeyConditionExpression: '#user = :user AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#user': 'user', '#at': 'at' },
      ExpressionAttributeValues: { ':user': 'bob', ':from': 9, ':to': 11 },
    }));
  assert.deepEqual(Items, itemsOf('bob').slice(9, 12));
  assert.deepEqual([Count, ScannedCount, LastEvaluatedKey], [3, 3, undefined]);
});

test('a query goes backwards, filters and projects', async () => {
  const { Items, Count, ScannedCount } = await documents.send(new QueryCommand({
    TableName, KeyConditionExpression: '#user = :user', FilterExpression: 'kind = :kind',
    ProjectionExpression: '#at', ScanIndexForward: false, ConsistentRead: true,
    ExpressionAttributeNames: { '#user': 'user', '#at': 'at' },
    ExpressionAttributeValues: { ':user': 'eve', ':kind': 'fifth' },
  }));
  assert.deepEqual(Items.map(item => item.at), [20, 15, 10, 5, 0]);
  assert.ok(Items.every(item => Object.keys(item).length === 1));
  assert.deepEqual([Count, ScannedCount], [5, PER_PARTITION]);
});

test('paginateQuery brings all items in order, ten a page', async () => {
  const { items, sizes } = await collect(paginateQuery({ client: documents, pageSize: 10 }, {
    TableName, KeyConditionExpression: '#user = :user',
    ExpressionAttributeNames: { '#user': 'user' }, ExpressionAttributeValues: { ':user': 'ada' },
  }));
  assert.deepEqual(items, itemsOf('ada'));
  assert.deepEqual(sizes, [10, 10, 5]);
});

test('paginateScan brings every item once', async () => {
  const { items, sizes } = await collect(
    paginateScan({ client: documents, pageSize: 7 }, { TableName, ConsistentRead: true }));
  assert.deepEqual(items.toSorted(byKey), PARTITIONS.flatMap(itemsOf));
  assert.ok(sizes.every(size => size <= 7));
});

test('paginateScan goes on over pages whose items were all filtered out', async () => {
  const { items } = await collect(paginateScan({ client: documents, pageSize: 3 }, {
    TableName, FilterExpression: 'begins_with(note, :note)',
    ExpressionAttributeValues: { ':note': 'eve 1' },
  }));
  assert.deepEqual(items.map(item => item.at), [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});

test('the segments of a parallel scan have every item once together', async () => {
  const TotalSegments = 4;
  const segments = await Promise.all(Array.from({ length: TotalSegments }, (_, Segment) =>
    collect(paginateScan({ client: documents }, { TableName, Segment, TotalSegments }))));
  assert.deepEqual(segments.flatMap(({ items }) => items).sort(byKey),
    PARTITIONS.flatMap(itemsOf));
});

test('a scan counts without bringing items', async () => {
  const { Items, Count } = await documents.send(
    new ScanCommand({ TableName, Select: 'COUNT' }));
  assert.deepEqual([Items, Count], [undefined, PARTITIONS.length * PER_PARTITION]);
});
