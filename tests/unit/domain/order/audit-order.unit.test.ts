import fc from 'fast-check';
import { InvariantBroken } from '../../../../shared/domain/kernel/assert';
import type { AuditStrategy } from '../../../../shared/domain/order/audit-order';
import { auditByPerson, auditByRule, strategyFor } from '../../../../shared/domain/order/audit-order';
import type { AuditLimits } from '../../../../shared/domain/order/audit-rules';
import { AUDIT_RULES } from '../../../../shared/domain/order/audit-rules';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import { moveOrder } from '../../../../shared/domain/order/delivery-order';
import { FIXED_RUNS } from '../fixed-runs';
import {
  ALWAYS,
  allocated,
  byMerchantCode,
  logNewestFirst,
  MINUTE,
  person,
  platformLine,
  platformOrder,
  SECOND,
  T,
} from './samples';
import { applyPlatformUpdate } from '../../../../shared/domain/order/apply-platform-update';

function strategy(
  fields: Partial<Omit<AuditStrategy, 'limits'>> = {},
  limits: Partial<AuditLimits> = {},
): AuditStrategy {
  return {
    ...{ ...ALWAYS, id: 'default', version: 3 },
    ...fields,
    limits: { ...ALWAYS.limits, ...limits },
  };
}

const NOW = T + 5 * MINUTE;

describe('which strategy decides for a shop', () => {
  const choose = (...strategies: AuditStrategy[]) => strategyFor(strategies, 'tmall-1')?.id;

  it('is none where none is enabled', () => {
    expect(choose()).toBeUndefined();
    expect(choose(strategy({ enabled: false }))).toBeUndefined();
  });

  it('is one that names the shop, or names none', () => {
    expect(choose(strategy({ shopIds: ['jd-1'] }))).toBeUndefined();
    expect(choose(strategy({ shopIds: ['jd-1', 'tmall-1'] }))).toBe('default');
    expect(choose(strategy({ shopIds: [] }))).toBe('default');
  });

  it('is the one of highest priority that is enabled', () => {
    const low = strategy({ id: 'low', priority: 1 });
    const high = strategy({ id: 'high', priority: 9 });
    expect(choose(low, high)).toBe('high');
    expect(choose(high, low)).toBe('high');
    expect(choose(low, { ...high, enabled: false })).toBe('low');
  });

  it('is the first by id among those of one priority, in whatever order they are read', () => {
    expect(choose(strategy({ id: 'b' }), strategy({ id: 'a' }))).toBe('a');
    expect(choose(strategy({ id: 'a' }), strategy({ id: 'b' }))).toBe('a');
  });
});

