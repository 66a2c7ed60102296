import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import type { LogLine } from '../../../shared/domain/kernel/log-line';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import { listingKey } from '../../../shared/domain/order/item-mapping';
import type { ReceivedOrder } from '../../../shared/domain/order/received-order';
import type { AllocationOrder } from '../../../shared/domain/stock/allocation-order';
import type { LedgerEntry, LedgerMovement } from '../../../shared/domain/stock/ledger';
import type { StockEntry } from '../../../shared/domain/stock/stock-entry';
import { keys } from '../../../shared/procedures/keys';
import type { StubRun } from '../../support/stub-run';
import { LISTING, SHOP } from '../../support/stub-run';
import { person, platformOrder, T } from '../domain/order/samples';
import { found, HEAD, LEDGER, ORDER, soundRun, spoil, withHold } from './sound-store';

// Each thing that the check can say and that the cases beside this file do not provoke.

const ENTRY = keys.stockEntry('E1');
const ALLOCATION = keys.allocationOrder('A1');

/** One more entry in the ledger, which ends with 9 on hand and 2 held before it. */
const enter = (run: StubRun, movement: LedgerMovement, onHandQty: number, heldQty: number): Promise<void> =>
  spoil<LedgerEntry>(run, keys.ledgerEntry(LEDGER, 3), () => ({
    ...{ number: 3, movements: [movement], balance: { onHandQty, heldQty }, atMs: T },
  }));

const line = (no: number, status: string): LogLine => ({ no, type: '', content: '', actor: person, atMs: T, status });

const logged = (order: DeliveryOrder, no: number, status: DeliveryOrder['status']): Partial<DeliveryOrder> => ({
  status,
  log: [...order.log, line(no, status)],
});

const allocation = (run: StubRun, fields: Partial<AllocationOrder>): Promise<void> =>
  spoil<AllocationOrder>(run, ALLOCATION, () => ({
    ...{ id: 'A1', sourceWarehouseId: 'SRC', targetWarehouseId: 'DC', lines: [{ skuId: 'TEE', qty: 4 }] },
    ...{ status: 'audited', attempt: 1, work: null, lacking: [], createdAtMs: T },
    log: [line(1, 'draft'), line(2, 'saved'), line(3, 'auditing'), line(4, 'audited')],
    ...fields,
  }));

/** The platform closes the order in the version that the head names. */
async function closeRaw(run: StubRun): Promise<void> {
  const head = await run.store.get<ReceivedOrder>(HEAD);
  const key = keys.rawOrder('tb', '88001', T, head?.value.rawHash ?? '');
  await spoil<{ text: string }>(run, key, ({ text }) => ({
    text: JSON.stringify({ ...platformOrder(JSON.parse(text) as object), status: 'closed' }),
  }));
}

const status = (run: StubRun, fields: Partial<DeliveryOrder>): Promise<void> =>
  spoil<DeliveryOrder>(run, ORDER, () => fields);
const holds = (run: StubRun, fields: object): Promise<void> =>
  spoil<DeliveryOrder>(run, ORDER, (order) => withHold(order, fields));

const waitsIn = (run: StubRun, partition: string, dueMs: number): Promise<void> =>
  spoil(run, ORDER, () => ({}), { open: { partition, sort: `${String(dueMs).padStart(16, '0')}#x` } });

