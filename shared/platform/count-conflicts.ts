import type { Log } from '../ports/log';
import type { Store } from '../ports/store';

/** The store, with the puts counted that found another version: a hot document shows before anything fails. */
export function countConflicts(store: Store, log: Log): Store {
  return {
    indexLagMs: store.indexLagMs,
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    query: (pk, range) => store.query(pk, range),
    queryIndex: (index, partition, range) => store.queryIndex(index, partition, range),
    put: async (put) => {
      const outcome = await store.put(put);
      if (outcome === 'conflict') log.count('store.conflicts');
      return outcome;
    },
    scan: (after, limit) => store.scan(after, limit),
    close: () => store.close(),
  };
}