describe('auto audit', () => {
  it('approves and releases in one version: 更新配货 above 订单审核, both by the rule', () => {
    const order = auditByRule(allocated(), strategy(), NOW);
    expect([order.status, order.audit]).toEqual(['audited', null]);
    expect(logNewestFirst(order).slice(0, 2)).toEqual(['更新配货 配货仓库 SH-1：TEE×1', '订单审核 订单自动审核成功!']);
    for (const line of order.log.slice(-2)) {
      expect(line).toMatchObject({ actor: { kind: 'rule', id: 'default', version: 3 }, atMs: NOW, status: 'audited' });
    }
  });

  it('names in 更新配货 what is picked, and not a line that was refunded', () => {
    const lines = [
      platformLine({ lineNo: '1', quantity: 2 }),
      platformLine({ lineNo: '2', merchantCode: 'CAP' }),
      platformLine({ lineNo: '3', merchantCode: 'BAG' }),
    ];
    const order = allocated(platformOrder({ lines }));
    const refunded = lines.map((line) => (line.lineNo === '2' ? { ...line, refund: 'succeeded' as const } : line));
    const update = platformOrder({ lines: refunded, modifiedAtMs: T + SECOND });
    const updated = applyPlatformUpdate(order, update, { skuOf: byMerchantCode, nowMs: NOW });
    const given = { ...updated, holds: updated.holds.map((hold) => ({ ...hold, heldQty: hold.wantedQty })) };
    expect(logNewestFirst(auditByRule(given, strategy(), NOW))[0]).toBe('更新配货 配货仓库 SH-1：TEE×2、BAG×1');
  });

  it('leaves the order waiting where no strategy is enabled for its shop, and says so once', () => {
    const stopped = auditByRule(allocated(), undefined, NOW);
    expect([stopped.status, stopped.audit]).toEqual([
      'pending-audit',
      {
        strategyId: null,
        strategyVersion: 0,
        reasons: [{ rule: 'not-enabled', text: '未启用自动审核，等待人工审核' }],
        againAtMs: null,
      },
    ]);
    expect(logNewestFirst(stopped)[0]).toBe('订单审核 自动审核未通过：未启用自动审核，等待人工审核');
    expect(stopped.log.at(-1)?.actor).toEqual({ kind: 'rule', id: 'none', version: 0 });
    expect(auditByRule(stopped, undefined, NOW + MINUTE).log).toEqual(stopped.log);
  });

  it('names every rule that stops the order, hard ones first', () => {
    const order = allocated(platformOrder({ status: 'paid-do-not-ship', buyerMemo: '改地址', payableFen: 60_000 }));
    const stopped = auditByRule(order, strategy({}, { buyerMemo: 'empty', amountFenMax: 50_000 }), NOW);
    expect(stopped.status).toBe('pending-audit');
    expect(stopped.audit).toEqual({
      strategyId: 'default',
      strategyVersion: 3,
      reasons: [
        { rule: 'may-ship', text: '平台尚未允许发货（成团、风控或预售）' },
        { rule: 'buyer-memo', text: '有买家留言' },
        { rule: 'amount-limit', text: '金额 ¥600.00 超过上限 ¥500.00' },
      ],
      againAtMs: null,
    });
    expect(logNewestFirst(stopped)[0]).toBe(
      '订单审核 自动审核未通过：平台尚未允许发货（成团、风控或预售）；有买家留言；金额 ¥600.00 超过上限 ¥500.00',
    );
  });

  it('looks again at the time when waiting alone will pass the order, and passes it then', () => {
    const waiting = strategy({}, { minutesSincePayment: 30 });
    const stopped = auditByRule(allocated(), waiting, NOW);
    expect(stopped.audit?.againAtMs).toBe(T + 30 * MINUTE);
    expect(auditByRule(stopped, waiting, T + 30 * MINUTE - 1).status).toBe('pending-audit');
    expect(auditByRule(stopped, waiting, T + 30 * MINUTE).status).toBe('audited');
  });

  it('does not look again by itself where more than time stops the order', () => {
    const order = allocated(platformOrder({ buyerMemo: '改地址' }));
    const stopped = auditByRule(order, strategy({}, { buyerMemo: 'empty', minutesSincePayment: 30 }), NOW);
    expect(stopped.audit?.reasons.map(({ rule }) => rule)).toEqual(['buyer-memo', 'minutes-since-payment']);
    expect(stopped.audit?.againAtMs).toBeNull();
  });

  it('writes a new line where the reasons have changed', () => {
    const order = allocated(platformOrder({ buyerMemo: '改地址', sellerMemo: '老客户' }));
    const first = auditByRule(order, strategy({}, { buyerMemo: 'empty' }), NOW);
    const second = auditByRule(first, strategy({ version: 4 }, { sellerMemo: 'empty' }), NOW + MINUTE);
    expect(second.log).toHaveLength(first.log.length + 1);
    expect([logNewestFirst(second)[0], second.audit?.strategyVersion]).toEqual([
      '订单审核 自动审核未通过：有卖家备注',
      4,
    ]);
  });

  it('leaves an order alone that does not wait for its audit', () => {
    const audited = auditByRule(allocated(), strategy(), NOW);
    expect(auditByRule(audited, strategy(), NOW)).toBe(audited);
  });
});

