// The server under test, clients of it, and tables that a file of cases has for itself.

import { after, before } from 'node:test';

import {
  CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const { GRATICULE_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;

/** As a program has it that knows an address; what fails is seen, and not tried again. */
export const CONFIG = {
  endpoint: GRATICULE_URL,
  region: AWS_REGION,
  credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  maxAttempts: 1,
};

export const client = new DynamoDBClient(CONFIG);

export const documents = DynamoDBDocumentClient.from(client);

const WAIT = { client, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.2 };

/** Until a waiter of the SDK is content. */
export const waitWith = (waiter, TableName) => waiter(WAIT, { TableName });

/** The parameters of CreateTable, with keys given as 'name:type'. */
export function tableOf(TableName, ...keys) {
  const split = keys.map(key => key.split(':'));
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: split.map(([AttributeName, AttributeType]) =>
      ({ AttributeName, AttributeType })),
    KeySchema: split.map(([AttributeName], index) =>
      ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
  };
}

/** A table of these keys is made. */
export async function createTable(name, ...keys) {
  await client.send(new CreateTableCommand(tableOf(name, ...keys)));
  await waitWith(waitUntilTableExists, name);
}

/** A table that is there, and was filled, while the cases of this file run. */
export function useTable(name, keys, fill = async () => {}) {
  before(async () => {
    await createTable(name, ...keys);
    await fill();
  });
  after(() => client.send(new DeleteTableCommand({ TableName: name })));
}
