// electrodb, which lays many kinds of objects in one table.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Entity } from 'electrodb';

import { client, useTable } from './endpoint.mjs';

const table = 'electrodb';
useTable(table, ['pk:S', 'sk:S']);

const Task = new Entity({
  model: { entity: 'task', version: '1', service: 'work' },
  attributes: {
    team: { type: 'string', required: true },
    task: { type: 'string', required: true },
    points: { type: 'number' },
    tags: { type: 'set', items: 'string' },
    notes: { type: 'list', items: { type: 'string' } },
  },
  indexes: {
    primary: {
      pk: { field: 'pk', composite: ['team'] },
      sk: { field: 'sk', composite: ['task'] },
    },
  },
}, { client, table });

test('an object is created once, changed under a condition, and removed once', async () => {
  const key = { team: 'red', task: 'build' };
  await Task.create({ ...key, points: 1, tags: ['a'], notes: [] }).go();
  await assert.rejects(Task.create(key).go(), /The conditional request failed/);
  const change = () => Task.patch(key).add({ points: 5, tags: ['z'] }).append({ notes: ['one'] })
    .where(({ points }, { lt }) => lt(points, 3)).go({ response: 'all_new' });
  assert.deepEqual((await change()).data,
    { ...key, points: 6, tags: ['a', 'z'], notes: ['one'] });
  await assert.rejects(change(), /The conditional request failed/);
  await Task.remove(key).go();
  await assert.rejects(Task.remove(key).go(), /The conditional request failed/);
  assert.equal((await Task.get(key).go()).data, null);
});

test('an upsert makes what is not there', async () => {
  const key = { team: 'blue', task: 'new' };
  const { data } = await Task.upsert(key).set({ points: 3 }).go({ response: 'all_new' });
  assert.deepEqual(data, { ...key, points: 3 });
});

test('batches and pages have all objects', async () => {
  const tasks = Array.from({ length: 30 }, (_, points) =>
    ({ team: 'green', task: `task ${points}`, points }));
  assert.deepEqual((await Task.put(tasks).go()).unprocessed, []);
  const all = await Task.query.primary({ team: 'green' }).go({ pages: 'all', limit: 7 });
  assert.deepEqual(all.data.map(task => task.points).sort((left, right) => left - right),
    tasks.map(task => task.points));
  const some = await Task.query.primary({ team: 'green' }).begins({ task: 'task 1' })
    .where(({ points }, { between }) => between(points, 11, 13)).go();
  assert.deepEqual(some.data, tasks.slice(11, 14));
  assert.deepEqual((await Task.delete(tasks.slice(0, 25)).go()).unprocessed, []);
  const left = await Task.scan.where(({ team }, { eq }) => eq(team, 'green')).go({ pages: 'all' });
  assert.equal(left.data.length, 5);
});