describe('audit by a person', () => {
  const by = { actor: person, atMs: NOW };

  function audit(order: DeliveryOrder): DeliveryOrder | string[] {
    const result = auditByPerson(order, by);
    return result.kind === 'audited' ? result.order : result.reasons.map(({ rule }) => rule);
  }

  it('approves in the name of the person', () => {
    const order = auditByPerson(allocated(), by);
    if (order.kind !== 'audited') throw new Error('expected the audit to pass');
    expect(logNewestFirst(order.order).slice(0, 2)).toEqual([
      '更新配货 配货仓库 SH-1：TEE×1',
      '订单审核 订单人工审核成功!',
    ]);
    expect(order.order.log.at(-1)?.actor).toEqual(person);
  });

  it('passes over what only a strategy forbids: memos, a large amount, many pieces, a payment of just now', () => {
    const order = allocated(
      platformOrder({
        buyerMemo: '改地址',
        sellerMemo: '老客户',
        payableFen: 99_999_999,
        paidAtMs: NOW,
        lines: [platformLine({ quantity: 10 })],
      }),
    );
    expect(audit(order)).toMatchObject({ status: 'audited' });
  });

  it('passes though the platform, whose clock is ahead, names a time of payment that is still to come', () => {
    expect(audit(allocated(platformOrder({ paidAtMs: NOW + 3 * SECOND })))).toMatchObject({ status: 'audited' });
  });

  it('is bound by the hard rules, all of which it names', () => {
    const lines = [platformLine({ refund: 'in-progress' })];
    expect(audit(allocated(platformOrder({ status: 'paid-do-not-ship', lines })))).toEqual(['may-ship', 'no-refund']);
    expect(audit(allocated(platformOrder({ status: 'unpaid', paidAtMs: null, stockTakenAt: 'order' })))).toEqual([
      'paid',
    ]);
    const closed = allocated();
    expect(audit({ ...closed, platform: { ...closed.platform, status: 'closed' } })).toEqual(['not-closed']);
  });

  it('cannot approve what does not wait for an audit', () => {
    const cancelled = moveOrder(allocated(), 'cancel', { type: '取消', content: '', ...by });
    expect(() => auditByPerson(cancelled, by)).toThrow(InvariantBroken);
  });

  it('refuses exactly what a hard rule stops, whatever the strategy would say', () => {
    const facts = fc.record({
      status: fc.constantFrom('unpaid', 'paid-do-not-ship', 'to-ship', 'closed'),
      paidAtMs: fc.constantFrom(null, T, NOW + 10 * MINUTE),
      deposit: fc.constantFrom('none', 'deposit-paid', 'all-paid'),
      payableFen: fc.nat({ max: 1_000_000 }),
      buyerMemo: fc.constantFrom('', '改地址'),
      sellerMemo: fc.constantFrom('', '老客户'),
    } as const);
    const hard = new Set(AUDIT_RULES.filter((rule) => rule.hard).map((rule) => rule.id));
    fc.assert(
      fc.property(facts, fc.constantFrom('none', 'in-progress', 'succeeded'), (platform, refund) => {
        const order = allocated();
        const lines = order.lines.map((line) => ({ ...line, refund }));
        const result = audit({ ...order, lines, platform: { ...order.platform, ...platform } });
        const unpaid =
          platform.status === 'unpaid' || platform.paidAtMs === null || platform.deposit === 'deposit-paid';
        const bad = platform.status === 'closed' || platform.status === 'paid-do-not-ship' || refund === 'in-progress';
        expect(Array.isArray(result)).toBe(unpaid || bad);
        if (Array.isArray(result)) expect(result.filter((id) => !hard.has(id))).toEqual([]);
      }),
      FIXED_RUNS,
    );
  });
});
