import { auditDeliveryOrders } from '../../../functions/auto-audit/audit-delivery-orders';
import { sweepConversions } from '../../../functions/document-conversion/convert-batch';
import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import type { SyncPage } from '../../../functions/ratio-sync-push/walk-resyncs';
import { walkResyncs } from '../../../functions/ratio-sync-push/walk-resyncs';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { PlatformOrder } from '../../../shared/domain/order/platform-order';
import type { ReceivedOrder } from '../../../shared/domain/order/received-order';
import type { Key, Put, Stored } from '../../../shared/ports/store';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { keys } from '../../../shared/procedures/keys';
import { askReadBack, mappingPlaces, resyncMapping } from '../../../shared/procedures/map-listings';
import { LISTING, SHOP, StubRun } from '../../support/stub-run';
import { ALWAYS, platformLine, platformOrder, SECOND, T } from '../domain/order/samples';

const ref = { shopId: SHOP.id, orderNo: '88001' };

/** A store in which something happens right before a write, or before or behind a read of platform orders' heads. */
class EventfulStore extends MemoryStore {
  beforePut: (put: Put<unknown>) => Promise<void> = async () => undefined;
  beforeHeads: () => Promise<void> = async () => undefined;
  behindHeads: () => Promise<void> = async () => undefined;

  override async getMany<T>(wanted: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    if (wanted[0]?.sk !== 'head') return super.getMany<T>(wanted);
    await this.beforeHeads();
    const found = await super.getMany<T>(wanted);
    await this.behindHeads();
    return found;
  }

  override async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    await this.beforePut(put);
    return super.put(put);
  }
}

const ingest = (run: StubRun, order: PlatformOrder) =>
  storePlatformOrder(run.ports, SHOP, { orderNo: order.orderNo, text: JSON.stringify(order) }, T);

function mapping(run: StubRun, resync: ItemMapping['resync']): ItemMapping {
  const from = { merchantCode: 'other', title: '短袖', source: 'manual', version: 2 } as const;
  return { shopId: SHOP.id, ...LISTING, skuId: 'TEE', ...from, resync: resync && resyncMapping(run.ports, 'TEE') };
}

describe('an order that parks for a listing', () => {
  it('is converted where the listing is mapped at the moment in which it parks', async () => {
    const store = new EventfulStore();
    const run = await new StubRun(store).withShop();
    await ingest(run, platformOrder({ lines: [platformLine({ merchantCode: 'other' })] }));
    store.beforePut = async ({ value }) => {
      if ((value as ReceivedOrder).conversion !== 'unmapped') return;
      store.beforePut = async () => undefined;
      const stored = await store.get<ItemMapping>(keys.mapping(SHOP.id, LISTING));
      await store.put({ key: keys.mapping(SHOP.id, LISTING), expect: stored?.version ?? 0, value: mapping(run, null) });
    };
    expect(await convertPlatformOrders(run.ports, [ref])).toMatchObject([{ kind: 'ok', state: 'converted' }]);
  });

  it('is found by the second walk of the mapping where the index showed it too late for the first', async () => {
    const store = Object.assign(new MemoryStore(), { indexLagMs: 120_000 });
    const run = await new StubRun(store).withShop();
    const saved = mapping(run, { kind: 'sku', skuId: 'TEE' });
    const key = keys.mapping(SHOP.id, LISTING);
    await store.put({ key, expect: 0, value: saved, places: mappingPlaces(saved, run.clock.nowMs()) });
    const walk = () =>
      walkResyncs(
        run,
        async () => 'done',
        () => true,
      );
    const resync = async () => (await store.get<ItemMapping>(key))?.value.resync;
    expect(await walk()).toBe(1);
    expect(await resync()).toEqual({ kind: 'sku', skuId: 'TEE', untilMs: run.clock.nowMs() + 120_000 });
    expect(await walk()).toBe(0);
    await run.clock.advance(120_000);
    expect(await walk()).toBe(1);
    expect(await resync()).toBeNull();
  });
});

