import type { QuantityReason } from './shop-quantity';

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
  readonly status: 'in-flight' | 'pushed' | 'shown' | 'failed' | 'unknown';
  /** How it is written: the quantity itself, or a signed change that `key` applies once. */
  readonly write: { readonly mode: 'set' | 'add'; readonly qty: number; readonly key: string } | null;
  readonly token: string;
  readonly deadlineMs: number;
  /** What the platform was last known to show; null while unknown. */
  readonly shownQty: number | null;
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

/** What to do for a listing now. */
export type PushPlan =
  | { readonly kind: 'skip' }
  /** Somebody else is at it, or a pause is due: come again. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** What the platform shows is not known: read it first. */
  | { readonly kind: 'read-back' }
  | { readonly kind: 'write'; readonly mode: 'set' | 'add'; readonly qty: number };

/**
 * Decides the push of one listing.
 *
 * `movedSince`: whether an order of this very shop has moved this stock since the last record (then the platform has
 * changed its number by itself). `addOnce`: the platform takes a keyed addition, which loses no sale that is made while
 * we write; a plain set does. `shownQty`: just read back, or undefined. Source: DESIGN §6, channels fact sheet rule 10.
 */
export function planPush(facts: {
  last: SyncRecord | undefined;
  qty: number;
  movedSince: boolean;
  addOnce: boolean;
  shownQty: number | undefined;
  verify: boolean;
  nowMs: number;
}): PushPlan {
  const { last, qty, nowMs } = facts;
  if (last?.status === 'in-flight' && nowMs < last.deadlineMs) return { kind: 'wait', untilMs: last.deadlineMs };
  if (last?.status === 'failed' && last.retryAtMs !== null && nowMs < last.retryAtMs) {
    return { kind: 'wait', untilMs: last.retryAtMs };
  }
  if (facts.shownQty !== undefined) {
    if (facts.shownQty === qty) return { kind: 'skip' };
    return facts.addOnce ? { kind: 'write', mode: 'add', qty: qty - facts.shownQty } : { kind: 'write', mode: 'set', qty };
  }
  const unsettled = last?.status === 'in-flight' || last?.status === 'unknown';
  if (unsettled || facts.verify) return { kind: 'read-back' };
  const known = last && (last.status === 'pushed' || last.status === 'shown') && !facts.movedSince ? last.shownQty : null;
  if (known === qty) return { kind: 'skip' };
  if (!facts.addOnce) return { kind: 'write', mode: 'set', qty };
  return known === null ? { kind: 'read-back' } : { kind: 'write', mode: 'add', qty: qty - known };
}

/** Pause before retry number `failures`: 2 s doubling to 5 min. */
export function retryDelayMs(failures: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.min(failures, 12));
}
