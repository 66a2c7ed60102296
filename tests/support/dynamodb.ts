import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings, type TableSettings } from '../../shared/adapters/dynamodb/client';
import { connectDynamo } from '../../shared/adapters/dynamodb/connect-dynamo';
import { createTable } from '../../shared/adapters/dynamodb/table';
import { systemClock, systemRandom } from '../../shared/adapters/system/system';
import type { RestoringStore } from '../../shared/ports/store';
import type { Engine } from '../../infra/local/engines/node-server';
import { startDynamoDb } from '../../infra/local/engines/dynamodb';

export interface DynamoDbInTests {
  /** A table of its own; its client closes with the tests. */
  newTable(): Promise<TableSettings>;
  newStore(): Promise<RestoringStore>;
  client(settings: TableSettings): DynamoDBClient;
}

/** A real server of the DynamoDB API for the tests of a `describe`. */
export function useDynamoDb(): DynamoDbInTests {
  let engine: Engine;
  let tables = 0;
  const closing: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    engine = await startDynamoDb();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await engine.stop();
  });
  const newTable = async (): Promise<TableSettings> => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const settings = { table: `yipan-${(tables += 1)}`, region: 'local', endpoint: engine.endpoint, credentials };
    await createTable(settings, systemClock);
    return settings;
  };
  return {
    newTable,
    newStore: async () => {
      const connection = connectDynamo(
        { ...(await newTable()), indexLagMs: 0 },
        { clock: systemClock, random: systemRandom },
      );
      closing.push(() => connection.close());
      return connection.storeOf(() => Number.MAX_SAFE_INTEGER);
    },
    client: (settings) => {
      const client = new DynamoDBClient(clientSettings(settings));
      closing.push(() => client.destroy());
      return client;
    },
  };
}
