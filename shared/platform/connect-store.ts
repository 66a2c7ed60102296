import type { StoreSettings } from '../config';
import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { RestoringStore } from '../ports/store';

/** A store's engine, connected once; a run's store retries only while the run has time. */
export interface StoreConnection {
  storeOf(remainingMs: () => number): RestoringStore;
  close(): Promise<void>;
}

/** Connects to the engine that the settings name. An engine's client is loaded only where it is the one. */
export async function connectStore(
  settings: StoreSettings,
  { clock, random }: { clock: Clock; random: Random },
): Promise<StoreConnection> {
  switch (settings.kind) {
    case 'sqlite': {
      const { SqliteStore } = await import('../adapters/sqlite/sqlite-store');
      const store = new SqliteStore(settings.file);
      return { storeOf: () => store, close: () => store.close() };
    }
    case 'dynamodb': {
      const { connectDynamo } = await import('../adapters/dynamodb/connect-dynamo');
      return connectDynamo(settings, { clock, random });
    }
  }
}
