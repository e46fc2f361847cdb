// Version 2 of AWS's SDK for JavaScript, which checks the CRC-32 of each answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import AWS from 'aws-sdk';

import { CONFIG, useTable } from './endpoint.mjs';

const TableName = 'sdk-v2';
useTable(TableName, ['id:S']);

const { maxAttempts, ...config } = CONFIG;
const service = new AWS.DynamoDB({ ...config, maxRetries: maxAttempts - 1 });
const documents = new AWS.DynamoDB.DocumentClient({ service });

test('its waiter sees that a table is there', async () => {
  const { Table } = await service.waitFor('tableExists', { TableName }).promise();
  assert.equal(Table.TableStatus, 'ACTIVE');
});

test('an item comes back as it was put, and a scan finds it', async () => {
  const letters = documents.createSet(['a', 'b']);
  const Item = { id: 'mixed', letters, bytes: Buffer.from('bytes'), number: 1.5, none: null };
  await documents.put({ TableName, Item }).promise();
  const got = (await documents.get({ TableName, Key: { id: 'mixed' } }).promise()).Item;
  assert.deepEqual({ ...got, letters: [...got.letters.values] }, { ...Item, letters: ['a', 'b'] });
  const { Items } = await documents.scan({ TableName, FilterExpression: 'contains(letters, :b)',
    ExpressionAttributeValues: { ':b': 'b' } }).promise();
  assert.deepEqual(Items.map(item => item.id), ['mixed']);
});

test('an item near the size limit comes back whole', async () => {
  const text = 'é'.repeat(199_000);
  await documents.put({ TableName, Item: { id: 'large', text } }).promise();
  const { Item } = await documents.get({ TableName, Key: { id: 'large' } }).promise();
  assert.equal(Item.text, text);
});

test('a condition that fails is told by its code', async () => {
  await documents.put({ TableName, Item: { id: 'taken' } }).promise();
  const again = documents.put({ TableName, Item: { id: 'taken' },
    ConditionExpression: 'attribute_not_exists(id)' });
  await assert.rejects(again.promise(),
    { code: 'ConditionalCheckFailedException', statusCode: 400, retryable: false });
});
