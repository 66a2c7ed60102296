import { readingChannels } from '../../infra/local/demo/summary';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import type { CheckOptions } from '../../shared/procedures/check-invariants';
import { checkInvariants } from '../../shared/procedures/check-invariants';

/** What must hold and does not, in a store that nobody writes to. */
export async function violationsIn(storeFile: string, readShown?: CheckOptions['readShown']): Promise<string[]> {
  const store = new SqliteStore(storeFile);
  const found: string[] = [];
  const options = { channels: readingChannels(), nowMs: Date.now(), atRest: true, ...(readShown && { readShown }) };
  try {
    for await (const { invariant, where, what } of checkInvariants(store, options)) {
      found.push(`${invariant}: ${where}: ${what}`);
    }
  } finally {
    await store.close();
  }
  return found;
}
