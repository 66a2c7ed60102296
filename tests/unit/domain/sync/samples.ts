import type { BalanceUsed, QuantityReason, ShopShare } from '../../../../shared/domain/sync/shop-quantity';

/** 60 % of warehouse DIST for shop tmall-1. */
export const share = (fields: Partial<ShopShare> = {}): ShopShare => ({
  ...{ shopId: 'tmall-1', warehouseIds: ['DIST'], ratioBp: 6000, ratioFrom: 'strategy' },
  ...{ strategyId: 'S1', strategyVersion: 3, priority: 0, reserveQty: 0, maxQty: null },
  ...fields,
});

/** Balances by warehouse; ledger numbers 41, 42, … */
export function balances(available: Readonly<Record<string, number>>): Map<string, BalanceUsed> {
  return new Map(
    Object.entries(available).map(([warehouseId, availableQty], i) => [
      warehouseId,
      { warehouseId, ledgerNumber: 41 + i, availableQty },
    ]),
  );
}

/** 6 pieces: 60 % of the 10 in DIST. */
export const reason = (fields: Partial<QuantityReason> = {}): QuantityReason => ({
  balances: [{ warehouseId: 'DIST', ledgerNumber: 41, availableQty: 10 }],
  ...{ availableQty: 10, ratioBp: 6000, ratioFrom: 'strategy', strategyId: 'S1', strategyVersion: 3 },
  ...{ flooredQty: 6, remainderQty: 0, ratioSumBp: 6000, reserveQty: 0, maxQty: null },
  ...fields,
});
