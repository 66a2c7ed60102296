import { sweepConversions } from '../../../functions/document-conversion/convert-batch';
import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { Run } from '../../../shared/platform/define-function';
import type { IndexHit, IndexName, Range } from '../../../shared/ports/store';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { keys, waitingStockPlace } from '../../../shared/procedures/keys';
import { SHOP, StubRun } from '../../support/stub-run';
import { platformLine, platformOrder, SECOND, T } from '../domain/order/samples';

/** Tells how many looks into the index the sweep takes. */
class CountingStore extends MemoryStore {
  looks = 0;

  override async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    if (partition.startsWith('waiting-stock#')) this.looks += 1;
    return super.queryIndex(index, partition, range);
  }
}

let store: CountingStore;
let run: StubRun;

beforeEach(async () => {
  store = new CountingStore();
  run = await new StubRun(store).withShop();
});

/** An order for so many pieces of TEE, in a warehouse that has none. */
async function waits(orderNo: string, quantity: number, createdAtMs: number): Promise<void> {
  const order = platformOrder({ orderNo, createdAtMs, lines: [platformLine({ quantity })] });
  await storePlatformOrder(run.ports, SHOP, { orderNo, text: JSON.stringify(order) }, T);
  await convertPlatformOrders(run.ports, [{ shopId: SHOP.id, orderNo }]);
  expect(await statusOf(orderNo)).toBe('out-of-stock');
}

const statusOf = async (orderNo: string): Promise<DeliveryOrder['status'] | undefined> =>
  (await store.get<DeliveryOrder>(keys.deliveryOrder(`${SHOP.id}#${orderNo}`)))?.value.status;

/** Pieces come in, and whoever was to be told of it never learns. */
async function receivedUnheard(qty: number): Promise<void> {
  const key = { warehouseId: 'DC', skuId: 'TEE' };
  const last = (await store.query<LedgerEntry>(keys.ledgerPartition(key), { limit: 1, descending: true })).at(0)?.value;
  const number = (last?.number ?? 0) + 1;
  const balance = { onHandQty: (last?.balance.onHandQty ?? 0) + qty, heldQty: last?.balance.heldQty ?? 0 };
  const source = { type: 'receipt', id: 'RK' } as const;
  const value: LedgerEntry = {
    ...{ number, atMs: T, balance },
    movements: [{ id: `r${number}`, kind: 'receipt', qty, source }],
  };
  await store.put({ key: keys.ledgerEntry(key, number), expect: 0, value });
}

/** An order that stands among the waiting ones and that nobody can convert. */
async function poisoned(orderNo: string, skuId: string, lackQty: number): Promise<void> {
  const value: Partial<DeliveryOrder> = {
    ...{ id: `tb#${orderNo}`, shopId: 'tb', orderNo, status: 'out-of-stock', warehouseId: 'DC' },
    holds: [{ skuId, wantedQty: lackQty, heldQty: 0, attempt: 1, intent: null, lacking: true }],
  };
  const open = waitingStockPlace({ warehouseId: 'DC', skuId }, `0#${orderNo}`);
  await store.put({ key: keys.deliveryOrder(`tb#${orderNo}`), expect: 0, value, places: { open } });
}

describe('an order that waits for stock and was told of none', () => {
  it('is served by the sweep when pieces have come in, the oldest first', async () => {
    await waits('1', 2, T);
    await waits('2', 2, T + SECOND);
    await waits('3', 1, T + 2 * SECOND);
    await receivedUnheard(3);
    expect(await sweepConversions(run)).toEqual({ waiting: 0, holding: 0, revived: 2, newSkus: 0 });
    expect(await Promise.all(['1', '2', '3'].map(statusOf))).toEqual([
      'pending-audit',
      'out-of-stock',
      'pending-audit',
    ]);
    await receivedUnheard(2);
    await sweepConversions(run);
    expect(await statusOf('2')).toBe('pending-audit');
  });

  it('is served however many wait before it for more than there is', async () => {
    for (let i = 0; i < 120; i += 1) await waits(`A${i}`, 2, T + i);
    await waits('B', 1, T + SECOND);
    await receivedUnheard(1);
    await sweepConversions(run);
    expect(await statusOf('B')).toBe('pending-audit');
  });

  it('is served though an older one cannot be converted', async () => {
    await poisoned('9', 'TEE', 2);
    await waits('1', 2, T);
    await receivedUnheard(2);
    await sweepConversions(run);
    expect(await statusOf('1')).toBe('pending-audit');
  });

  it('costs nothing but a look where nothing has come in', async () => {
    for (let i = 0; i < 120; i += 1) await waits(`A${i}`, 2, T + i);
    const [before, published] = [store.looks, run.published.length];
    expect(await sweepConversions(run)).toMatchObject({ revived: 0 });
    // One for the SKU, and one for each partition to find that there is no other.
    expect(store.looks - before).toBe(1 + 4);
    expect(run.published.length).toBe(published);
  });

  it('is found though a run has time for a part of the way only, since the next one goes on there', async () => {
    for (let i = 0; i < 60; i += 1) await poisoned(`X${i}`, `SKU-${i}`, 1);
    await waits('1', 1, T);
    await receivedUnheard(1);
    const short = (): Run => {
      const upTo = store.looks + 1;
      return {
        config: run.config,
        requestId: 'r1',
        ports: run.ports,
        remainingMs: () => (store.looks < upTo ? 60_000 : 0),
      };
    };
    let runs = 0;
    for (; runs < 100 && (await statusOf('1')) === 'out-of-stock'; runs += 1) await sweepConversions(short());
    expect(runs).toBeGreaterThan(1);
    expect(runs).toBeLessThan(100);
  });

  it('is found by one run of many, where hundreds of SKUs are waited for: each has its share of the way', async () => {
    for (let i = 0; i < 450; i += 1) await poisoned(`X${i}`, `SKU-${i}`, 1);
    const before = store.looks;
    await sweepConversions(run);
    expect(store.looks - before).toBe(200);
    await sweepConversions(run);
    await sweepConversions(run);
    expect(store.looks - before).toBe(450 + 4);
  });
});
