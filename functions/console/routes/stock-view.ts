import type { LedgerEntry, LedgerMovement } from '../../../shared/domain/stock/ledger';
import { availableQty, EMPTY_BALANCE } from '../../../shared/domain/stock/ledger';
import type { MovementKind, MovementSource, StockKey } from '../../../shared/domain/stock/movement';
import { effectOf } from '../../../shared/domain/stock/movement';
import type { LedgerRow, SourceDocument, StockBalance } from '../schema/stock';

const MOVEMENT_ZH: Record<MovementKind, string> = {
  receipt: '入库',
  'adjustment-in': '调整增加',
  'adjustment-out': '调整减少',
  hold: '占用',
  release: '释放',
  ship: '出库',
  'transfer-out': '分货出',
  'transfer-in': '分货入',
};

/** What a ledger's newest entry says; zeros where there is none. */
export function balanceView({ warehouseId, skuId }: StockKey, last: LedgerEntry | undefined): StockBalance {
  const balance = last?.balance ?? EMPTY_BALANCE;
  return {
    ...{ warehouseId, skuId, ...balance, availableQty: availableQty(balance) },
    ...{ ledgerNumber: last?.number ?? 0, changedAtMs: last?.atMs ?? null },
  };
}

/** A ledger entry with what it changed, and each movement with the document that caused it. */
export function ledgerRow(entry: LedgerEntry): LedgerRow {
  return {
    ...{ number: entry.number, atMs: entry.atMs, delta: deltaOf(entry) },
    balance: { ...entry.balance, availableQty: availableQty(entry.balance) },
    movements: entry.movements.map((movement) => ({
      ...movement,
      kindText: MOVEMENT_ZH[movement.kind],
      document: documentOf(movement.source),
    })),
  };
}

function deltaOf({ movements }: LedgerEntry): LedgerRow['delta'] {
  const counted = movements.filter((movement: LedgerMovement) => !movement.void);
  const effects = counted.map(({ kind, qty }) => effectOf(kind, qty));
  const onHandQty = effects.reduce((sum, { onHandDelta }) => sum + onHandDelta, 0);
  const heldQty = effects.reduce((sum, { heldDelta }) => sum + heldDelta, 0);
  return { onHandQty, heldQty, availableQty: onHandQty - heldQty };
}

/** A delivery order's id is made of its shop and order number. */
function documentOf({ type, id }: MovementSource): SourceDocument {
  switch (type) {
    case 'delivery-order': {
      const [shopId = null, orderNo = null] = id.split('#');
      return { kind: 'delivery-order', id, shopId, orderNo };
    }
    case 'allocation-order':
      return { kind: 'allocation-order', id, shopId: null, orderNo: null };
    case 'receipt':
    case 'adjustment':
      return { kind: 'stock-entry', id, shopId: null, orderNo: null };
  }
}
