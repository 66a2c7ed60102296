import { until } from '../../infra/local/demo/api';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Goods, Listing, Purchase } from './steps';
import {
  buy,
  countOf,
  deliveryOrder,
  newListing,
  offer,
  onPlatform,
  pause,
  putListing,
  receive,
  shownOf,
  stockOf,
  untilShown,
} from './steps';

jest.setTimeout(60_000);

// What shoppers see follows our stock: computed, pushed over the wire, read back from the sellers' back offices.

const { sourceWarehouse: SOURCE, distributionWarehouse: TARGET } = SAMPLE;
const WRITES = [
  'taobao.item.quantity.update',
  'taobao.skus.quantity.update',
  'sku.syncStock',
  'sku.syncStockBatchMultiProducts',
];
const SHOPS = ['tmall', 'doudian'] as const;

let world: LocalWorld;

beforeAll(async () => {
  // A platform that answers late is given up soon, so that the tests need not wait long for it.
  world = await LocalWorld.start({ settings: { YIPAN_CHANNEL_TIMEOUT_MS: '1500' } });
  for (const shopId of Object.values(SAMPLE_SHOPS)) await saveShop(shopId, {});
}, 60_000);

afterEach(() => world.sandbox.put('/sandbox/faults', {}));

afterAll(() => world.close());

/** The shop's own switches: sync on and no caps unless said otherwise. */
async function saveShop(shopId: string, switches: object): Promise<void> {
  const { rows } = await world.host.get<{ rows: { shopId: string; version: number }[] }>('/api/shop-strategies');
  const version = rows.find((row) => row.shopId === shopId)?.version ?? 0;
  await world.host.put(`/api/shop-strategies/${shopId}`, { stockSyncEnabled: true, ...switches, version });
}

/** A strategy for one SKU in one shop; its version afterwards. */
async function saveRatio(skuId: string, shopId: string, ratioBp: number, more: object = {}): Promise<number> {
  const { rows } = await world.host.get<{ rows: { id: string; version: number }[] }>('/api/ratio-strategies');
  const id = `${skuId}-${shopId}`;
  const { version } = await world.host.put<{ version: number }>(`/api/ratio-strategies/${id}`, {
    ...{ name: id, enabled: true, shopIds: [shopId], skuIds: [skuId], warehouseIds: [TARGET], ratioBp },
    ...{ version: rows.find((row) => row.id === id)?.version ?? 0, ...more },
  });
  return version;
}

/** A SKU listed in both shops, which show nothing of it yet, split between them by ratio. */
async function split(
  skuId: string,
  onHand: number,
  [tmallBp, doudianBp]: readonly [number, number] = [6_000, 4_000],
): Promise<Goods> {
  const goods = await offer(world, skuId, { shown: 0, onHand });
  await saveRatio(skuId, SAMPLE_SHOPS.tmall, tmallBp);
  await saveRatio(skuId, SAMPLE_SHOPS.doudian, doudianBp);
  for (const shopId of Object.values(SAMPLE_SHOPS)) await world.host.post(`/api/shops/${shopId}/download-items`);
  return goods;
}

async function untilBothShow(goods: Goods, tmall: number, doudian: number): Promise<void> {
  await untilShown(world, goods.tmall, tmall);
  await untilShown(world, goods.doudian, doudian);
}

interface SyncRecord {
  readonly number: number;
  readonly qty: number;
  readonly status: string;
  readonly statusText: string;
  readonly why: { readonly zh: string; readonly en: string };
}

/** The listing's records, newest first. */
async function records({ shopId, itemId, skuId }: Listing): Promise<SyncRecord[]> {
  const path = `/api/sync-queue/${shopId}/${itemId}?platformSkuId=${skuId}&limit=200`;
  return (await world.host.get<{ rows: SyncRecord[] }>(path)).rows;
}

async function newest(listing: Listing): Promise<SyncRecord | undefined> {
  return (await records(listing))[0];
}

interface Stats {
  readonly stockWrites: { readonly set: number; readonly add: number; readonly idempotentRepeats: number };
  readonly gateway: { readonly byOutcome: Readonly<Record<string, number>> };
}

const stats = (): Promise<Stats> => world.sandbox.get<Stats>('/sandbox/stats');

async function adjust(id: string, skuId: string, qty: number): Promise<void> {
  const lines = [{ skuId, qty }];
  await world.host.post('/api/stock-entries', { id, type: 'adjustment', warehouseId: TARGET, lines });
}

