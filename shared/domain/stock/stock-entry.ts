import type { Actor, LogLine } from '../kernel/log-line';
import { withLine } from '../kernel/log-line';
import { sumByKey } from '../kernel/quantity';
import type { StockPlan, StockWork } from './stock-work';

/**
 * A stock entry: a receipt 入库 (goods arrive) or an adjustment 调整 (a count differs: ± pieces). Its lines are moved all
 * or none; pieces that orders hold cannot be adjusted away.
 */
export interface StockEntry {
  readonly id: string;
  readonly type: 'receipt' | 'adjustment';
  readonly warehouseId: string;
  /** Pieces > 0 for a receipt; an adjustment may be negative, never 0. */
  readonly lines: readonly { readonly skuId: string; readonly qty: number }[];
  readonly reason: string;
  readonly status: 'posting' | 'posted' | 'refused';
  readonly work: StockWork | null;
  readonly lacking: readonly string[];
  readonly createdAtMs: number;
  readonly log: readonly LogLine[];
}

/** What posting it does to stock: lines of one SKU are summed, so that +3 −3 does nothing. */
export function stockEntryPlan(entry: Pick<StockEntry, 'id' | 'type' | 'warehouseId' | 'lines'>): StockPlan {
  const { warehouseId } = entry;
  const sums = [
    ...sumByKey(
      entry.lines,
      (line) => line.skuId,
      (line) => line.qty,
    ),
  ];
  return {
    documentId: `${entry.type}#${entry.id}`,
    outgoing: sums.filter(([, qty]) => qty < 0).map(([skuId, qty]) => ({ warehouseId, skuId, qty: -qty })),
    outKind: 'adjustment-out',
    incoming: sums.filter(([, qty]) => qty > 0).map(([skuId, qty]) => ({ warehouseId, skuId, qty })),
    inKind: entry.type === 'receipt' ? 'receipt' : 'adjustment-in',
  };
}

/** Enters the end of posting. */
export function endStockEntry(
  entry: StockEntry,
  end: { kind: 'done' } | { kind: 'refused'; lacking: readonly string[] },
  by: { actor: Actor; atMs: number },
): StockEntry {
  const type = entry.type === 'receipt' ? '入库' : '调整';
  if (end.kind === 'done') {
    return {
      ...entry,
      status: 'posted',
      work: null,
      log: withLine(entry.log, { type, content: '已过账', ...by, status: 'posted' }),
    };
  }
  const content = `未过账，可用库存不足：${end.lacking.join('、')}`;
  const log = withLine(entry.log, { type, content, ...by, status: 'refused' });
  return { ...entry, status: 'refused', work: null, lacking: end.lacking, log };
}
