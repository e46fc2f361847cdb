// Tables through @aws-sdk/client-dynamodb: its commands, waiters and paginators.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  CreateTableCommand, DeleteTableCommand, DescribeTableCommand, ResourceInUseException,
  ResourceNotFoundException, paginateListTables, waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';

import { client, createTable, tableOf, waitWith } from './endpoint.mjs';

const NAMES = ['tables-1', 'tables-2', 'tables-3'];
const TableName = NAMES[0];

before(async () => {
  for (const name of NAMES)
    await createTable(name, 'pk:S', 'sk:N');
});

after(async () => {
  for (const name of NAMES)
    await client.send(new DeleteTableCommand({ TableName: name }));
});

test('a table is described as it was created', async () => {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
  assert.equal(table.TableStatus, 'ACTIVE');
  assert.equal(table.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
  assert.ok(table.CreationDateTime instanceof Date);
  assert.match(table.TableArn, /^arn:aws:dynamodb:us-east-1:\d{12}:table\/tables-1$/);
  assert.deepEqual(table.KeySchema, tableOf(TableName, 'pk:S', 'sk:N').KeySchema);
});

test('the paginator lists all tables, a page at a time', async () => {
  const pages = [];
  for await (const page of paginateListTables({ client, pageSize: 1 }, {}))
    pages.push(page.TableNames);
  assert.ok(pages.every(names => names.length <= 1));
  const names = pages.flat().filter(name => NAMES.includes(name));
  assert.deepEqual(names, NAMES);
});

test('a table that is there is not created again', async () => {
  await assert.rejects(client.send(new CreateTableCommand(tableOf(TableName, 'pk:S'))),
    error => error instanceof ResourceInUseException && error.$metadata.httpStatusCode === 400);
});

test('a deleted table is gone, and its name is unknown', async () => {
  const name = 'tables-deleted';
  await createTable(name, 'pk:S');
  await client.send(new DeleteTableCommand({ TableName: name }));
  await waitWith(waitUntilTableNotExists, name);
  await assert.rejects(client.send(new DescribeTableCommand({ TableName: name })),
    error => error instanceof ResourceNotFoundException);
});
