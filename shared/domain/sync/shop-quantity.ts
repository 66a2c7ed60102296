import { FULL_RATIO_BP, shareOf } from '../kernel/quantity';

/** Balance of one distribution warehouse as a quantity was computed from it. */
export interface BalanceUsed {
  readonly warehouseId: string;
  /** Ledger entry that the balance was read from; 0 for a ledger without entries. */
  readonly ledgerNumber: number;
  readonly availableQty: number;
}

/** A shop that shows a share of one SKU. */
export interface ShopShare {
  readonly shopId: string;
  readonly warehouseIds: readonly string[];
  readonly ratioBp: number;
  readonly ratioFrom: 'strategy' | 'exception';
  readonly strategyId: string;
  readonly strategyVersion: number;
  readonly priority: number;
  readonly reserveQty: number;
  readonly maxQty: number | null;
}

/** Why a shop shows a number: the whole derivation, kept with the sync record. */
export interface QuantityReason {
  readonly balances: readonly BalanceUsed[];
  /** Σ available over the strategy's warehouses. */
  readonly availableQty: number;
  readonly ratioBp: number;
  readonly ratioFrom: 'strategy' | 'exception';
  readonly strategyId: string;
  readonly strategyVersion: number;
  /** floor(available × ratio). */
  readonly flooredQty: number;
  /** 1 where the shop got one of the pieces that rounding down left over. */
  readonly remainderQty: number;
  /**
   * Sum of the ratios of all shops that draw on this stock, in the warehouse that is shared most; above 100 % pieces are
   * shown in several shops.
   */
  readonly ratioSumBp: number;
  readonly reserveQty: number;
  readonly maxQty: number | null;
}

export interface ShopQuantity {
  readonly shopId: string;
  readonly qty: number;
  readonly reason: QuantityReason;
}

/**
 * Quantities that shops show of one SKU: floor(Σ available of the warehouses × ratio), never negative, then the shop's
 * own reserve and cap.
 *
 * Shops with the same set of warehouses share one stock. Where their ratios sum to exactly 100 % and no other shop
 * draws on any of these warehouses, the pieces left over by rounding down go one by one to the largest remainder, ties
 * by priority, then by shop id: the last piece is for sale in exactly one shop. Otherwise the formula stands as it is.
 */
export function computeShopQuantities(
  shares: readonly ShopShare[],
  balances: ReadonlyMap<string, BalanceUsed>,
): ShopQuantity[] {
  const groups = new Map<string, ShopShare[]>();
  for (const share of shares) {
    const key = [...new Set(share.warehouseIds)].sort().join('#');
    groups.set(key, [...(groups.get(key) ?? []), share]);
  }
  const drawers = (warehouseId: string): ShopShare[] => shares.filter((s) => s.warehouseIds.includes(warehouseId));
  const sumBp = (group: readonly ShopShare[]): number => group.reduce((sum, share) => sum + share.ratioBp, 0);
  return [...groups.values()].flatMap((group) => {
    const used = [...new Set(group[0]?.warehouseIds ?? [])]
      .sort()
      .map((id) => balances.get(id) ?? { warehouseId: id, ledgerNumber: 0, availableQty: 0 });
    const available = Math.max(
      0,
      used.reduce((sum, balance) => sum + balance.availableQty, 0),
    );
    const ratioSumBp = Math.max(0, ...used.map((balance) => sumBp(drawers(balance.warehouseId))));
    const alone = used.every((balance) => drawers(balance.warehouseId).length === group.length);
    const remainders =
      ratioSumBp === FULL_RATIO_BP && alone ? remainderByShop(group, available) : new Map<string, number>();
    return group.map((share): ShopQuantity => {
      const flooredQty = shareOf(available, share.ratioBp);
      const remainderQty = remainders.get(share.shopId) ?? 0;
      const reserved = Math.max(0, flooredQty + remainderQty - share.reserveQty);
      const { ratioBp, ratioFrom, strategyId, strategyVersion, reserveQty, maxQty } = share;
      return {
        shopId: share.shopId,
        qty: maxQty === null ? reserved : Math.min(reserved, maxQty),
        reason: {
          balances: used,
          availableQty: available,
          ...{
            ratioBp,
            ratioFrom,
            strategyId,
            strategyVersion,
            flooredQty,
            remainderQty,
            ratioSumBp,
            reserveQty,
            maxQty,
          },
        },
      };
    });
  });
}

function remainderByShop(group: readonly ShopShare[], available: number): Map<string, number> {
  const left = available - group.reduce((sum, share) => sum + shareOf(available, share.ratioBp), 0);
  const ranked = [...group].sort(
    (a, b) =>
      ((available * b.ratioBp) % FULL_RATIO_BP) - ((available * a.ratioBp) % FULL_RATIO_BP) ||
      b.priority - a.priority ||
      (a.shopId < b.shopId ? -1 : 1),
  );
  return new Map(ranked.slice(0, left).map((share) => [share.shopId, 1]));
}