describe('the check of everything that must hold, in all its words', () => {
  const receipt = {
    id: 'receipt#E1@DC/TEE/receipt/1',
    kind: 'receipt',
    qty: 9,
    source: { type: 'receipt', id: 'E1' },
  } as const;
  const source = { type: 'delivery-order', id: 'tb#99', shopId: 'tb' } as const;

  it.each<[name: string, spoiled: (run: StubRun) => Promise<void>, first: RegExp]>([
    [
      'a movement that is entered twice',
      (run) => enter(run, receipt, 18, 2),
      /^1: movement receipt#E1\S+ entered twice/,
    ],
    [
      'more taken out than there is',
      (run) => enter(run, { id: 'x', kind: 'adjustment-out', qty: 5, source: receipt.source }, 4, -3),
      /^1: after x in entry 3: on hand 4, held -3/,
    ],
    [
      'less on hand than is held',
      (run) => enter(run, { id: 'x', kind: 'hold', qty: 8, source }, 9, 10),
      /^1: after x in entry 3: on hand 9, held 10/,
    ],
    [
      'pieces held for a document that is not there',
      (run) => enter(run, { id: 'x', kind: 'hold', qty: 1, source }, 9, 3),
      /^2: holds 1 for delivery-order tb#99, which counts 0/,
    ],
    [
      'documents that count more than their ledger',
      (run) => holds(run, { heldQty: 3 }),
      /^2: the ledger holds 2, all documents together 3/,
    ],
    [
      'an order made from older facts',
      (run) => spoil<DeliveryOrder>(run, ORDER, ({ platform }) => ({ platform: { ...platform, modifiedAtMs: T - 1 } })),
      /^3: .*knows the platform order as of/,
    ],
    [
      'an order that goes on though the platform closed it',
      closeRaw,
      /^3: .*the platform order is closed, it is audited/,
    ],
    [
      'the same where conversion says that it is closed',
      async (run) => {
        await closeRaw(run);
        await spoil<ReceivedOrder>(run, HEAD, () => ({ conversion: 'closed' }));
      },
      /^3: .*the platform order is closed, it is audited/,
    ],
    [
      'a cancelled order that means to keep its stock',
      (run) => status(run, { status: 'cancelled' }),
      /^3: .*it is cancelled and means to keep its stock/,
    ],
    ['lines that nothing is held for', (run) => status(run, { holds: [] }), /^3: .*it has lines of 2 TEE and no hold/],
    [
      'a hold that wants other than its lines',
      (run) => holds(run, { wantedQty: 5 }),
      /^3: .*it wants 5 of TEE, its lines sum to 2/,
    ],
    [
      'an audited order that lacks a piece',
      (run) => holds(run, { heldQty: 1 }),
      /^3: .*it is audited and holds 1 of TEE, its lines sum to 2/,
    ],
    [
      'a kept version without a head',
      (run) => spoil(run, keys.rawOrder('tb', '77', T, 'x'), () => ({ text: '' })),
      /^4: this version is kept, the head is missing/,
    ],
    [
      'a head whose version is missing',
      (run) => spoil<ReceivedOrder>(run, HEAD, () => ({ rawHash: 'x' })),
      /^4: .*raw version .* missing/,
    ],
    [
      'a head that says another status than its newest version',
      (run) => spoil<ReceivedOrder>(run, HEAD, () => ({ status: 'unpaid' })),
      /^4: the head says unpaid, its newest version to-ship/,
    ],
    [
      'an order that takes stock and is said to take none yet',
      async (run) => {
        const text = JSON.stringify(platformOrder({ orderNo: '88002' }));
        await storePlatformOrder(run.ports, SHOP, { orderNo: '88002', text }, T);
        const head = keys.platformOrder('tb', '88002');
        await spoil<ReceivedOrder>(run, head, () => ({ conversion: 'not-due', log: [line(1, 'not-due')] }), {});
      },
      /^3: it is to-ship on the platform, its conversion is not-due/,
    ],
    [
      'a platform order whose log does not say its state',
      (run) => spoil<ReceivedOrder>(run, HEAD, () => ({ conversion: 'not-due' })),
      /^5: the status is not-due, the last line says converted/,
    ],
    [
      'a step that orders may not make',
      (run) => spoil<DeliveryOrder>(run, ORDER, (order) => logged(order, order.log.length + 1, 'shipped')),
      /^5: line \d+ goes from audited to shipped/,
    ],
    [
      'a line that the log lacks',
      (run) => spoil<DeliveryOrder>(run, ORDER, (order) => logged(order, order.log.length + 2, 'audited')),
      /^5: line \d+ stands behind line \d+/,
    ],
    [
      'a receipt whose log does not say its status',
      (run) => spoil<StockEntry>(run, ENTRY, () => ({ status: 'refused' })),
      /^5: the status is refused, the last line says posted/,
    ],
    [
      'a step that receipts may not make',
      (run) => spoil<StockEntry>(run, ENTRY, () => ({ log: [line(1, 'refused'), line(2, 'posted')] })),
      /^5: line 2 goes from refused to posted/,
    ],
    [
      'a step that allocation orders may not make',
      (run) => allocation(run, { log: [line(1, 'draft'), line(2, 'audited')] }),
      /^5: line 2 goes from draft to audited/,
    ],
    [
      'an allocation order whose log does not say its status',
      (run) => allocation(run, { status: 'saved' }),
      /^5: the status is saved, the last line says audited/,
    ],
    [
      'a listing without a SKU that carries the code of one of ours',
      async ({ store }) => {
        const key = keys.mapping('tb', { itemId: 'lost', platformSkuId: null });
        const listing = { shopId: 'tb', itemId: 'lost', platformSkuId: null, title: '', version: 1, resync: null };
        await store.put({
          key,
          expect: 0,
          value: { ...listing, skuId: null, source: 'merchant-code', merchantCode: 'TEE' },
        });
      },
      /^6: it is unmapped, though TEE is a SKU of ours/,
    ],
    [
      'an order that is parked for what has its SKU by now',
      (run) => spoil<ReceivedOrder>(run, HEAD, () => ({ unmapped: [listingKey(LISTING)] })),
      /^6: it is parked for 654321#4711, which is TEE/,
    ],
    [
      'an order that waits for what is there',
      (run) =>
        spoil<DeliveryOrder>(run, ORDER, (order) => ({
          ...withHold(order, { heldQty: 1, lacking: true }),
          status: 'out-of-stock',
        })),
      /^6: it waits for 1 of TEE, 7 are available/,
    ],
    [
      'a listing that nothing was ever pushed to',
      async (run) => {
        const { value, places } = (await run.store.get<ItemMapping>(keys.mapping('tb', LISTING))) ?? {};
        const other = { itemId: '2', platformSkuId: null };
        await spoil<ItemMapping>(run, keys.mapping('tb', other), () => ({ ...value, ...other }), places);
      },
      /^6: TEE shall show 7 and was never pushed/,
    ],
    ['an audit whose time has come', (run) => waitsIn(run, 'audit#1', T), /^6: it waits in audit#1/],
    [
      'a cancelled order that still holds',
      (run) => status(run, { status: 'cancelled', goal: 'release' }),
      /^7: it is cancelled and still holds 2 of TEE/,
    ],
    [
      'an order that holds less than it wants',
      (run) => holds(run, { heldQty: 1 }),
      /^7: it wants 2 of TEE and holds 1/,
    ],
    [
      'a movement that an exception left open',
      (run) =>
        spoil<DeliveryOrder>(run, ORDER, (order) => ({
          ...withHold(order, { intent: { id: 'x', kind: 'hold', qty: 1, seenNumber: 2, ...LEDGER } }),
          status: 'exception',
        })),
      /^7: movement x is left open/,
    ],
    [
      'a stock document in motion',
      (run) => spoil<StockEntry>(run, ENTRY, () => ({ work: { phase: 'hold', attempt: 1, intents: [], lacking: [] } })),
      /^7: its stock is left in motion \(hold\)/,
    ],
    [
      'an allocation order that moved nothing',
      (run) => allocation(run, {}),
      /^7: stock documents moved 9 pieces, their lines say 13/,
    ],
  ])('finds %s', async (_name, spoiled, first) => {
    const run = await soundRun();
    await spoiled(run);
    expect((await found(run)).join('\n')).toMatch(new RegExp(first.source, 'm'));
  });

  it('says nothing of a time that has not come', async () => {
    const run = await soundRun();
    await waitsIn(run, 'audit#1', run.clock.nowMs() + 1);
    expect(await found(run)).toEqual([]);
  });

  it('says nothing in motion of what only rest must settle', async () => {
    const run = await soundRun();
    await spoil(run, keys.rawOrder('tb', '77', T, 'x'), () => ({ text: '' }));
    await waitsIn(run, 'audit#1', T);
    await spoil<StockEntry>(run, ENTRY, () => ({ work: { phase: 'hold', attempt: 1, intents: [], lacking: [] } }));
    await spoil<ReceivedOrder>(run, HEAD, () => ({ unmapped: [listingKey(LISTING)] }));
    run.channel.shownQty = 6;
    expect(await found(run, false)).toEqual([]);
  });
});
