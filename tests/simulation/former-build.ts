import type { Config } from '../../shared/config';
import type { IndexPlaces, Store } from '../../shared/ports/store';
import { formerWaitingStockPartition } from '../../shared/procedures/keys';

/**
 * The settings of the build before: while a new one is rolled out, instances of both are at work on the same documents. They
 * give up a call sooner, look again sooner, and overlap their pulls less.
 */
export function formerSettings(config: Config): Config {
  return { ...config, channelTimeoutMs: 3_000, pullOverlapMs: 240_000, recheckAfterMs: 45_000 };
}

/**
 * The store as release 0.2 writes it: orders that lack stock stand in a partition of their SKU, and what only a person can help
 * stands nowhere among the open ones.
 */
export function formerlyWritten(store: Store): Store {
  return { ...store, put: (put) => store.put(put.places ? { ...put, places: formerPlaces(put.places) } : put) };
}

function formerPlaces({ open, ...others }: IndexPlaces): IndexPlaces {
  if (!open || /^(exception|push-stuck)#/.test(open.partition)) return others;
  if (!open.partition.startsWith('waiting-stock#')) return { ...others, open };
  const [warehouseId = '', skuId = '', ...byAge] = open.sort.split('#');
  return { ...others, open: { partition: formerWaitingStockPartition({ warehouseId, skuId }), sort: byAge.join('#') } };
}
