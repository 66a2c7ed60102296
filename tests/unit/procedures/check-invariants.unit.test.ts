import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { ReceivedOrder } from '../../../shared/domain/order/received-order';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { StockSummary } from '../../../shared/domain/stock/stock-summary';
import type { StockEntry } from '../../../shared/domain/stock/stock-entry';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { keys, recentLedgerPartitions, recentLedgerPlace } from '../../../shared/procedures/keys';
import { summariseStock } from '../../../shared/procedures/summarise-stock';
import type { StubRun } from '../../support/stub-run';
import { LISTING } from '../../support/stub-run';
import { SECOND, T } from '../domain/order/samples';
import { found, HEAD, LEDGER, ORDER, soundRun, spoil, withHold } from './sound-store';

/** The summary of the shard that the ledger is in. */
const SHARD = recentLedgerPartitions().indexOf(
  recentLedgerPlace(LEDGER, { number: 1, movements: [], balance: { onHandQty: 0, heldQty: 0 }, atMs: T }).partition,
);
const SUMMARY = keys.stockSummary(SHARD);

/** Sums up all that has moved; the check is then made at the former time again. */
async function summed(run: StubRun): Promise<void> {
  const later = { nowMs: () => run.clock.nowMs() + 3_600_000, sleep: async () => undefined };
  await summariseStock({ store: run.store, clock: later }, 1_000, () => true);
}

const waiting = { status: 'pending-audit' } as const;
const stopped = { strategyId: 'A', strategyVersion: 1, reasons: [], againAtMs: null };
const intent = { id: 'tb#88001/TEE/release/9', kind: 'release', qty: 1, seenNumber: 2, ...LEDGER };

/** The platform order once more under another number, with its version and without a delivery order. */
async function copyOfOrder(run: StubRun): Promise<void> {
  for (const { key, value } of await run.store.query<object>(HEAD.pk, { limit: 9 })) {
    const pk = keys.platformOrder('tb', '2').pk;
    await run.store.put({
      key: { pk, sk: key.sk },
      expect: 0,
      value: key.sk === 'head' ? { ...value, orderNo: '2' } : value,
    });
  }
}

