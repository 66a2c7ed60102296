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
  lackQty: number,
  receivedQty: number,
  how: 'swept' | 'told' | 'told of a refusal' | 'told by the release before' = 'swept',
): Promise<string[]> {
  const store = new MemoryStore();
  for (const [orderNo, open] of Object.entries(places)) {
    const key = keys.deliveryOrder(`tb#${orderNo}`);
    await store.put({ key, expect: 0, value: waitingOrder(orderNo, lackQty), places: { open } });
  }
  const entry: LedgerEntry = {
    ...{ number: 1, atMs: 1, balance: { onHandQty: receivedQty, heldQty: 0 } },
    movements: [{ id: 'r', kind: 'receipt', qty: receivedQty, source: { type: 'receipt', id: 'RK' } }],
  };
  await store.put({ key: keys.ledgerEntry(LEDGER, 1), expect: 0, value: entry });
  const sent: BusMessage[] = [];
  const bus = { publish: async (messages: readonly BusMessage[]) => void sent.push(...messages) };
  const pool = { touch: async () => undefined };
  const ports = { store, bus, pool } as unknown as Run['ports'];
  if (how === 'swept') {
    await captureChanges(ports, [{ ...LEDGER, number: 1 }]);
  } else {
    const facts = how === 'told by the release before' ? {} : { atMs: 1, freed: how === 'told' };
    const body = { ...LEDGER, number: 1, ...facts };
    await captureBatch([{ ...ENVELOPE, body }], { ports } as Run);
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

  it('but not those of a SKU whose name begins alike', async () => {
    const other = waitingStockPlace({ warehouseId: 'DC', skuId: 'S10' }, '1#A');
    expect(await hintsAfter({ A: other }, 1, 5)).toEqual([]);
  });
});
