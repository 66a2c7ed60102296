import type { ItemMapping } from '../domain/order/item-mapping';
import type { Shop } from '../domain/settings';
import { availableQty, EMPTY_BALANCE } from '../domain/stock/ledger';
import { stockKeyText } from '../domain/stock/movement';
import type { RatioException, RatioStrategy, ShopStrategy } from '../domain/sync/ratio-strategy';
import { decidingStrategy } from '../domain/sync/ratio-strategy';
import type { BalanceUsed, QuantityReason, ShopShare } from '../domain/sync/shop-quantity';
import { computeShopQuantities } from '../domain/sync/shop-quantity';
import type { Store } from '../ports/store';
import { listingsPartition } from './keys';
import { readLedgers } from './post-movements';
import { loadRatioStrategies, loadShops, loadShopStrategies } from './settings';

/** Settings that decide quantities, read once a run. */
export interface SyncSettings {
  readonly shops: ReadonlyMap<string, Shop>;
  readonly strategies: readonly RatioStrategy[];
  readonly shopStrategies: ReadonlyMap<string, ShopStrategy>;
}

/** The quantity that one listing shall show, and why. */
export interface ListingTarget {
  readonly shop: Shop;
  readonly mapping: ItemMapping;
  readonly skuId: string;
  readonly qty: number;
  readonly reason: QuantityReason;
}

/** Listings of one SKU at most, over all shops. */
const LISTINGS_MAX = 500;

export async function loadSyncSettings(store: Store): Promise<SyncSettings> {
  const [shops, strategies, shopStrategies] = await Promise.all([
    loadShops(store),
    loadRatioStrategies(store),
    loadShopStrategies(store),
  ]);
  return {
    shops: new Map(shops.map(({ value }) => [value.id, value])),
    strategies: strategies.map(({ value }) => value),
    shopStrategies: new Map(shopStrategies.map(({ value }) => [value.shopId, value])),
  };
}

/** Quantities of one SKU for every listing that is synced: sync ticked in its shop, and a strategy that covers it. */
export async function computeTargets(
  store: Store,
  settings: SyncSettings,
  skuId: string,
  nowMs: number,
): Promise<ListingTarget[]> {
  const hits = await store.queryIndex('list', listingsPartition(skuId), { limit: LISTINGS_MAX });
  const mappings = (await store.getMany<ItemMapping>(hits.map((hit) => hit.key))).flatMap((stored) =>
    stored?.value.skuId === skuId ? [stored.value] : [],
  );
  const exceptions = await store.query<RatioException>(`ratio-exception#${skuId}`, { limit: LISTINGS_MAX });
  const shares = [...new Set(mappings.map((mapping) => mapping.shopId))].flatMap(
    (shopId) =>
      shareOfShop(
        settings,
        shopId,
        skuId,
        exceptions.map(({ value }) => value),
        nowMs,
      ) ?? [],
  );
  const warehouseIds = [...new Set(shares.flatMap((share) => share.warehouseIds))];
  const ledgers = await readLedgers(
    store,
    warehouseIds.map((warehouseId) => ({ warehouseId, skuId })),
  );
  const balances = new Map(
    warehouseIds.map((warehouseId): [string, BalanceUsed] => {
      const last = ledgers.get(stockKeyText({ warehouseId, skuId }));
      return [
        warehouseId,
        { warehouseId, ledgerNumber: last?.number ?? 0, availableQty: availableQty(last?.balance ?? EMPTY_BALANCE) },
      ];
    }),
  );
  const quantities = new Map(computeShopQuantities(shares, balances).map((quantity) => [quantity.shopId, quantity]));
  return mappings.flatMap((mapping) => {
    const shop = settings.shops.get(mapping.shopId);
    const quantity = quantities.get(mapping.shopId);
    return shop && quantity ? [{ shop, mapping, skuId, qty: quantity.qty, reason: quantity.reason }] : [];
  });
}

function shareOfShop(
  settings: SyncSettings,
  shopId: string,
  skuId: string,
  exceptions: readonly RatioException[],
  nowMs: number,
): ShopShare | undefined {
  const switches = settings.shopStrategies.get(shopId);
  const strategy = decidingStrategy(settings.strategies, shopId, skuId, nowMs);
  if (!settings.shops.get(shopId)?.active || !switches?.stockSyncEnabled || !strategy) return undefined;
  const exception = exceptions.find((candidate) => candidate.shopId === shopId && candidate.enabled);
  return {
    shopId,
    warehouseIds: strategy.warehouseIds,
    ratioBp: exception?.ratioBp ?? strategy.ratioBp,
    ratioFrom: exception ? 'exception' : 'strategy',
    strategyId: strategy.id,
    strategyVersion: strategy.version,
    priority: strategy.priority,
    reserveQty: switches.reserveQty,
    maxQty: switches.maxQty,
  };
}
