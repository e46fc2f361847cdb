// dynamodb-admin, a person's view of tables and items, driven over its pages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  UpdateTimeToLiveCommand, waitUntilTableExists, waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';

import { AdminServer } from './admin_server.mjs';
import { client, documents, useTable, waitWith } from './endpoint.mjs';

const {
  GRATICULE_URL, GRATICULE_OPEN_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
} = process.env;

const TableName = 'admin-readings';
const ROOMS = ['hall', 'kitchen'];
const PER_ROOM = 30;

const readingsOf = room => Array.from({ length: PER_ROOM }, (_, hour) =>
  ({ room, hour, degrees: 18 + hour / 4, note: `${room} at ${hour}` }));

useTable(TableName, ['room:S', 'hour:N'], async () => {
  const puts = ROOMS.flatMap(readingsOf).map(Item => ({ PutRequest: { Item } }));
  for (let first = 0; first < puts.length; first += 25)
    await documents.send(new BatchWriteCommand(
      { RequestItems: { [TableName]: puts.slice(first, first + 25) } }));
});

let admin;
before(async () => {
  const options = ['--dynamo-endpoint', GRATICULE_URL, '--skip-default-credentials'];
  admin = await AdminServer.start(options,
    { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
});
after(() => admin?.stop());

const stored = async (room, hour) => (await documents.send(
  new GetCommand({ TableName, Key: { room, hour }, ConsistentRead: true }))).Item;

test('the first page lists the tables', async () => {
  assert.match(await admin.page('/'), new RegExp(`href='/tables/${TableName}'`));
});

test('the page of a table shows its keys to search by', async () => {
  const page = await admin.page(`/tables/${TableName}`);
  assert.match(page, /data-key-hash="room"/);
  assert.match(page, /data-key-range="hour"/);
});

test('all items are browsed, a page after the other', async () => {
  const pages = [];
  for (let key = ''; key !== null; ) {
    const { Items, nextKey, uniqueKeys } = await admin.items(TableName, { startKey: key });
    assert.deepEqual(uniqueKeys.slice(0, 2), ['room', 'hour']);
    pages.push(Items);
    key = nextKey && decodeURIComponent(nextKey);
  }
  assert.deepEqual(pages.map(items => items.length), [25, 25, 10]);
  const notes = pages.flat().map(item => item.note);
  assert.deepEqual(notes.sort(), ROOMS.flatMap(readingsOf).map(item => item.note).sort());
});

test('a scan filters by text, by number and by how text begins', async () => {
  const notesOf = async filters => (await admin.items(TableName, { filters }))
    .Items.map(item => item.note).sort();
  assert.deepEqual(await notesOf({ note: { type: 'S', operator: '=', value: 'hall at 7' } }),
    ['hall at 7']);
  assert.deepEqual(await notesOf({ degrees: { type: 'N', operator: '>=', value: '25' } }),
    ['hall at 28', 'hall at 29', 'kitchen at 28', 'kitchen at 29']);
  assert.deepEqual(await notesOf({
    note: { type: 'S', operator: 'begins_with', value: 'kitchen at 2' },
    hour: { type: 'N', operator: '<>', value: '2' },
  }), Array.from({ length: 10 }, (_, digit) => `kitchen at 2${digit}`));
});

test('a query finds the items of its keys, in order', async () => {
  const { Items } = await admin.items(TableName, {
    operationType: 'query',
    filters: {
      room: { type: 'S', operator: '=', value: 'kitchen' },
      hour: { type: 'N', operator: '<', value: '3' },
      note: { type: 'S', operator: '<>', value: 'kitchen at 1' },
    },
  });
  assert.deepEqual(Items.map(item => item.hour), [0, 2]);
});

test('the page of an item shows it', async () => {
  const page = await admin.page(`/tables/${TableName}/items/hall,4`);
  assert.match(page, /hall at 4/);
  assert.match(page, /degrees[^\n]*19/);
  await admin.request('GET', `/tables/${TableName}/items/cellar,4`, { status: 404 });
});

test('the form to get an item leads to its page', async () => {
  assert.match(await admin.page(`/tables/${TableName}/get`), /hour/);
  const { headers } = await admin.request('GET', `/tables/${TableName}/get?hash=hall&range=4`,
    { status: 302 });
  assert.equal(headers.get('Location'), `/tables/${TableName}/items/hall,4`);
});

test('an item is created, changed and deleted through its form', async () => {
  const path = `/tables/${TableName}/items/attic,1`;
  assert.match(await admin.page(`/tables/${TableName}/add-item`), /room/);

  const item = { room: 'attic', hour: 1, nested: { list: [1, 'two', null, true] } };
  const created = await admin.request('PUT', `/tables/${TableName}/add-item`, { body: item });
  assert.deepEqual(await created.json(), { room: 'attic', hour: 1 });
  assert.deepEqual(await stored('attic', 1), item);

  const changed = await admin.request('PUT', path, { body: { ...item, nested: 'flat' } });
  assert.deepEqual(await changed.json(), { room: 'attic', hour: 1, nested: 'flat' });
  assert.equal((await stored('attic', 1)).nested, 'flat');

  await admin.request('DELETE', path, { status: 204 });
  assert.equal(await stored('attic', 1), undefined);
});

test('a mistake is told in the words of DynamoDB', async () => {
  const response = await admin.request('PUT', `/tables/${TableName}/add-item`,
    { body: { room: 5, hour: 1 }, status: 500 });
  assert.match((await response.json()).message,
    /^One or more parameter values were invalid: Type mismatch for key room expected: S/);
});

test('the page of a table shows what is known of it', async () => {
  assert.match(await admin.page(`/tables/${TableName}/meta`), /TableStatus[^\n]*ACTIVE/);
});

test('the page of the time to live shows which attribute says when an item ends', async () => {
  assert.match(await admin.page(`/tables/${TableName}/ttl`), />DISABLED</);
  await client.send(new UpdateTimeToLiveCommand({
    TableName, TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } }));
  const page = await admin.page(`/tables/${TableName}/ttl`);
  assert.match(page, />ENABL(ED|ING)</);
  assert.match(page, />until</);
});

test('a table is created, emptied and deleted through its pages', async () => {
  const name = 'admin-created';
  const TableDefinition = { TableName: name, HashAttributeName: 'id', HashAttributeType: 'S',
    ReadCapacityUnits: 3, WriteCapacityUnits: 3 };
  await admin.request('POST', '/create-table', { body: { TableDefinition }, status: 204 });
  await waitWith(waitUntilTableExists, name);
  const puts = Array.from({ length: 60 }, (_, id) =>
    admin.request('PUT', `/tables/${name}/add-item`, { body: { id: `item ${id}` } }));
  await Promise.all(puts);
  assert.equal((await admin.items(name, { pageSize: '100' })).Items.length, 60);

  await admin.request('DELETE', `/tables/${name}/all`);
  assert.deepEqual((await admin.items(name)).Items, []);

  await admin.request('DELETE', `/tables/${name}`, { status: 204 });
  await waitWith(waitUntilTableNotExists, name);
  assert.doesNotMatch(await admin.page('/'), new RegExp(name));
});

test('as it comes, with keys of its own making, it works where any are taken', async context => {
  const asItComes = await AdminServer.start(['--dynamo-endpoint', GRATICULE_OPEN_URL], {});
  context.after(() => asItComes.stop());
  const TableDefinition = { TableName: 'open', HashAttributeName: 'id', HashAttributeType: 'N',
    ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  await asItComes.request('POST', '/create-table', { body: { TableDefinition }, status: 204 });
  await asItComes.request('PUT', '/tables/open/add-item', { body: { id: 7, text: 'seven' } });
  assert.match(await asItComes.page('/tables/open/items/7'), /seven/);
});
