// dynamoose, an object mapper that also makes its tables.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import {
  DeleteTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand, ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import dynamoose from 'dynamoose';

import { CONFIG, client } from './endpoint.mjs';

dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB(CONFIG));

const TableName = 'dynamoose-visits';
const schema = new dynamoose.Schema({
  guest: String,
  night: { type: Number, rangeKey: true },
  room: String,
  wishes: { type: Set, schema: [String] },
}, { saveUnknown: true });
const Visit = dynamoose.model(TableName, schema, { expires: 60, tags: { team: 'desk' } });

after(() => client.send(new DeleteTableCommand({ TableName })));

test('its table is made by the first use, with tags and a time to live', async () => {
  await Visit.create({ guest: 'ada', night: 1, room: 'blue', wishes: new Set(['tea']) });
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const { Tags } = await client.send(
    new ListTagsOfResourceCommand({ ResourceArn: Table.TableArn }));
  assert.deepEqual(Tags, [{ Key: 'team', Value: 'desk' }]);
  const { TimeToLiveDescription } =
    await client.send(new DescribeTimeToLiveCommand({ TableName }));
  assert.equal(TimeToLiveDescription.AttributeName, 'ttl');
});

test('an object is found again, updated and deleted', async () => {
  await Visit.create({ guest: 'bob', night: 1, room: 'red', wishes: new Set(['milk']) });
  const found = await Visit.get({ guest: 'bob', night: 1 });
  assert.equal(found.room, 'red');
  assert.deepEqual(found.wishes, new Set(['milk']));
  const updated = await Visit.update({ guest: 'bob', night: 1 },
    { $SET: { room: 'green' }, $ADD: { stays: 3 } });
  assert.deepEqual([updated.room, updated.stays], ['green', 3]);
  await Visit.delete({ guest: 'bob', night: 1 });
  assert.equal(await Visit.get({ guest: 'bob', night: 1 }), undefined);
});

test('an object that is there is not created again', async () => {
  await Visit.create({ guest: 'cleo', night: 1 });
  await assert.rejects(Visit.create({ guest: 'cleo', night: 1 }),
    { name: 'ConditionalCheckFailedException' });
});

test('batches, queries, scans and counts see the same objects', async () => {
  const nights = Array.from({ length: 20 }, (_, night) => ({ guest: 'eve', night, room: 'grey' }));
  assert.deepEqual(await Visit.batchPut(nights), { unprocessedItems: [] });
  const range = await Visit.query('guest').eq('eve').where('night').between(3, 5).exec();
  assert.deepEqual(range.map(visit => visit.night), [3, 4, 5]);
  const { count } = await Visit.scan('room').beginsWith('gre').count().exec();
  assert.equal(count, 20);
  const keys = nights.map(({ guest, night }) => ({ guest, night }));
  assert.equal((await Visit.batchGet(keys)).length, 20);
  await Visit.batchDelete(keys);
  assert.equal((await Visit.query('guest').eq('eve').exec()).length, 0);
});