describe('an order that is saved as out of stock', () => {
  it('gets the pieces that came in right before, when nobody could find it among those that wait', async () => {
    const store = new EventfulStore();
    const run = await new StubRun(store).withShop();
    await ingest(run, platformOrder());
    store.beforePut = async ({ value }) => {
      if ((value as DeliveryOrder).status !== 'out-of-stock') return;
      store.beforePut = async () => undefined;
      // The refused hold is entry 1.
      const entry = { number: 2, movements: [], balance: { onHandQty: 1, heldQty: 0 }, atMs: T };
      await store.put({ key: keys.ledgerEntry({ warehouseId: 'DC', skuId: 'TEE' }, 2), expect: 0, value: entry });
    };
    await convertPlatformOrders(run.ports, [ref]);
    const stored = await store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001'));
    expect(stored?.value).toMatchObject({
      status: 'pending-audit',
      holds: [{ heldQty: 1, attempt: 2, lacking: false }],
    });
    expect(stored?.value.log.map((line) => line.status)).toEqual([
      'pending-allocation',
      'out-of-stock',
      'pending-audit',
    ]);
  });

  it('waits where there is too little', async () => {
    const run = await new StubRun().withShop();
    await ingest(run, platformOrder());
    await convertPlatformOrders(run.ports, [ref]);
    expect((await run.store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001')))?.value).toMatchObject({
      ...{ status: 'out-of-stock', holds: [{ heldQty: 0, attempt: 1, lacking: true }] },
    });
  });
});

