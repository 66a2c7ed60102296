import fc from 'fast-check';
import { auditByPerson, auditByRule } from '../../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import { FIXED_RUNS, present } from '../fixed-runs';
import {
  ALWAYS,
  apply,
  converted,
  driven,
  MINUTE,
  person,
  platformLine,
  platformOrder,
  stockOf,
  T,
  twoLines,
  version,
} from './samples';

describe('updates in any order and number', () => {
  const line = (lineNo: string, merchantCode: string) =>
    fc
      .record({
        quantity: fc.integer({ min: 1, max: 4 }),
        refund: fc.constantFrom('none', 'in-progress', 'succeeded'),
      } as const)
      .map((fields) => platformLine({ lineNo, merchantCode, ...fields }));
  const facts = fc.record({
    status: fc.constantFrom('unpaid', 'paid-do-not-ship', 'to-ship', 'part-shipped'),
    paidAtMs: fc.constantFrom(null, T),
    buyerMemo: fc.constantFrom('', '改地址'),
    sellerMemo: fc.constantFrom('', '老客户'),
    payableFen: fc.nat({ max: 50_000 }),
    // Two lines of one SKU, one of another; a third SKU that comes and goes. The first is never refunded.
    lines: fc
      .tuple(line('1', 'TEE'), line('2', 'CAP'), line('3', 'TEE'), fc.option(line('4', 'BAG')))
      .map(([first, ...rest]) => [{ ...first, refund: 'none' } as const, ...rest.flatMap((other) => other ?? [])]),
  } as const);
  const wantedBySku = (order: DeliveryOrder) =>
    Object.fromEntries(order.holds.filter((hold) => hold.wantedQty > 0).map((hold) => [hold.skuId, hold.wantedQty]));

  /** Versions 1, 2, 3 … one second apart, and an order in which they come in: shuffled, some twice, the newest at least once. */
  const history = fc.array(facts, { minLength: 1, maxLength: 6 }).chain((versions) =>
    fc.record({
      versions: fc.constant(versions.map((fields, i) => version(i + 1, fields))),
      arrivals: fc
        .array(fc.nat({ max: versions.length - 1 }), { maxLength: 10 })
        .chain((more) => fc.shuffledSubarray([...more, versions.length - 1], { minLength: more.length + 1 })),
    }),
  );
  const start = (): DeliveryOrder => converted(platformOrder({ stockTakenAt: 'order', lines: twoLines() }));

  it('give the facts, the lines, the wanted pieces and the goal of the newest alone', () => {
    fc.assert(
      fc.property(history, ({ versions, arrivals }) => {
        const alone = apply(start(), present(versions.at(-1)));
        const mixed = arrivals.reduce((order, i) => apply(order, present(versions[i])), start());
        expect(mixed.platform).toEqual(alone.platform);
        expect(mixed.lines).toEqual(alone.lines);
        expect(wantedBySku(mixed)).toEqual(wantedBySku(alone));
        expect([mixed.goal, mixed.status]).toEqual([alone.goal, alone.status]);
      }),
      FIXED_RUNS,
    );
  });

  it('say exactly what the newest version of the platform says', () => {
    fc.assert(
      fc.property(history, ({ versions, arrivals }) => {
        const { status, modifiedAtMs, paidAtMs, buyerMemo, payableFen, lines } = present(versions.at(-1));
        const order = arrivals.reduce((current, i) => apply(current, present(versions[i])), start());
        expect(order.platform).toMatchObject({ status, modifiedAtMs, paidAtMs, buyerMemo, payableFen });
        expect(order.lines.map((l) => [l.lineNo, l.quantity, l.refund])).toEqual(
          lines.map((l) => [l.lineNo, l.quantity, l.refund]),
        );
      }),
      FIXED_RUNS,
    );
  });

  it('cancel the order for good where the newest is closed, whenever that is heard', () => {
    fc.assert(
      fc.property(history, ({ versions, arrivals }) => {
        const last = versions.length - 1;
        const closing = versions.map((v, i) => (i === last ? { ...v, status: 'closed' as const } : v));
        const order = arrivals.reduce((current, i) => apply(current, present(closing[i])), start());
        expect([order.status, order.goal, order.platform.status]).toEqual(['cancelled', 'release', 'closed']);
        expect(order.log.filter((l) => l.status === 'cancelled' && l.type === '取消')).toHaveLength(1);
      }),
      FIXED_RUNS,
    );
  });

  it('never let a refund in progress through an audit, by rule or by a person', () => {
    fc.assert(
      fc.property(history, ({ versions, arrivals }) => {
        const stock = stockOf({ TEE: 100, CAP: 100, BAG: 100 });
        let order = driven(start(), stock);
        for (const i of arrivals) {
          order = driven(apply(order, present(versions[i])), stock);
          if (order.status !== 'pending-audit') continue;
          const refunding = order.lines.some((l) => l.refund === 'in-progress');
          const byHand = auditByPerson(order, { actor: person, atMs: T + MINUTE });
          if (refunding) expect(byHand.kind).toBe('refused');
          order = auditByRule(order, ALWAYS, T + MINUTE);
          if (refunding) expect(order.status).toBe('pending-audit');
        }
      }),
      FIXED_RUNS,
    );
  });
});
