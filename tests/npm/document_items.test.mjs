// Single items through @aws-sdk/lib-dynamodb's DocumentClient.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand, GetCommand, NumberValue, PutCommand, UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

import { documents, useTable } from './endpoint.mjs';

const TableName = 'document-items';
useTable(TableName, ['id:S']);

const put = (Item, others) => documents.send(new PutCommand({ TableName, Item, ...others }));
const get = async (id, others) => (await documents.send(
  new GetCommand({ TableName, Key: { id }, ConsistentRead: true, ...others }))).Item;
const update = (id, UpdateExpression, others) => documents.send(new UpdateCommand(
  { TableName, Key: { id }, UpdateExpression, ReturnValues: 'ALL_NEW', ...others }));

test('an item of all types comes back as it was put', async () => {
  const item = {
    id: 'all types', text: 'žluťoučký 🐎', empty: '', number: -12.5, yes: true, nothing: null,
    bytes: new Uint8Array([0, 1, 254, 255]), list: [1, 'two', [null, { three: 3 }]],
    map: { deep: { deeper: ['x'] } }, texts: new Set(['a', 'b']), numbers: new Set([1, 2]),
  };
  await put(item);
  assert.deepEqual(await get('all types'), item);
});

test('a number of 38 digits keeps them all', async () => {
  const digits = '12345678901234567890123456789012345678';
  await put({ id: 'digits', number: NumberValue.from(digits) });
  const { number } = await get('digits');
  assert.equal(number, BigInt(digits));
});

test('an item that is not there comes back as undefined', async () => {
  assert.equal(await get('nobody'), undefined);
});

test('a projection brings only what it names', async () => {
  await put({ id: 'projected', a: { b: [1, 2, 3], c: 4 }, size: 5, other: 6 });
  const item = await get('projected', {
    ProjectionExpression: 'a.b[1], #size', ExpressionAttributeNames: { '#size': 'size' } });
  assert.deepEqual(item, { a: { b: [2] }, size: 5 });
});

test('an update sets, adds, removes and deletes in one expression', async () => {
  await put({ id: 'updated', count: 1, nick: 'x', tags: new Set(['a', 'b']), log: ['first'] });
  const expression = 'SET #log = list_append(#log, :entry), born = if_not_exists(born, :born) ' +
    'ADD #count :more REMOVE nick DELETE tags :tag';
  const { Attributes } = await update('updated', expression, {
    ExpressionAttributeNames: { '#log': 'log', '#count': 'count' },
    ExpressionAttributeValues: {
      ':entry': ['second'], ':born': 1815, ':more': 41, ':tag': new Set(['a']) },
  });
  const expected = { id: 'updated', count: 42, tags: new Set(['b']), log: ['first', 'second'],
    born: 1815 };
  assert.deepEqual(Attributes, expected);
  assert.deepEqual(await get('updated'), expected);
});

test('an update makes an item that was not there', async () => {
  const { Attributes } = await update('made', 'SET a = :value', {
    ExpressionAttributeValues: { ':value': { b: 1 } }, ReturnValues: 'UPDATED_NEW' });
  assert.deepEqual(Attributes, { a: { b: 1 } });
  assert.deepEqual(await get('made'), { id: 'made', a: { b: 1 } });
});

test('an update of a path into nothing is refused, and makes nothing', async () => {
  const refused = update('not made', 'SET a.b = :value', {
    ExpressionAttributeValues: { ':value': 1 } });
  await assert.rejects(refused, {
    name: 'ValidationException',
    message: 'The document path provided in the update expression is invalid for update',
  });
  assert.equal(await get('not made'), undefined);
});

test('a put whose condition fails throws ConditionalCheckFailedException', async () => {
  await put({ id: 'taken', owner: 'ada' });
  const refused = put({ id: 'taken', owner: 'eve' }, {
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await assert.rejects(refused, error => {
    assert.ok(error instanceof ConditionalCheckFailedException, error.name);
    assert.equal(error.message, 'The conditional request failed');
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.$metadata.requestId, /^[A-Z0-9]{52}$/);
    assert.deepEqual(error.Item, { id: { S: 'taken' }, owner: { S: 'ada' } });
    return true;
  });
  assert.equal((await get('taken')).owner, 'ada');
});

test('a put whose condition holds is done, and returns what was there', async () => {
  await put({ id: 'versioned', version: 1 });
  const { Attributes } = await put({ id: 'versioned', version: 2 }, {
    ConditionExpression: 'version = :seen AND attribute_type(version, :number)',
    ExpressionAttributeValues: { ':seen': 1, ':number': 'N' },
    ReturnValues: 'ALL_OLD',
  });
  assert.deepEqual(Attributes, { id: 'versioned', version: 1 });
  assert.equal((await get('versioned')).version, 2);
});

test('a delete returns what was there, and nothing is left', async () => {
  await put({ id: 'deleted', value: 1 });
  const remove = () => documents.send(new DeleteCommand(
    { TableName, Key: { id: 'deleted' }, ReturnValues: 'ALL_OLD' }));
  assert.deepEqual((await remove()).Attributes, { id: 'deleted', value: 1 });
  assert.equal((await remove()).Attributes, undefined);
  assert.equal(await get('deleted'), undefined);
});

test('an expression that says nothing is a ValidationException with its reason', async () => {
  await assert.rejects(update('any', 'SET a = :missing', {
    ExpressionAttributeValues: { ':other': 1 } }), {
    name: 'ValidationException',
    message: /^Invalid UpdateExpression: .*:missing/,
  });
});