describe('an order that closes while somebody else converts it', () => {
  it.each<Partial<PlatformOrder>>([{ status: 'closed' }, { status: 'paid-do-not-ship', deposit: 'forfeited' }])(
    'is cancelled by whoever learns of the end (%p), even if its delivery order has only just been made',
    async (end) => {
      const store = new EventfulStore();
      const [run, other] = [await new StubRun(store).withShop(), new StubRun(store)];
      await ingest(run, platformOrder());
      store.beforeHeads = async () => {
        store.beforeHeads = async () => undefined;
        await convertPlatformOrders(other.ports, [ref]);
        await ingest(other, platformOrder({ ...end, modifiedAtMs: T + SECOND }));
      };
      expect(await convertPlatformOrders(run.ports, [ref])).toMatchObject([{ kind: 'ok', state: 'closed' }]);
      expect((await store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001')))?.value.status).toBe('cancelled');
    },
  );

  it('is cancelled by the sweep where whoever makes its delivery order dies before they learn of the close', async () => {
    const store = new EventfulStore();
    const [run, other] = [await new StubRun(store).withShop(), new StubRun(store)];
    await ingest(run, platformOrder());
    const head = keys.platformOrder(SHOP.id, '88001');
    store.beforePut = async ({ key }) => {
      if (!key.pk.startsWith('delivery-order#')) return;
      store.beforePut = async () => undefined;
      await ingest(other, platformOrder({ status: 'closed', modifiedAtMs: T + SECOND }));
      expect(await convertPlatformOrders(other.ports, [ref])).toMatchObject([{ kind: 'ok', state: 'closed' }]);
      store.beforePut = async (put) => {
        if (put.key.pk === head.pk) throw new Error('killed');
      };
    };
    await expect(convertPlatformOrders(run.ports, [ref])).rejects.toThrow('killed');
    store.beforePut = async () => undefined;
    await other.clock.advance(20 * SECOND);
    await sweepConversions(other);
    const stored = await store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001'));
    expect(stored?.value).toMatchObject({ status: 'cancelled', platform: { status: 'closed' } });
  });
});

describe('an order of which the deposit is forfeited', () => {
  it('ends in the same state whether or not somebody has made its delivery order meanwhile', async () => {
    const over = platformOrder({ status: 'paid-do-not-ship', deposit: 'forfeited', modifiedAtMs: T + SECOND });
    const late = await new StubRun().withShop();
    await ingest(late, over);
    const early = await new StubRun().withShop();
    await ingest(early, platformOrder());
    await convertPlatformOrders(early.ports, [ref]);
    await ingest(early, over);
    for (const run of [late, early])
      expect(await convertPlatformOrders(run.ports, [ref])).toMatchObject([{ kind: 'ok', state: 'closed' }]);
  });
});

describe('an order of which two versions bear the same second', () => {
  it('is not taken back to the first by whoever read it before the second came in', async () => {
    const store = new EventfulStore();
    const [run, other] = [await new StubRun(store).withShop(), new StubRun(store)];
    await ingest(run, platformOrder());
    await convertPlatformOrders(run.ports, [ref]);
    await ingest(run, platformOrder({ modifiedAtMs: T + SECOND }));
    store.behindHeads = async () => {
      store.behindHeads = async () => undefined;
      const lines = [platformLine({ refund: 'in-progress' })];
      await ingest(other, platformOrder({ modifiedAtMs: T + SECOND, lines }));
      await convertPlatformOrders(other.ports, [ref]);
      store.beforePut = async ({ value }) => {
        if ((value as Partial<DeliveryOrder>).lines?.some(({ refund }) => refund === 'none'))
          throw new Error('taken back');
      };
    };
    expect(await convertPlatformOrders(run.ports, [ref])).toMatchObject([
      { kind: 'ok', deliveryOrder: { lines: [{ refund: 'in-progress' }] } },
    ]);
  });
});

describe('a listing that is to be read back', () => {
  it('is read once more where pieces came back while it was being read', async () => {
    const run = await new StubRun().withShop();
    await ingest(run, platformOrder({ lines: [platformLine({ refund: 'succeeded' })] }));
    await convertPlatformOrders(run.ports, [ref]);
    const resync = async () => (await run.store.get<ItemMapping>(keys.mapping(SHOP.id, LISTING)))?.value.resync;
    expect(await resync()).toMatchObject({ kind: 'read-back' });
    let reads = 0;
    const read: SyncPage = async (_skuIds, readBack) => {
      reads += readBack ? 1 : 0;
      if (readBack && reads === 1) await askReadBack(run.ports, SHOP.id, [LISTING]);
      return 'done';
    };
    const walk = () => walkResyncs(run, read, () => true);
    await walk();
    expect(await resync()).toMatchObject({ kind: 'read-back' });
    await walk();
    expect(reads).toBe(2);
    expect(await resync()).toBeNull();
  });
});

describe('an order of which the platform has said more within the same second', () => {
  it('is converted again before it is audited', async () => {
    const run = await new StubRun().withShop();
    await ingest(run, platformOrder());
    await run.store.put({
      key: keys.ledgerEntry({ warehouseId: 'DC', skuId: 'TEE' }, 1),
      expect: 0,
      value: { number: 1, movements: [], balance: { onHandQty: 9, heldQty: 0 }, atMs: T },
    });
    await convertPlatformOrders(run.ports, [ref]);
    const stored = await run.store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001'));
    expect(stored?.value.status).toBe('pending-audit');
    const head = await run.store.get<ReceivedOrder>(keys.platformOrder(SHOP.id, '88001'));
    if (!head) throw new Error('the order is stored');
    // What a slow worker leaves behind: the head closed within the second in which the order was made.
    await run.store.put({
      ...head,
      expect: head.version,
      value: { ...head.value, status: 'closed', conversion: 'closed' },
    });
    await run.store.put({ key: keys.auditStrategy('A'), expect: 0, value: ALWAYS });
    run.published.length = 0;
    await auditDeliveryOrders(run.ports, ['tb#88001']);
    expect((await run.store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001')))?.value.status).toBe('pending-audit');
    expect(run.published).toMatchObject([{ topic: 'platform-order-changed', body: ref }]);
  });
});
