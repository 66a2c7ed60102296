import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports/clock';
import type { TableSettings } from './client';
import { clientSettings } from './client';
import { INDEX_ATTRIBUTES } from './item';

/**
 * The one table. Both indexes are made with it, since Alternator and GeminiDB add none later; they hold keys only, and
 * only documents that stand in them. infra/aws/table.yml says the same for CloudFormation.
 */
export function tableOf(name: string): CreateTableCommandInput {
  const keys = (partition: string, sort: string): CreateTableCommandInput['KeySchema'] => [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
  const indexes = Object.entries(INDEX_ATTRIBUTES);
  const attributes = ['pk', 'sk', ...indexes.flatMap(([, { partition, sort }]) => [partition, sort])];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys('pk', 'sk'),
    GlobalSecondaryIndexes: indexes.map(([IndexName, { partition, sort }]) => ({
      IndexName,
      KeySchema: keys(partition, sort),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  };
}

/** Waits so long for a new table to be usable; engines state seconds. */
const ACTIVE_MS = 120_000;
const LOOK_EVERY_MS = 500;

/** Makes the table where there is none, and waits until it is usable. For profiles whose deployment does not make it. */
export async function createTable(settings: TableSettings, clock: Clock): Promise<'created' | 'present'> {
  const client = new DynamoDBClient(clientSettings(settings));
  try {
    const made = await client.send(new CreateTableCommand(tableOf(settings.table))).then(
      () => 'created' as const,
      (error: unknown) => {
        if (error instanceof Error && error.name === 'ResourceInUseException') return 'present' as const;
        throw error;
      },
    );
    const untilMs = clock.nowMs() + ACTIVE_MS;
    for (;;) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: settings.table }));
      if (Table?.TableStatus === 'ACTIVE') return made;
      if (clock.nowMs() > untilMs)
        throw new Error(`table ${settings.table} is still ${Table?.TableStatus ?? 'unknown'}`);
      await clock.sleep(LOOK_EVERY_MS);
    }
  } finally {
    client.destroy();
  }
}
