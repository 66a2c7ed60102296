import type { Actor } from '../kernel/log-line';
import type { AuditLimits } from './audit-rules';
import { AUDIT_RULES } from './audit-rules';
import type { AuditVerdict, DeliveryOrder } from './delivery-order';
import { moveOrder, noteOrder } from './delivery-order';

/** An auto-audit strategy 订单自动审核策略: `enabled` is the tick 启用自动审核. */
export interface AuditStrategy {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Shops it applies to; empty for all. */
  readonly shopIds: readonly string[];
  /** Where several apply, the highest priority decides; ties by id. */
  readonly priority: number;
  readonly limits: AuditLimits;
  readonly version: number;
  /** Set by a save until the orders that its older version stopped have been offered again. */
  readonly spreadPending: boolean;
  /**
   * Set once they have been offered: the time at which they are once more. Who judged by the older version may have been
   * slow to save, and an index may not have shown yet who was stopped.
   */
  readonly spreadAgainAtMs?: number;
}

/** The enabled strategy that decides for a shop. */
export function strategyFor(strategies: readonly AuditStrategy[], shopId: string): AuditStrategy | undefined {
  return strategies
    .filter((strategy) => strategy.enabled && (strategy.shopIds.length === 0 || strategy.shopIds.includes(shopId)))
    .sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1))[0];
}

/** Limits that stop nothing: a person who audits by hand is bound by the hard rules alone. */
const NO_LIMITS: AuditLimits = {
  buyerMemo: 'any',
  sellerMemo: 'any',
  amountFenMax: null,
  quantityMax: null,
  minutesSincePayment: 0,
};

interface RuleVerdict {
  readonly rule: string;
  readonly text: string;
  readonly againAtMs?: number;
}

/** Reasons of the rules that stop the order. */
export function stopsOf(order: DeliveryOrder, limits: AuditLimits, nowMs: number): RuleVerdict[] {
  return AUDIT_RULES.flatMap((rule) => {
    const stop = rule.check(order, limits, nowMs);
    return stop ? [{ rule: rule.id, ...stop }] : [];
  });
}

/**
 * Runs the rules over an order that waits for its audit 待审核. Passed: 已审核, with the two log lines of the release.
 * Stopped: stays, with the reasons; a log line only where the reasons are new. `strategy` undefined means that none is
 * enabled for the shop: the order waits for a person.
 */
export function auditByRule(order: DeliveryOrder, strategy: AuditStrategy | undefined, nowMs: number): DeliveryOrder {
  if (order.status !== 'pending-audit') return order;
  const actor: Actor = { kind: 'rule', id: strategy?.id ?? 'none', version: strategy?.version ?? 0 };
  const stops: RuleVerdict[] = strategy
    ? stopsOf(order, strategy.limits, nowMs)
    : [{ rule: 'not-enabled', text: '未启用自动审核，等待人工审核' }];
  if (stops.length === 0) return release(order, { content: '订单自动审核成功!', actor, atMs: nowMs });
  const onlyTime = stops.every((stop) => stop.againAtMs !== undefined);
  const verdict: AuditVerdict = {
    strategyId: strategy?.id ?? null,
    strategyVersion: strategy?.version ?? 0,
    reasons: stops.map(({ rule, text }) => ({ rule, text })),
    againAtMs: onlyTime ? Math.max(...stops.map((stop) => stop.againAtMs ?? 0)) : null,
  };
  const same = JSON.stringify(verdict.reasons) === JSON.stringify(order.audit?.reasons);
  const kept = { ...order, audit: verdict };
  if (same) return kept;
  const content = `自动审核未通过：${verdict.reasons.map((r) => r.text).join('；')}`;
  return noteOrder(kept, { type: '订单审核', content, actor, atMs: nowMs });
}

/** A person audits by hand. Returns the reasons of hard rules that forbid it. */
export function auditByPerson(
  order: DeliveryOrder,
  by: { actor: Actor; atMs: number },
): { kind: 'audited'; order: DeliveryOrder } | { kind: 'refused'; reasons: { rule: string; text: string }[] } {
  const reasons = stopsOf(order, NO_LIMITS, by.atMs);
  if (reasons.length > 0) return { kind: 'refused', reasons };
  return { kind: 'audited', order: release(order, { content: '订单人工审核成功!', ...by }) };
}

/** Audited and released to its warehouse: 订单审核, then 更新配货, in one version of the document. */
function release(order: DeliveryOrder, by: { content: string; actor: Actor; atMs: number }): DeliveryOrder {
  const audited = moveOrder({ ...order, audit: null }, 'audit', { type: '订单审核', ...by });
  const held = audited.holds.filter((hold) => hold.heldQty > 0);
  const picked = held.map((hold) => `${hold.skuId}×${hold.heldQty}`).join('、');
  const content = `配货仓库 ${order.warehouseId}：${picked}`;
  return noteOrder(audited, { type: '更新配货', content, actor: by.actor, atMs: by.atMs });
}
