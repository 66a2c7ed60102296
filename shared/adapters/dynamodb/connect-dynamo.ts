import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RestoringStore } from '../../ports/store';
import type { TableSettings } from './client';
import { clientSettings } from './client';
import { DynamoStore } from './dynamo-store';
import type { TriesPorts } from './tries';

/** One client for the life of the instance; each run's store keeps to that run's time. */
export function connectDynamo(
  settings: TableSettings & { readonly indexLagMs: number },
  ports: Omit<TriesPorts, 'remainingMs'>,
): { storeOf(remainingMs: () => number): RestoringStore; close(): Promise<void> } {
  const client = new DynamoDBClient(clientSettings(settings));
  return {
    storeOf: (remainingMs) => new DynamoStore(client, settings.table, settings.indexLagMs, { ...ports, remainingMs }),
    close: async () => client.destroy(),
  };
}
