import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { RatioStrategy, ShopStrategy } from '../../../shared/domain/sync/ratio-strategy';
import type { IndexPlaces, Key } from '../../../shared/ports/store';
import { LISTING, SHOP } from '../../support/stub-run';
import type { StubRun } from '../../support/stub-run';

// A shop that shows all of what is in DC, with one listing of TEE.

export const SWITCHES: ShopStrategy = {
  ...{ shopId: SHOP.id, stockSyncEnabled: true, reserveQty: 0, maxQty: null, version: 1, resync: null },
};

export const STRATEGY: RatioStrategy = {
  ...{ id: 'R1', name: '全部', enabled: true, shopIds: [SHOP.id], skuIds: null, warehouseIds: ['DC'], ratioBp: 10_000 },
  ...{ priority: 0, validFromMs: null, validToMs: null, version: 1, resync: null },
};

export const MAPPING: ItemMapping = {
  ...{ shopId: SHOP.id, ...LISTING, skuId: 'TEE', source: 'manual', merchantCode: null, title: '短袖', version: 1 },
  resync: null,
};

/** Saves a document over whatever stands there. */
export async function save<T>({ store }: StubRun, key: Key, value: T, places: IndexPlaces = {}): Promise<void> {
  const stored = await store.get(key);
  expect(await store.put({ key, expect: stored?.version ?? 0, value, places })).toBe('saved');
}
