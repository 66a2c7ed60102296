import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { Run } from '../../../shared/platform/define-function';
import type { BusMessage } from '../../../shared/ports/bus';
import type { IndexPlace } from '../../../shared/ports/store';
import { keys, waitingStockPlace } from '../../../shared/procedures/keys';
import { captureBatch, captureChanges } from '../../../functions/stock-change-capture/capture-changes';

const LEDGER = { warehouseId: 'DC', skuId: 'S1' };
const ENVELOPE = { eventId: 'e1', sequence: 1, topic: 'stock-changed', key: 'DC#S1', atMs: 1 } as const;

/** What the order's waiting looks at; the rest of a delivery order plays no part. */
const waitingOrder = (orderNo: string, lackQty: number): Partial<DeliveryOrder> => ({
  ...{ id: `tb#${orderNo}`, shopId: 'tb', orderNo, status: 'out-of-stock', warehouseId: 'DC' },
  holds: [{ skuId: 'S1', wantedQty: lackQty, heldQty: 0, attempt: 1, intent: null, lacking: true }],
});

async function hintsAfter(
  places: Readonly<Record<string, IndexPlace>>,
  lackQty: number | ((orderNo: string) => number),
  receivedQty: number,
  how: 'swept' | 'told' | 'told of a refusal' | 'told by the release before' = 'swept',
): Promise<string[]> {
  const store = new MemoryStore();
  for (const [orderNo, open] of Object.entries(places)) {
    const key = keys.deliveryOrder(`tb#${orderNo}`);
    const lack = typeof lackQty === 'number' ? lackQty : lackQty(orderNo);
    await store.put({ key, expect: 0, value: waitingOrder(orderNo, lack), places: { open } });
  }
  const entry: LedgerEntry = {
    ...{ number: 1, atMs: 1, balance: { onHandQty: receivedQty, heldQty: 0 } },
    movements: [{ id: 'r', kind: 'receipt', qty: receivedQty, source: { type: 'receipt', id: 'RK' } }],
  };
  await store.put({ key: keys.ledgerEntry(LEDGER, 1), expect: 0, value: entry });
  const sent: BusMessage[] = [];
  const bus = {
    publish: async (messages: readonly BusMessage[]): Promise<void> => {
      expect(messages.length).toBeLessThanOrEqual(100);
      sent.push(...messages);
    },
  };
  const pool = { touch: async () => undefined };
  const ports = { store, bus, pool } as unknown as Run['ports'];
  if (how === 'swept') {
    await captureChanges(ports, [{ ...LEDGER, number: 1 }], () => true);
  } else {
    const facts = how === 'told by the release before' ? {} : { atMs: 1, freed: how === 'told' };
    const body = { ...LEDGER, number: 1, ...facts };
    await captureBatch([{ ...ENVELOPE, body }], { ports, remainingMs: () => 60_000 } as Run);
  }
  return sent.map(({ key }) => key);
}

describe('stock that comes in wakes the orders that wait for it', () => {
  const present = (at: string): IndexPlace => waitingStockPlace(LEDGER, at);
  const former = (at: string): IndexPlace => ({ partition: 'waiting-stock#DC#S1', sort: at });

  it('the oldest first, as far as the pieces go: of 5 pieces two orders of 2 are served, the third is not', async () => {
    const places = { A: present('1#A'), B: present('2#B'), C: present('3#C') };
    expect(await hintsAfter(places, 2, 5)).toEqual(['tb#A', 'tb#B']);
  });

  it('also where the message itself tells what was received', async () => {
    expect(await hintsAfter({ A: present('1#A') }, 2, 5, 'told')).toEqual(['tb#A']);
    expect(await hintsAfter({ A: present('1#A') }, 2, 5, 'told by the release before')).toEqual(['tb#A']);
    expect(await hintsAfter({ A: present('1#A') }, 2, 5, 'told of a refusal')).toEqual([]);
  });

  it('and those that an older release had put elsewhere', async () => {
    expect(await hintsAfter({ A: former('1'), B: present('2#B') }, 1, 5)).toEqual(['tb#A', 'tb#B']);
  });

  /** Orders 001, 002 … in the order of their age. */
  const many = (count: number, place: (at: string) => IndexPlace): Record<string, IndexPlace> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => String(i + 1).padStart(3, '0')).map((no) => [`N${no}`, place(no)]),
    );
  const names = (count: number): string[] => Object.keys(many(count, present)).map((no) => `tb#${no}`);

  it.each([
    ['present', present],
    ['former', former],
  ] as const)('all of them, however many wait, a page at a time and the oldest first (%s place)', async (_, place) => {
    expect(await hintsAfter(many(450, place), 1, 430, 'told')).toEqual(names(430));
  });

  it('those that one piece serves, though hundreds of older ones want two', async () => {
    const lack = (orderNo: string): number => (orderNo === 'N320' ? 1 : 2);
    expect(await hintsAfter(many(320, present), lack, 1, 'told')).toEqual(['tb#N320']);
    expect(await hintsAfter({ ...many(250, former), N320: present('320') }, lack, 1)).toEqual(['tb#N320']);
  });

  it('but not those of a SKU whose name begins alike', async () => {
    const other = waitingStockPlace({ warehouseId: 'DC', skuId: 'S10' }, '1#A');
    expect(await hintsAfter({ A: other }, 1, 5)).toEqual([]);
  });
});
