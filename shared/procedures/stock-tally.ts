import type { AllocationOrder } from '../domain/stock/allocation-order';
import type { LedgerEntry } from '../domain/stock/ledger';
import { effectOf, stockKeyText } from '../domain/stock/movement';
import type { StockEntry } from '../domain/stock/stock-entry';

/** Pieces by ledger, as the ledgers count them and as the documents do. */
export class StockTally {
  private readonly byLedger = new Map<string, { inLedger: number; inDocuments: number }>();

  add(ledger: string, side: 'inLedger' | 'inDocuments', qty: number): void {
    const sums = this.byLedger.get(ledger) ?? { inLedger: 0, inDocuments: 0 };
    this.byLedger.set(ledger, sums);
    sums[side] += qty;
  }

  /** Ledgers of which the two say different things. */
  differences(): { ledger: string; inLedger: number; inDocuments: number }[] {
    return [...this.byLedger].flatMap(([ledger, sums]) =>
      sums.inLedger === sums.inDocuments ? [] : [{ ledger, ...sums }],
    );
  }
}

/** Pieces on hand that an entry brought in (less what it took out) for stock documents: everything but deliveries. */
export function movedByStockDocuments(entry: LedgerEntry): number {
  return entry.movements.reduce(
    (sum, { kind, qty, source }) => (source.type === 'delivery-order' ? sum : sum + effectOf(kind, qty).onHandDelta),
    0,
  );
}

/** Pieces that a stock document has moved by its own lines; none before it has ended well. */
export function movedByLines(document: AllocationOrder | StockEntry): { ledger: string; qty: number }[] {
  const move = (warehouseId: string, skuId: string, qty: number) => ({
    ledger: stockKeyText({ warehouseId, skuId }),
    qty,
  });
  if ('type' in document) {
    const { status, warehouseId, lines } = document;
    return status === 'posted' ? lines.map(({ skuId, qty }) => move(warehouseId, skuId, qty)) : [];
  }
  const { status, sourceWarehouseId, targetWarehouseId, lines } = document;
  if (status !== 'audited') return [];
  return lines.flatMap(({ skuId, qty }) => [move(sourceWarehouseId, skuId, -qty), move(targetWarehouseId, skuId, qty)]);
}