describe('the check of everything that must hold', () => {
  it('finds nothing wrong with a sound store, in motion or at rest', async () => {
    const run = await soundRun();
    expect(run.channel.shownQty).toBe(7);
    expect(await found(run, false)).toEqual([]);
    expect(await found(run)).toEqual([]);
  });

  const cases: [name: string, spoiled: (run: StubRun) => Promise<void>, first: RegExp][] = [
    [
      'a balance that its movements do not give',
      (run) => spoil<LedgerEntry>(run, keys.ledgerEntry(LEDGER, 1), () => ({ balance: { onHandQty: 8, heldQty: 0 } })),
      /^1: entry 1 says 8\/0, its movements give 9\/0/,
    ],
    [
      'a stock summary that has counted 2 pieces too many',
      async (run) => {
        await summed(run);
        await spoil<StockSummary>(run, SUMMARY, ({ warehouses }) => ({
          warehouses: warehouses.map((sum) => ({ ...sum, onHandQty: sum.onHandQty + 2 })),
        }));
      },
      /^1: says 11\/2 for DC, the ledgers' last balances give 9\/2$/,
    ],
    [
      'a stock summary that has read past an entry without counting it',
      async (run) => {
        await summed(run);
        await spoil<StockSummary>(run, SUMMARY, () => ({ entries: 1 }));
      },
      /^1: counts 1 entries of 2$/,
    ],
    [
      'a gap in a ledger',
      (run) =>
        spoil<LedgerEntry>(run, keys.ledgerEntry(LEDGER, 4), () => ({
          number: 4,
          movements: [],
          balance: { onHandQty: 9, heldQty: 2 },
          atMs: T,
        })),
      /^1: entry 3 has number 4/,
    ],
    [
      'an order that counts more than the ledger holds for it',
      (run) => spoil<DeliveryOrder>(run, ORDER, (order) => withHold(order, { heldQty: 3 })),
      /^2: holds 2 for delivery-order tb#88001, which counts 3/,
    ],
    [
      'an order that says otherwise than its platform order',
      (run) =>
        spoil<DeliveryOrder>(run, ORDER, (order) => ({ lines: order.lines.map((line) => ({ ...line, quantity: 5 })) })),
      /^3: delivery order: its lines are/,
    ],
    [
      'a delivery order without a platform order',
      (run) =>
        spoil<DeliveryOrder>(run, keys.deliveryOrder('tb#1'), () => ({
          orderNo: '1',
          shopId: 'tb',
          status: 'cancelled',
          goal: 'release',
          holds: [],
          lines: [],
          log: [],
        })),
      /^3: no platform order stands behind it/,
    ],
    ['a converted order without its delivery order', copyOfOrder, /^3: it is converted and has no delivery order/],
    [
      'a version that is newer than the head',
      (run) => spoil(run, keys.rawOrder('tb', '88001', T + SECOND, 'x'), () => ({ text: '' })),
      /^4: this version is kept, the head is older/,
    ],
    [
      'a status that no log line explains',
      (run) => spoil<DeliveryOrder>(run, ORDER, () => ({ status: 'picking' })),
      /^5: the status is picking, the last line says audited/,
    ],
    [
      'a document that waits to be driven on',
      (run) =>
        spoil<ReceivedOrder>(run, HEAD, () => ({}), {
          open: { partition: 'conversion#1', sort: '0000000000000001#x' },
        }),
      /^6: it waits in conversion#1/,
    ],
    [
      'a gap among the sync records of a listing',
      (run) =>
        spoil<SyncRecord>(run, keys.syncRecord('tb', LISTING, 3), () => ({ number: 3, status: 'pushed', qty: 7 })),
      /^6: record 2 has number 3/,
    ],
    [
      'a shop that is to show another quantity',
      (run) => spoil(run, keys.shopStrategy('tb'), () => ({ reserveQty: 3 })),
      /^6: TEE shall show 4, record 1 is pushed with 7/,
    ],
    [
      'a platform that shows another quantity',
      async (run) => void (run.channel.shownQty = 6),
      /^6: TEE shall show 7, the platform shows 6/,
    ],
    [
      'an order that a rule let wait and nobody has looked at since',
      (run) => spoil<DeliveryOrder>(run, ORDER, () => ({ ...waiting, audit: { ...stopped, againAtMs: T } })),
      new RegExp(`^6: it was to be audited again at ${T}`),
    ],
    [
      'an order that an older version of the audit strategy stopped',
      (run) => spoil<DeliveryOrder>(run, ORDER, () => ({ ...waiting, audit: { ...stopped, strategyVersion: 0 } })),
      /^6: it was stopped by A version 0, A version 1 decides now/,
    ],
    [
      'an order that nobody has audited',
      (run) => spoil<DeliveryOrder>(run, ORDER, () => ({ ...waiting, audit: null })),
      /^6: it waits for its first audit/,
    ],
    [
      'a receipt that says otherwise than the pieces it brought in',
      (run) => spoil<StockEntry>(run, keys.stockEntry('E1'), () => ({ lines: [{ skuId: 'TEE', qty: 8 }] })),
      /^7: stock documents moved 9 pieces, their lines say 8/,
    ],
    [
      'a movement that is left open',
      (run) => spoil<DeliveryOrder>(run, ORDER, (order) => withHold(order, { intent })),
      /^7: movement tb#88001\/TEE\/release\/9 is left open/,
    ],
  ];

  it.each(cases)('finds %s', async (_name, spoiled, first) => {
    const run = await soundRun();
    await spoiled(run);
    expect((await found(run)).join('\n')).toMatch(new RegExp(first.source, 'm'));
  });

  it('counts a movement that is in the ledger and not in its document yet', async () => {
    const run = await soundRun();
    const release = {
      id: intent.id,
      kind: 'release',
      qty: 1,
      source: { type: 'delivery-order', id: 'tb#88001', shopId: 'tb' },
    } as const;
    const entry: LedgerEntry = { number: 3, movements: [release], balance: { onHandQty: 9, heldQty: 1 }, atMs: T };
    await run.store.put({ key: keys.ledgerEntry(LEDGER, 3), expect: 0, value: entry });
    expect((await found(run, false))[0]).toMatch(/^2: holds 1 for delivery-order tb#88001, which counts 2/);
    await spoil<DeliveryOrder>(run, ORDER, (order) => withHold(order, { intent }));
    expect((await found(run, false)).filter((what) => what.startsWith('2'))).toEqual([]);
  });
});