describe('the quantity that a shop shows', () => {
  it('follows an allocation, sales in both shops, a cancellation and a changed strategy, and says why', async () => {
    const goods = await split('MAIN', 0);
    const lines = [{ skuId: 'MAIN', qty: 97 }];
    await world.host.post('/api/stock-entries', { id: 'RK-main', type: 'receipt', warehouseId: SOURCE, lines });
    const order = { sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, lines, version: 0 };
    await world.host.put('/api/allocation-orders/FH-main', order);
    expect([await shownOf(world, goods.tmall), await shownOf(world, goods.doudian)]).toEqual([0, 0]);
    await world.host.post('/api/allocation-orders/FH-main/audit');
    // 58.2 and 38.8: together 97 pieces, the left-over one by largest remainder.
    await untilBothShow(goods, 58, 39);
    expect(await untilPushed(goods.tmall)).toMatchObject({
      ...{ qty: 58, statusText: '已推送' },
      why: {
        zh: '显示 58 件：可用库存 DS 97 (#1) = 97，× 60% 向下取整得 58（策略 MAIN-tmall-main v1）',
        en: 'shows 58: available DS 97 (#1) = 97, × 60% rounded down is 58 (strategy MAIN-tmall-main v1)',
      },
    });
    expect((await untilPushed(goods.doudian)).why.zh).toContain('各店比例合计 100%，余数分得 1 件');

    const sold = await buy(world, [{ listing: goods.tmall, quantity: 3 }]);
    await buy(world, [{ listing: goods.doudian, quantity: 2 }]);
    // 92: 55.2 and 36.8.
    await untilBothShow(goods, 55, 37);
    await onPlatform(world, sold, 'cancel');
    await untilBothShow(goods, 57, 38);

    await saveRatio('MAIN', SAMPLE_SHOPS.tmall, 5_000);
    // 47.5 and 38: 90 % in all, so nothing is shared out.
    await untilBothShow(goods, 47, 38);
    const { ledgerNumber } = await world.host.get<{ ledgerNumber: number }>(`/api/stock/${TARGET}/MAIN`);
    expect((await untilPushed(goods.tmall)).why.zh).toBe(
      `显示 47 件：可用库存 DS 95 (#${ledgerNumber}) = 95，× 50% 向下取整得 47（策略 MAIN-tmall-main v2）`,
    );

    await saveRatio('MAIN', SAMPLE_SHOPS.tmall, 100_000);
    await untilBothShow(goods, 950, 38);
    expect((await untilPushed(goods.tmall)).why.zh).toContain('各店比例合计 1040%，同一库存多店共享');
    await saveRatio('MAIN', SAMPLE_SHOPS.tmall, 0);
    await untilBothShow(goods, 0, 38);
  });

  it('follows an exception for this SKU alone', async () => {
    const [goods, other] = [await split('EXCEPT', 100), await split('RULE', 100)];
    await untilBothShow(goods, 60, 40);
    const path = `/api/ratio-exceptions/EXCEPT/${SAMPLE_SHOPS.tmall}`;
    await world.host.put(path, { enabled: true, ratioBp: 1_000, version: 0 });
    await untilBothShow(goods, 10, 40);
    expect((await untilPushed(goods.tmall)).why.zh).toContain('比例取自单品例外');
    await untilBothShow(other, 60, 40);
    await world.host.put(path, { enabled: false, ratioBp: 1_000, version: 1 });
    await untilBothShow(goods, 60, 40);
  });

  it("follows the shop's own reserve and cap", async () => {
    const goods = await split('CAPS', 100);
    await untilBothShow(goods, 60, 40);
    await saveShop(SAMPLE_SHOPS.tmall, { reserveQty: 5 });
    await untilBothShow(goods, 55, 40);
    expect((await untilPushed(goods.tmall)).why.zh).toContain('减安全库存 5');
    await saveShop(SAMPLE_SHOPS.tmall, { reserveQty: 70 });
    await untilBothShow(goods, 0, 40);
    await saveShop(SAMPLE_SHOPS.tmall, { reserveQty: 5, maxQty: 20 });
    await untilBothShow(goods, 20, 40);
    expect((await untilPushed(goods.tmall)).why.zh).toContain('店铺上限 20');
    await saveShop(SAMPLE_SHOPS.tmall, {});
    await untilBothShow(goods, 60, 40);
  });

  it('changes by itself when a strategy begins and when it ends', async () => {
    const goods = await split('PERIOD', 100);
    await untilBothShow(goods, 60, 40);
    const nowMs = Date.now();
    const sale = { shopIds: [SAMPLE_SHOPS.tmall], skuIds: ['PERIOD'], warehouseIds: [TARGET], ratioBp: 1_000 };
    const period = { validFromMs: nowMs + 2_000, validToMs: nowMs + 5_000 };
    await world.host.put('/api/ratio-strategies/sale', {
      name: '大促',
      enabled: true,
      ...sale,
      ...period,
      priority: 10,
      version: 0,
    });
    await untilShown(world, goods.tmall, 10);
    expect(Date.now()).toBeGreaterThanOrEqual(period.validFromMs);
    await untilShown(world, goods.tmall, 60);
    expect(Date.now()).toBeGreaterThanOrEqual(period.validToMs);
    expect((await untilPushed(goods.tmall)).why.zh).toContain('策略 PERIOD-tmall-main');
  });

  it('stands still while the sync of its shop is switched off, and catches up when it is on again', async () => {
    const goods = await split('SWITCH', 100);
    await untilBothShow(goods, 60, 40);
    await saveShop(SAMPLE_SHOPS.tmall, { stockSyncEnabled: false });
    await receive(world, 'SWITCH', 100);
    // The other shop is alone on this stock now: its ratio stands for itself.
    await untilShown(world, goods.doudian, 80);
    await pause(1_000);
    expect(await shownOf(world, goods.tmall)).toBe(60);
    await saveShop(SAMPLE_SHOPS.tmall, {});
    await untilBothShow(goods, 120, 80);
  });

  it('is written again when it goes back to an earlier number: 5, 3, 5, 3', async () => {
    const goods = await split('BACK', 5, [10_000, 10_000]);
    await untilBothShow(goods, 5, 5);
    await adjust('TZ-back-1', 'BACK', -2);
    await untilBothShow(goods, 3, 3);
    await adjust('TZ-back-2', 'BACK', 2);
    await untilBothShow(goods, 5, 5);
    // The second time by the same change: neither the number nor the change tells a write from its repeat.
    await adjust('TZ-back-3', 'BACK', -2);
    await untilBothShow(goods, 3, 3);
    for (const shop of SHOPS) {
      expect(await untilPushed(goods[shop])).toMatchObject({ qty: 3 });
      expect((await records(goods[shop])).filter(({ status }) => status === 'pushed').map(({ qty }) => qty)).toEqual([
        3, 5, 3, 5,
      ]);
    }
  });

  it('is not written again where nothing has changed', async () => {
    const goods = await split('STILL', 30);
    await untilBothShow(goods, 18, 12);
    await settle(world);
    const [before, numbers] = [await stats(), await lastNumbers(goods)];
    const looked = await countOf(world, 'sync.read-backs');
    await world.host.post('/api/sync-queue/retry', { skuIds: ['STILL'] });
    // Longer than every timer, the read-back among them.
    await until(
      'the listings were read back',
      20_000,
      async () => (await countOf(world, 'sync.read-backs')) > looked + 2,
    );
    await settle(world);
    expect((await stats()).stockWrites).toEqual(before.stockWrites);
    expect(await lastNumbers(goods)).toEqual(numbers);
  });

  async function lastNumbers(goods: Goods): Promise<(number | undefined)[]> {
    return Promise.all(SHOPS.map(async (shop) => (await newest(goods[shop]))?.number));
  }
});

