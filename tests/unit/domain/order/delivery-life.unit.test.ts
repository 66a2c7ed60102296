import fc from 'fast-check';
import { applyPlatformUpdate, cancelOrder } from '../../../../shared/domain/order/apply-platform-update';
import { auditByRule } from '../../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import {
  afterSettlement,
  mayTake,
  moveOrder,
  openIntents,
  withIntents,
  withOutcomes,
  withRetry,
} from '../../../../shared/domain/order/delivery-order';
import type { DeliveryEvent, DeliveryStatus } from '../../../../shared/domain/order/delivery-states';
import { DELIVERY_MOVES, STATUS_ZH } from '../../../../shared/domain/order/delivery-states';
import type { PlatformOrder, PlatformOrderLine } from '../../../../shared/domain/order/platform-order';
import { FIXED_RUNS } from '../fixed-runs';
import {
  ALWAYS,
  byMerchantCode,
  converted,
  driven,
  MINUTE,
  person,
  platformLine,
  platformOrder,
  SECOND,
  stockOf,
  T,
  WAREHOUSE,
} from './samples';

describe('any life of an order', () => {
  const SKUS = ['TEE', 'CAP', 'BAG'] as const;

  const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });

  const line = (lineNo: string, merchantCode: string) =>
    fc
      .record({
        quantity: fc.integer({ min: 1, max: 4 }),
        refund: mostly<PlatformOrderLine['refund']>('none', 'in-progress', 'succeeded'),
      })
      .map((fields) => platformLine({ lineNo, merchantCode, ...fields }));
  type Update = Pick<PlatformOrder, 'status' | 'deposit' | 'lines'> & { readonly seconds: number };
  const update: fc.Arbitrary<Update> = fc.record({
    seconds: fc.nat({ max: 20 }),
    status: mostly<PlatformOrder['status']>('to-ship', 'unpaid', 'paid-do-not-ship', 'closed'),
    deposit: mostly<PlatformOrder['deposit']>('none', 'none', 'deposit-paid', 'forfeited'),
    lines: fc
      .tuple(line('1', 'TEE'), line('2', 'CAP'), line('3', 'TEE'), fc.option(line('4', 'BAG')))
      .map((lines) => lines.flatMap((each) => each ?? [])),
  });

  /**
   * 'open' saves intents, 'enter' brings them into the ledger, 'learn' tells the order: a crash may come between any two.
   * 'remember' is a slow worker that has read the order, 'wake' the same worker entering what it read long ago.
   */
  type Deed = 'open' | 'enter' | 'learn' | 'remember' | 'wake' | 'drive' | Person;
  type Person = 'retry' | 'cancel' | 'audit' | 'pick' | 'ship' | 'resume';
  type Step = { do: 'update'; with: Update } | { do: 'receive'; skuId: string; qty: number } | { do: Deed };

  const deed = (...names: Deed[]) => fc.constantFrom(...names).map((name): Step => ({ do: name }));
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: deed('open', 'enter', 'learn', 'remember', 'wake') },
    { weight: 8, arbitrary: deed('drive', 'audit', 'pick', 'resume') },
    { weight: 3, arbitrary: deed('retry', 'ship') },
    { weight: 1, arbitrary: deed('cancel') },
    { weight: 3, arbitrary: update.map((fields): Step => ({ do: 'update', with: fields })) },
    {
      weight: 2,
      arbitrary: fc
        .record({ skuId: fc.constantFrom(...SKUS), qty: fc.integer({ min: 1, max: 6 }) })
        .map((fields): Step => ({ do: 'receive', ...fields })),
    },
  );
  const life = fc.record({
    stock: fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 5 }), fc.nat({ max: 5 })),
    steps: fc.array(step, { maxLength: 40, size: 'max' }),
  });

  /** One order among workers that crash, lag and repeat. */
  class Life {
    order = converted(
      platformOrder({
        lines: [platformLine({ lineNo: '1', quantity: 2 }), platformLine({ lineNo: '2', merchantCode: 'CAP' })],
      }),
    );
    readonly statuses = new Set<string>([this.order.status]);
    private remembered: ReturnType<typeof openIntents> = [];
    private nowMs = T + MINUTE;

    constructor(readonly stock: ReturnType<typeof stockOf>) {}

    take(next: Step): void {
      const before = this.order;
      this.nowMs += SECOND;
      this.order = this.after(next);
      this.checkLog(before);
      this.checkBooks();
    }

    private after(next: Step): DeliveryOrder {
      const { order, stock, nowMs } = this;
      const may = (event: DeliveryEvent): boolean => mayTake(order, event);
      const line = { type: '', content: '', actor: person, atMs: nowMs };
      switch (next.do) {
        case 'update': {
          const { seconds, ...fields } = next.with;
          return applyPlatformUpdate(order, platformOrder({ ...fields, modifiedAtMs: T + seconds * SECOND }), {
            skuOf: byMerchantCode,
            nowMs,
          });
        }
        case 'receive':
          stock.receive({ warehouseId: WAREHOUSE, skuId: next.skuId }, next.qty);
          return order;
        case 'open':
          return withIntents(afterSettlement(order, nowMs), () => 0);
        case 'enter':
          for (const { intent, wanted } of openIntents(order)) stock.serve(intent, wanted);
          return order;
        case 'learn':
          return afterSettlement(withOutcomes(order, stock.outcomes), nowMs);
        case 'remember':
          this.remembered = openIntents(order);
          return order;
        case 'wake':
          for (const { intent, wanted } of this.remembered) stock.serve(intent, wanted);
          return order;
        case 'drive':
          return driven(order, stock, nowMs);
        case 'retry':
          return order.status === 'out-of-stock' ? withRetry(order) : order;
        case 'cancel':
          return may('cancel') ? cancelOrder(order, { content: '', actor: person, atMs: nowMs }) : order;
        case 'audit':
          return auditByRule(order, ALWAYS, nowMs);
        case 'pick':
          return may('pick') ? moveOrder(order, 'pick', line) : order;
        case 'ship':
          return may('ship') ? { ...order, goal: 'ship' } : order;
        case 'resume':
          return may('resume') ? withRetry(moveOrder(order, 'resume', line)) : order;
      }
    }

    /** No status changes without a line, and each line steps as the table allows. */
    private checkLog(before: DeliveryOrder): void {
      const { log, status } = this.order;
      before.log.forEach((known, i) => {
        if (log[i] !== known) throw new Error(`line ${known.no} of the log was changed`);
      });
      if (log.at(-1)?.status !== status) throw new Error(`the log does not say that the order is ${status}`);
      let from = before.status;
      for (const added of log.slice(before.log.length)) {
        const to = added.status as DeliveryStatus;
        if (to !== from && !Object.values(DELIVERY_MOVES[from]).includes(to))
          throw new Error(`went from ${from} to ${to}`);
        from = to;
        this.statuses.add(to);
      }
    }

    /** What the ledger holds is what the order counts, with the movement that it has not heard of yet. */
    private checkBooks(): void {
      for (const skuId of SKUS) {
        const hold = this.order.holds.find((candidate) => candidate.skuId === skuId);
        const intent = hold?.intent;
        const entered = intent && this.stock.outcomes.get(intent.id);
        const pieces = intent && entered && !entered.void ? intent.qty : 0;
        const counted = (hold?.heldQty ?? 0) + (intent?.kind === 'hold' ? pieces : -pieces);
        const { held: inLedger } = this.stock.shelf({ warehouseId: WAREHOUSE, skuId });
        if (inLedger !== counted)
          throw new Error(`the ledger holds ${inLedger} of ${skuId}, the order counts ${counted}`);
      }
    }
  }

  const lived = ({ stock, steps }: { stock: [number, number, number]; steps: readonly Step[] }): Life => {
    const [TEE, CAP, BAG] = stock;
    const story = new Life(stockOf({ TEE, CAP, BAG }));
    for (const each of steps) story.take(each);
    return story;
  };
  const RUNS = { ...FIXED_RUNS, numRuns: 1000 };

  it('never breaks an invariant, explains each status in its log, and keeps its holds in step with the ledger', () => {
    const statuses = new Set<string>();
    fc.assert(
      fc.property(life, (given) => {
        for (const status of lived(given).statuses) statuses.add(status);
      }),
      RUNS,
    );
    // The histories are worth something only if they lead everywhere.
    expect([...statuses].sort()).toEqual(Object.keys(STATUS_ZH).sort());
  });

  it('comes to rest with no movement open, nothing held that is not wanted, and waits only where stock lacks', () => {
    fc.assert(
      fc.property(life, (given) => {
        const story = lived(given);
        story.take({ do: 'drive' });
        const { order, stock } = story;
        expect(openIntents(order)).toEqual([]);
        expect(driven(order, stock)).toEqual(order);
        if (order.status === 'shipped' || order.status === 'cancelled') expect(stock.totalHeld()).toBe(0);
        if (order.goal !== 'hold' || order.status === 'exception') return;
        expect(order.holds.filter((hold) => hold.heldQty > hold.wantedQty)).toEqual([]);
        const short = order.holds.some((hold) => hold.heldQty < hold.wantedQty);
        expect(short).toBe(order.status === 'out-of-stock');
        expect(order.status).not.toBe('pending-allocation');
        if (order.status !== 'audited' && order.status !== 'picking') return;
        expect(order.lines.filter((each) => each.refund === 'in-progress')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('holds all its pieces once there is stock enough and somebody tries again', () => {
    fc.assert(
      fc.property(life, (given) => {
        const story = lived(given);
        for (const skuId of SKUS) story.take({ do: 'receive', skuId, qty: 20 });
        for (const name of ['drive', 'retry', 'drive'] as const) story.take({ do: name });
        const { order } = story;
        expect(order.status).not.toBe('out-of-stock');
        if (order.goal !== 'hold' || order.status === 'exception') return;
        expect(order.holds.map((hold) => hold.heldQty)).toEqual(order.holds.map((hold) => hold.wantedQty));
      }),
      RUNS,
    );
  });
});
