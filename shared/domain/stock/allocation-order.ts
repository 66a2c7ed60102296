import type { Actor, LogLine } from '../kernel/log-line';
import { withLine } from '../kernel/log-line';
import { sumByKey } from '../kernel/quantity';
import type { StockPlan, StockWork } from './stock-work';

/** 草稿 → 已保存 → (审核中) → 已审核. A refused audit goes back to 已保存, naming the lines. */
export type AllocationStatus = 'draft' | 'saved' | 'auditing' | 'audited';

export const ALLOCATION_STATUS_ZH: Record<AllocationStatus, string> = {
  draft: '草稿',
  saved: '已保存',
  auditing: '审核中',
  audited: '已审核',
};

/** An allocation order 分货单: moves stock from a source to a distribution warehouse, all lines or none. */
export interface AllocationOrder {
  readonly id: string;
  readonly sourceWarehouseId: string;
  readonly targetWarehouseId: string;
  readonly lines: readonly { readonly skuId: string; readonly qty: number }[];
  readonly status: AllocationStatus;
  readonly attempt: number;
  readonly work: StockWork | null;
  /** Why the last audit was refused: SKUs of which the source had too few. */
  readonly lacking: readonly string[];
  readonly createdAtMs: number;
  readonly log: readonly LogLine[];
}

/** What its audit does to stock; lines that share a SKU are summed. */
export function allocationPlan(order: AllocationOrder): StockPlan {
  const sums = [
    ...sumByKey(
      order.lines,
      (line) => line.skuId,
      (line) => line.qty,
    ),
  ];
  return {
    documentId: `allocation-order#${order.id}`,
    outgoing: sums.map(([skuId, qty]) => ({ warehouseId: order.sourceWarehouseId, skuId, qty })),
    outKind: 'transfer-out',
    incoming: sums.map(([skuId, qty]) => ({ warehouseId: order.targetWarehouseId, skuId, qty })),
    inKind: 'transfer-in',
  };
}

/** Opens the audit: from here on the order is driven on by whoever finds it. */
export function beginAllocationAudit(
  order: AllocationOrder,
  work: StockWork,
  by: { actor: Actor; atMs: number },
): AllocationOrder {
  const log = withLine(order.log, { type: '审核', content: '开始审核，占用来源仓库存', ...by, status: 'auditing' });
  return { ...order, status: 'auditing', attempt: work.attempt, work, lacking: [], log };
}

/** Enters the end of the audit. */
export function endAllocationAudit(
  order: AllocationOrder,
  end: { kind: 'done' } | { kind: 'refused'; lacking: readonly string[] },
  by: { actor: Actor; atMs: number },
): AllocationOrder {
  if (end.kind === 'done') {
    const content = `审核成功，${order.sourceWarehouseId} → ${order.targetWarehouseId}`;
    return {
      ...order,
      status: 'audited',
      work: null,
      log: withLine(order.log, { type: '审核', content, ...by, status: 'audited' }),
    };
  }
  const content = `审核未通过，来源仓库存不足：${end.lacking.join('、')}`;
  const log = withLine(order.log, { type: '审核', content, ...by, status: 'saved' });
  return { ...order, status: 'saved', work: null, lacking: end.lacking, log };
}
