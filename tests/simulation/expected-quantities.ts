import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import type { Shop } from '../../shared/domain/settings';
import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import type { RatioException, RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import type { Stored } from '../../shared/ports/store';
import type { Finding } from './finding';
import { aboutListing } from './finding';
import type { FrozenStore } from './frozen-store';
import type { Platform } from './platform';

/** In a simulated world each shop has one strategy at most, of its own or with others of its platform. */
interface Share {
  readonly shopId: string;
  readonly ratioBp: number;
  readonly priority: number;
  readonly warehouseIds: readonly string[];
  readonly reserveQty: number;
  readonly maxQty: number | null;
}

/**
 * Where a platform shows another quantity than the formula of the product gives, reckoned here anew and in another way: the
 * product's own computation is what is checked. floor(available × ratio); where the ratios of all who draw on the stock sum
 * to exactly 100 %, every piece is in one share, the largest remainder first; then the shop's reserve and cap.
 */
export function quantityFaults(store: FrozenStore, platforms: readonly Platform[], nowMs: number): Finding[] {
  return platforms.flatMap((platform) =>
    all<ItemMapping>(store, `mapping#${platform.shopId}`).flatMap((mapping) => {
      const expected =
        mapping.skuId === null ? undefined : expectedQty(store, platforms, platform.shopId, mapping.skuId, nowMs);
      const shown = platform.shelf.shownQty(mapping);
      return expected === undefined || expected === shown
        ? []
        : [
            {
              what: `${platform.shopId} shows ${shown} of ${mapping.itemId} (${mapping.skuId ?? ''}), by the formula it is ${expected}`,
              about: aboutListing(platform.shopId, mapping, mapping.skuId),
            },
          ];
    }),
  );
}

function expectedQty(
  store: FrozenStore,
  platforms: readonly Platform[],
  shopId: string,
  skuId: string,
  nowMs: number,
): number | undefined {
  const shares = platforms.flatMap((platform) => shareOf(store, platform.shopId, skuId, nowMs) ?? []);
  const mine = shares.find((share) => share.shopId === shopId);
  if (!mine) return undefined;
  const available = mine.warehouseIds.reduce((sum, id) => sum + availableIn(store, id, skuId), 0);
  // All who draw on any of the warehouses; the pieces are theirs together only where they draw on the same ones.
  const drawers = shares.filter(({ warehouseIds }) => warehouseIds.some((id) => mine.warehouseIds.includes(id)));
  const same = drawers.every(({ warehouseIds }) => warehouseIds.join() === mine.warehouseIds.join());
  const whole = same && drawers.reduce((sum, share) => sum + share.ratioBp, 0) === 10_000;
  const qty = whole ? (partsOf(available, drawers).get(shopId) ?? 0) : Math.floor((available * mine.ratioBp) / 10_000);
  return Math.min(Math.max(0, qty - mine.reserveQty), mine.maxQty ?? Number.POSITIVE_INFINITY);
}

function availableIn(store: FrozenStore, warehouseId: string, skuId: string): number {
  const entry = store.find<LedgerEntry>(lastKey(store, `ledger#${warehouseId}#${skuId}`))?.value;
  return entry ? entry.balance.onHandQty - entry.balance.heldQty : 0;
}

/** Gives the pieces out one by one: the next piece goes to whoever is furthest below the exact share. */
function partsOf(available: number, shares: readonly Share[]): Map<string, number> {
  const parts = new Map(shares.map(({ shopId, ratioBp }) => [shopId, Math.floor((available * ratioBp) / 10_000)]));
  for (let left = available - [...parts.values()].reduce((sum, qty) => sum + qty, 0); left > 0; left -= 1) {
    const lack = ({ shopId, ratioBp }: Share): number => available * ratioBp - (parts.get(shopId) ?? 0) * 10_000;
    const [next] = [...shares].sort(
      (a, b) => lack(b) - lack(a) || b.priority - a.priority || (a.shopId < b.shopId ? -1 : 1),
    );
    if (next) parts.set(next.shopId, (parts.get(next.shopId) ?? 0) + 1);
  }
  return parts;
}

function shareOf(store: FrozenStore, shopId: string, skuId: string, nowMs: number): Share | undefined {
  const strategy = all<RatioStrategy>(store, 'ratio-strategy').find(
    ({ shopIds, skuIds }) => shopIds.includes(shopId) && (skuIds === null || skuIds.includes(skuId)),
  );
  const switches = store.find<ShopStrategy>({ pk: 'shop-strategy', sk: shopId })?.value;
  const listed = all<ItemMapping>(store, `mapping#${shopId}`).some((mapping) => mapping.skuId === skuId);
  const active = store.find<Shop>({ pk: 'shop', sk: shopId })?.value.active;
  if (!strategy || nowMs < (strategy.validFromMs ?? 0) || nowMs >= (strategy.validToMs ?? Number.POSITIVE_INFINITY))
    return undefined;
  if (!strategy.enabled || !switches?.stockSyncEnabled || !active || !listed) return undefined;
  const exception = store.find<RatioException>({ pk: `ratio-exception#${skuId}`, sk: shopId })?.value;
  const { priority, warehouseIds } = strategy;
  const ratioBp = exception?.enabled ? exception.ratioBp : strategy.ratioBp;
  const { reserveQty, maxQty } = switches;
  return { shopId, ratioBp, priority, warehouseIds, reserveQty, maxQty };
}

function all<T>(store: FrozenStore, pk: string): T[] {
  return store.partition(pk).map((document) => (document as Stored<T>).value);
}

function lastKey(store: FrozenStore, pk: string): Stored<unknown>['key'] {
  return store.partition(pk).at(-1)?.key ?? { pk, sk: '' };
}