describe('trouble on the way', () => {
  it('a write that took effect and was never answered: settled by reading back, not written twice', async () => {
    const goods = await split('TIMEOUT', 50);
    await untilBothShow(goods, 30, 20);
    await world.sandbox.put('/sandbox/faults', { timeoutAfterApply: 1, onlyMethods: WRITES });
    await receive(world, 'TIMEOUT', 50);
    for (const shop of SHOPS) {
      await until(`a push to ${shop} has no outcome`, 15_000, async () =>
        (await records(goods[shop])).some(({ statusText }) => statusText === '结果未知'),
      );
    }
    const before = await stats();
    await world.sandbox.put('/sandbox/faults', {});
    await settle(world);
    await untilBothShow(goods, 60, 40);
    expect((await stats()).stockWrites).toEqual(before.stockWrites);
    for (const shop of SHOPS)
      expect(await newest(goods[shop])).toMatchObject({ qty: goods[shop] === goods.tmall ? 60 : 40 });
  });

  it('the same while buyers go on buying', async () => {
    const goods = await split('BUSY', 200);
    await untilBothShow(goods, 120, 80);
    await world.sandbox.put('/sandbox/faults', { timeoutAfterApply: 0.5, onlyMethods: WRITES });
    const bought: Purchase[] = [];
    for (let i = 0; i < 20; i += 1) {
      bought.push(await buy(world, [{ listing: goods[i % 2 === 0 ? 'tmall' : 'doudian'], quantity: 1 }]));
      if (i % 5 === 0) await adjust(`TZ-busy-${i}`, 'BUSY', 5);
      await pause(100);
    }
    await world.sandbox.put('/sandbox/faults', {});
    await Promise.all(bought.map((purchase) => untilConverted(purchase)));
    // 200 + 20 - 20.
    await untilBothShow(goods, 120, 80);
    await settle(world);
    await untilBothShow(goods, 120, 80);
  });

  it('errors of the platform are tried again with a fresh quantity', async () => {
    const goods = await split('ERRORS', 10);
    await untilBothShow(goods, 6, 4);
    await world.sandbox.put('/sandbox/faults', { errorBeforeApply: 1, onlyMethods: WRITES });
    await receive(world, 'ERRORS', 10);
    await until('a push has failed', 15_000, async () => (await newest(goods.tmall))?.status === 'failed');
    await receive(world, 'ERRORS', 10);
    await world.sandbox.put('/sandbox/faults', {});
    await untilBothShow(goods, 18, 12);
    const quantities = (await records(goods.tmall)).filter(({ status }) => status === 'pushed').map(({ qty }) => qty);
    expect(quantities).toEqual([18, 6]);
  });

  it('flow control: waits, and brings every quantity all the same', async () => {
    const skuIds = Array.from({ length: 6 }, (_, i) => `FLOW-${i}`);
    const goods: Goods[] = [];
    for (const skuId of skuIds) goods.push(await split(skuId, 10));
    for (const each of goods) await untilBothShow(each, 6, 4);
    await world.sandbox.put('/sandbox/faults', { rateLimitPerSecond: 2, onlyMethods: WRITES });
    const limitedBefore = await limited();
    await Promise.all(skuIds.map((skuId) => receive(world, skuId, 10)));
    for (const each of goods) await untilBothShow(each, 12, 8);
    expect(await limited()).toBeGreaterThan(limitedBefore);
  });

  it.each([
    ['more', 99, 99],
    ['less', 1, 1],
  ] as const)(
    '%s pieces entered by hand on the platform: repaired by the rolling read-back',
    async (name, tmall, doudian) => {
      const skuId = `HAND-${name}`;
      const goods = await split(skuId, 20);
      await untilBothShow(goods, 12, 8);
      await settle(world);
      await putListing(world, goods.tmall, { merchantCode: skuId, stockQty: tmall });
      await putListing(world, goods.doudian, { merchantCode: skuId, stockQty: doudian });
      await untilBothShow(goods, 12, 8);
      expect((await stockOf(world, skuId)).onHandQty).toBe(20);
    },
  );

  it('a listing that is gone from the platform stops no other; listed again, it follows the next change', async () => {
    const ghost = newListing(SAMPLE_SHOPS.doudian);
    const goods = await split('GHOST', 10);
    await untilBothShow(goods, 6, 4);
    const { shopId, itemId, skuId: platformSkuId } = ghost;
    await world.host.put('/api/mappings', { shopId, itemId, platformSkuId, skuId: 'GHOST', version: 0 });
    await receive(world, 'GHOST', 10);
    await untilBothShow(goods, 12, 8);
    await until(
      'the write of the missing listing failed',
      15_000,
      async () => (await newest(ghost))?.status === 'failed',
    );
    await putListing(world, ghost, { merchantCode: 'GHOST', stockQty: 0 });
    await receive(world, 'GHOST', 10);
    await untilBothShow(goods, 18, 12);
    await untilShown(world, ghost, 12);
  });

  async function limited(): Promise<number> {
    const { gateway } = await stats();
    const hits = Object.entries(gateway.byOutcome).filter(([outcome]) => outcome.startsWith('error:'));
    return hits.reduce((sum, [, count]) => sum + count, 0);
  }

  async function untilConverted(purchase: Purchase): Promise<void> {
    await until(
      'the order holds its piece',
      15_000,
      async () => (await deliveryOrder(world, purchase))?.holds[0]?.heldQty === 1,
    );
  }
});

it('leaves every invariant true, and the platforms showing what the ledgers give', async () => {
  await settle(world);
  await world.stopHost();
  const shown = async (
    shop: { id: string },
    { itemId, platformSkuId }: { itemId: string; platformSkuId: string | null },
  ) => {
    const { items } = await world.sandbox.get<{
      items: { stockQty: number; skus: { skuId: string; stockQty: number }[] }[];
    }>(`/sandbox/items?shopId=${shop.id}&contains=${itemId}`);
    const [item] = items;
    return item?.skus.find(({ skuId }) => skuId === platformSkuId)?.stockQty ?? item?.stockQty ?? -1;
  };
  expect(await violationsIn(world, { readShown: shown })).toEqual([]);
});

/** The listing's newest record, once it is settled. */
function untilPushed(listing: Listing): Promise<SyncRecord> {
  return until(`${listing.itemId} is pushed`, 15_000, async () => {
    const record = await newest(listing);
    return record?.status === 'pushed' ? record : undefined;
  });
}
