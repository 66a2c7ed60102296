import type { QuantityReason } from './shop-quantity';

/** How far the ledger of a SKU in one warehouse was read. */
export interface LedgerSeen {
  readonly warehouseId: string;
  readonly ledgerNumber: number;
}

/**
 * One record of the stock sync queue 库存同步队列: one quantity, one attempt to bring it to one listing. Records of a
 * listing are numbered 1, 2, 3 … without a gap, so that creating number last + 1 is the lock: one push in flight per
 * listing. A retry is a new record with a fresh quantity.
 *
 * | status | 中文 | meaning |
 * | --- | --- | --- |
 * | in-flight | 推送中 | being pushed by the holder of `token` until `deadlineMs` |
 * | pushed | 已推送 | the platform took it |
 * | shown | 已一致 | read back: the platform shows it already |
 * | failed | 失败 | refused; `retryAtMs` null where only a person can help |
 * | unknown | 结果未知 | time-out or crash: must be read back |
 */
export interface SyncRecord {
  readonly number: number;
  readonly shopId: string;
  readonly itemId: string;
  readonly platformSkuId: string | null;
  readonly skuId: string;
  /** Quantity that the shop shall show. */
  readonly qty: number;
  readonly reason: QuantityReason;
  /**
   * Ledgers that the quantity does not come from and the shop's orders may be shipped from all the same, and how far each
   * was read. Pieces sold from them are gone from what the platform shows, too.
   */
  readonly elsewhere?: readonly LedgerSeen[];
  readonly status: 'in-flight' | 'pushed' | 'shown' | 'failed' | 'unknown';
  /** How it is written: the quantity itself, or a signed change that `key` applies once. */
  readonly write: { readonly mode: 'set' | 'add'; readonly qty: number; readonly key: string } | null;
  readonly token: string;
  readonly deadlineMs: number;
  /**
   * What the platform shows by our count: what it was brought to, less the sales in this shop that are known by then.
   * null while unknown.
   */
  readonly shownQty: number | null;
  /** Read back less than counted, once: pieces that may be sold already and not told of yet. */
  readonly suspectQty: number | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly failures: number;
  readonly retryAtMs: number | null;
  /** A push of unknown outcome may still be applied late: look again at this time. */
  readonly recheckAtMs: number | null;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | null;
}

export const SYNC_STATUS_ZH: Record<SyncRecord['status'], string> = {
  'in-flight': '推送中',
  pushed: '已推送',
  shown: '已一致',
  failed: '失败',
  unknown: '结果未知',
};

/** What orders of the shop itself have done to this stock since a record was made. */
export interface ShopMovement {
  readonly moved: boolean;
  /** Pieces sold there and held by us; null where the count cannot be told (cancellations, refused holds). */
  readonly soldQty: number | null;
}

/** What to do for a listing now. */
export type PushPlan =
  | { readonly kind: 'skip' }
  /** Another run is pushing this listing, or a pause is due: come again. */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly because: 'in-flight' | 'pause' }
  /** What the platform shows is not known: read it first. */
  | { readonly kind: 'read-back' }
  /** It shows less than counted, perhaps because of a sale that we have not heard of yet: look again before repairing. */
  | { readonly kind: 'suspect'; readonly shownQty: number }
  | { readonly kind: 'write'; readonly mode: 'set' | 'add'; readonly qty: number };

/** What the platform should be showing by our count, or null where it cannot be known. */
export function countedShownQty(last: SyncRecord | undefined, since: ShopMovement): number | null {
  if (!last || (last.status !== 'pushed' && last.status !== 'shown') || last.shownQty === null) return null;
  if (!since.moved) return last.shownQty;
  return since.soldQty === null ? null : last.shownQty - since.soldQty;
}

/**
 * Decides the push of one listing to `qty`. Why: infra/decisions/0003-stock-writes.md.
 *
 * - `addOnce`: the platform takes a keyed addition. It loses no sale made while we write; a plain set does.
 * - `readQty`: what the platform was just read to show; undefined before reading.
 * - `verify`: the rolling read-back asks, nothing has changed on our side.
 *
 * An addition counts from what the platform **should** show: where it shows less, the difference is sold there and on its
 * way to us, and giving it back would sell it twice. Should it stay less without an order coming, the read-back
 * repairs it on the second look.
 */
export function planPush(facts: {
  last: SyncRecord | undefined;
  since: ShopMovement;
  qty: number;
  addOnce: boolean;
  readQty: number | undefined;
  verify: boolean;
  nowMs: number;
}): PushPlan {
  const { last, since, qty, readQty, nowMs } = facts;
  if (last?.status === 'in-flight' && nowMs < last.deadlineMs)
    return { kind: 'wait', untilMs: last.deadlineMs, because: 'in-flight' };
  if (last?.status === 'failed' && last.retryAtMs !== null && nowMs < last.retryAtMs) {
    return { kind: 'wait', untilMs: last.retryAtMs, because: 'pause' };
  }
  const counted = countedShownQty(last, since);
  if (readQty === undefined) {
    const unsettled = last?.status === 'in-flight' || last?.status === 'unknown';
    // Never pushed before, a plain set needs no look.
    if (unsettled || (facts.verify && (last || facts.addOnce))) return { kind: 'read-back' };
    if (!since.moved && counted === qty) return { kind: 'skip' };
    if (!facts.addOnce) return { kind: 'write', mode: 'set', qty };
    return counted === null || since.moved ? { kind: 'read-back' } : { kind: 'write', mode: 'add', qty: qty - counted };
  }
  if (facts.verify && counted !== null && readQty < counted && last?.suspectQty !== readQty) {
    return { kind: 'suspect', shownQty: readQty };
  }
  const confirmed = facts.verify || counted === null;
  const from = confirmed ? readQty : Math.max(readQty, counted);
  if (from === qty) return { kind: 'skip' };
  return facts.addOnce ? { kind: 'write', mode: 'add', qty: qty - from } : { kind: 'write', mode: 'set', qty };
}

/** Pause before retry number `failures`: 2 s doubling to 5 min. */
export function retryDelayMs(failures: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.min(failures, 12));
}
