import type { ApiError } from '../../infra/local/demo/api';
import { until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Goods, Listing, OrderView, Purchase } from './steps';
import {
  act,
  buy,
  countOf,
  deliveryOrder,
  newListing,
  offer,
  onPlatform,
  pause,
  putListing,
  receive,
  refund,
  stockOf,
  untilConversion,
  untilIdle,
  untilOrder,
  untilStatus,
  untilStopped,
} from './steps';

jest.setTimeout(60_000);

// The life of orders, from the buyer's click in the sandbox to the status in our API, through real processes.

/** Its buyers get a minute to change their minds. */
const SLOW_SHOP = 'tmall-slow';

const LIMITS = {
  ...{ buyerMemo: 'empty', sellerMemo: 'empty', amountFenMax: 2_000, quantityMax: 30, minutesSincePayment: 0 },
};

let world: LocalWorld;
let early: Purchase;
let strategyVersion = 0;

beforeAll(async () => {
  world = await LocalWorld.start({ taobaoShops: [SLOW_SHOP] });
  await saveAuto(LIMITS);
  const shop = { channel: 'taobao', title: '慢店', warehouseIds: [SAMPLE.distributionWarehouse], version: 0 };
  await world.host.put(`/api/shops/${SLOW_SHOP}`, shop);
  await saveSlow(1, 0);
  // Bought first and looked at last: it passes by itself after a minute.
  early = await buyInSlowShop('SLOW-EARLY');
}, 60_000);

afterAll(() => world.close());

/** The strategy of all shops but the slow one. */
async function saveAuto(limits: object): Promise<void> {
  const body = { name: '自动审核', enabled: true, limits, version: strategyVersion };
  strategyVersion = (await world.host.put<{ version: number }>('/api/audit-strategies/auto', body)).version;
}

async function saveSlow(minutesSincePayment: number, version: number): Promise<void> {
  const limits = { ...LIMITS, minutesSincePayment };
  const body = { name: '付款后等待', enabled: true, shopIds: [SLOW_SHOP], priority: 10, limits, version };
  await world.host.put('/api/audit-strategies/slow', body);
}

async function buyInSlowShop(skuId: string): Promise<Purchase> {
  const listing = newListing(SLOW_SHOP);
  await world.host.post('/api/skus', { skus: [{ id: skuId, title: skuId }] });
  await receive(world, skuId, 5);
  await putListing(world, listing, { merchantCode: skuId, stockQty: 5 });
  return buy(world, [{ listing, quantity: 1 }]);
}

const of = (listing: Listing, quantity = 1) => [{ listing, quantity }];
const types = (order: OrderView): string[] => order.log.map(({ type }) => type);

describe.each(['tmall', 'doudian'] as const)('in the %s shop', (shop) => {
  const sku = (name: string): string => `${name}-${shop}`;
  const goodsOf = (name: string, pieces = { shown: 100, onHand: 50 }): Promise<Goods> =>
    offer(world, sku(name), pieces);

  it('unpaid: pieces are held, a person waits with it; paid: audited by itself', async () => {
    const goods = await goodsOf('PAY');
    const purchase = await buy(world, of(goods[shop]), { pay: false });
    expect(await untilStopped(world, purchase)).toEqual(['paid']);
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 50, heldQty: 1 });
    await onPlatform(world, purchase, 'pay');
    const order = await untilStatus(world, purchase, 'audited');
    expect(order.statusText).toBe('已审核');
    expect(order.log.slice(0, 2)).toMatchObject([
      { type: '更新配货' },
      { type: '订单审核', content: '订单自动审核成功!', userName: '规则 auto v1' },
    ]);
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 50, heldQty: 1 });
  });

  it('paid but not to be shipped yet: waits until the platform releases it', async () => {
    const goods = await goodsOf('RELEASE');
    const purchase = await buy(world, of(goods[shop]), { mayShip: false });
    expect(await untilStopped(world, purchase)).toEqual(['may-ship']);
    await onPlatform(world, purchase, 'release');
    await untilStatus(world, purchase, 'audited');
  });

  it('a deposit presale waits for the rest of the money', async () => {
    const goods = await goodsOf('PRESALE');
    const purchase = await buy(world, of(goods[shop]), { depositPresale: true, pay: false });
    expect(await untilStopped(world, purchase)).toEqual(['paid']);
    await onPlatform(world, purchase, 'pay');
    await untilOrder(world, purchase, 'the deposit is known', ({ platform }) => platform.deposit === 'deposit-paid');
    expect(await untilStopped(world, purchase)).toContain('paid');
    await onPlatform(world, purchase, 'pay');
    await untilStatus(world, purchase, 'audited');
  });

  it('two lines of one SKU are summed before they are held', async () => {
    const goods = await goodsOf('SUM', { shown: 10, onHand: 3 });
    // 2 + 2 of 3: each line alone would fit.
    const short = await buy(world, [...of(goods[shop], 2), ...of(goods[shop], 2)]);
    const waiting = await untilStatus(world, short, 'out-of-stock');
    expect(waiting.holds).toMatchObject([{ wantedQty: 4, heldQty: 0 }]);
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 3, heldQty: 0 });
    const fits = await buy(world, [...of(goods[shop], 1), ...of(goods[shop], 2)]);
    const order = await untilStatus(world, fits, 'audited');
    expect(order.lines).toHaveLength(2);
    expect(order.holds).toMatchObject([{ wantedQty: 3, heldQty: 3 }]);
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 3, heldQty: 3 });
  });

  it('out of stock: stock comes in, and it is audited by itself', async () => {
    const goods = await goodsOf('LACK', { shown: 10, onHand: 1 });
    const purchase = await buy(world, of(goods[shop], 3));
    expect((await untilStatus(world, purchase, 'out-of-stock')).statusText).toBe('缺货');
    await receive(world, goods.skuId, 1);
    await pause(300);
    expect((await deliveryOrder(world, purchase))?.status).toBe('out-of-stock');
    await receive(world, goods.skuId, 1);
    await untilStatus(world, purchase, 'audited');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 3, heldQty: 3 });
  });

  it("out of stock: another buyer's cancelled pieces cure it, too", async () => {
    const goods = await goodsOf('CURE', { shown: 10, onHand: 2 });
    const first = await buy(world, of(goods[shop], 2));
    await untilStatus(world, first, 'audited');
    const second = await buy(world, of(goods[shop], 1));
    await untilStatus(world, second, 'out-of-stock');
    await onPlatform(world, first, 'cancel');
    await untilStatus(world, second, 'audited');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 2, heldQty: 1 });
  });

  it('refund of one line: unaudited, its pieces given back, the rest audited again', async () => {
    const [goods, other] = [await goodsOf('REFUND-A'), await goodsOf('REFUND-B')];
    const purchase = await buy(world, [...of(goods[shop], 2), ...of(other[shop])]);
    await untilStatus(world, purchase, 'audited');
    await refund(world, purchase, 'request', 0);
    const stopped = await untilStatus(world, purchase, 'pending-audit');
    expect(types(stopped)).toContain('取消审核');
    expect(await untilStopped(world, purchase)).toEqual(['no-refund']);
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(2);
    await refund(world, purchase, 'agree', 0);
    const order = await untilStatus(world, purchase, 'audited');
    expect(order.lines.map((line) => line.refund)).toEqual(['succeeded', 'none']);
    expect(order.log[0]?.content).toContain(`${other.skuId}×1`);
    expect(order.log[0]?.content).not.toContain(goods.skuId);
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(0);
    expect((await stockOf(world, other.skuId)).heldQty).toBe(1);
  });

  it('refund refused: audited again', async () => {
    const goods = await goodsOf('REFUSED');
    const purchase = await buy(world, of(goods[shop]));
    await untilStatus(world, purchase, 'audited');
    await refund(world, purchase, 'request');
    await untilStatus(world, purchase, 'pending-audit');
    await refund(world, purchase, 'refuse');
    await untilStatus(world, purchase, 'audited');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 50, heldQty: 1 });
  });

  it('every line refunded: cancelled', async () => {
    const goods = await goodsOf('ALL-BACK');
    const purchase = await buy(world, of(goods[shop], 2));
    await untilStatus(world, purchase, 'audited');
    await refund(world, purchase, 'request');
    await refund(world, purchase, 'agree');
    await untilStatus(world, purchase, 'cancelled');
    await untilFree(goods);
  });

  it.each([
    ['before it is paid', { pay: false }, 'pending-audit'],
    ['while it waits', { mayShip: false }, 'pending-audit'],
    ['after its audit', {}, 'audited'],
  ] as const)('cancelled by the buyer %s: the pieces are free again', async (when, switches, status) => {
    const goods = await goodsOf(`CANCEL-${when.length}`);
    const purchase = await buy(world, of(goods[shop], 2), switches);
    await untilStatus(world, purchase, status);
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(2);
    await onPlatform(world, purchase, 'cancel');
    const order = await untilStatus(world, purchase, 'cancelled');
    await untilConversion(world, purchase, 'closed');
    await untilFree(goods);
    expect(order.statusText).toBe('已取消');
  });

  it('picked and shipped: the pieces leave the warehouse; what the platform says later changes no stock', async () => {
    const goods = await goodsOf('SHIP');
    const purchase = await buy(world, of(goods[shop], 3));
    await untilStatus(world, purchase, 'audited');
    expect((await act(world, purchase, 'pick')).status).toBe('picking');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 50, heldQty: 3 });
    const shipped = await act(world, purchase, 'ship');
    expect(shipped).toMatchObject({ status: 'shipped', statusText: '已发货', holds: [{ heldQty: 0 }] });
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 47, heldQty: 0 });
    await onPlatform(world, purchase, 'ship');
    await untilOrder(world, purchase, 'the shipment is known', (order) => order.log.some(isPlatformNews));
    await refund(world, purchase, 'request');
    await refund(world, purchase, 'agree');
    await untilConversion(world, purchase, 'closed');
    expect((await deliveryOrder(world, purchase))?.status).toBe('shipped');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 47, heldQty: 0 });
  });

  it('ten people who press the same button at once do it once', async () => {
    const goods = await goodsOf('TEN');
    const purchase = await buy(world, of(goods[shop], 3), { sellerMemo: '人工审核' });
    await untilStopped(world, purchase);
    for (const [action, status] of [
      ['audit', 'audited'],
      ['pick', 'picking'],
      ['ship', 'shipped'],
    ] as const) {
      const pressed = await Promise.allSettled(Array.from({ length: 10 }, () => act(world, purchase, action)));
      const codes = pressed.map((press) => (press.status === 'fulfilled' ? 'done' : (press.reason as ApiError).code));
      expect(codes.sort()).toEqual([...Array.from({ length: 9 }, () => 'WRONG_STATUS'), 'done']);
      expect((await deliveryOrder(world, purchase))?.status).toBe(status);
    }
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 47, heldQty: 0 });
  });

  it('a refund while it is picked: an exception for a person, who says go on with the rest', async () => {
    const [goods, other] = [await goodsOf('CATCH-A'), await goodsOf('CATCH-B')];
    const purchase = await buy(world, [...of(goods[shop]), ...of(other[shop])]);
    await untilStatus(world, purchase, 'audited');
    await act(world, purchase, 'pick');
    await refund(world, purchase, 'request', 0);
    await refund(world, purchase, 'agree', 0);
    const caught = await untilStatus(world, purchase, 'exception');
    expect(caught.statusText).toBe('异常');
    // The parcel may be packed: whether the pieces come back is for a person to say.
    await untilConversion(world, purchase, 'converted');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 50, heldQty: 1 });
    await act(world, purchase, 'resume');
    const order = await untilStatus(world, purchase, 'audited');
    expect(order.holds).toMatchObject([{ heldQty: 0 }, { heldQty: 1 }]);
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(0);
  });

  it('cancelled on the platform while it is picked: an exception; a person stops the parcel and cancels', async () => {
    const goods = await goodsOf('STOP');
    const purchase = await buy(world, of(goods[shop], 2));
    await untilStatus(world, purchase, 'audited');
    await act(world, purchase, 'pick');
    await onPlatform(world, purchase, 'cancel');
    await untilStatus(world, purchase, 'exception');
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(2);
    // It would hold stock for nobody.
    await expect(act(world, purchase, 'resume')).rejects.toMatchObject({ status: 422, code: 'ORDER_CLOSED' });
    const order = await act(world, purchase, 'cancel', { reason: '已拦截，包裹退回' });
    expect(order).toMatchObject({ status: 'cancelled', holds: [{ heldQty: 0 }] });
    await untilFree(goods);
  });

  it('all its messages lost: found by the pull', async () => {
    const goods = await goodsOf('LOST');
    const before = await countOf(world, 'ingestion.recovered');
    await world.sandbox.put('/sandbox/faults', { loseMessages: 1 });
    const purchase = await buy(world, of(goods[shop]), { pay: false });
    await untilStopped(world, purchase);
    await onPlatform(world, purchase, 'pay');
    await untilStatus(world, purchase, 'audited');
    await onPlatform(world, purchase, 'cancel');
    await untilStatus(world, purchase, 'cancelled');
    await world.sandbox.put('/sandbox/faults', {});
    // A pull counts what it has found at its end.
    const recovered = async (): Promise<number> => (await countOf(world, 'ingestion.recovered')) - before;
    await until('the pull has counted', 15_000, async () => (await recovered()) >= 3);
    expect(await recovered()).toBe(3);
    await untilFree(goods);
  });

  async function untilFree({ skuId }: Goods): Promise<void> {
    await until(`nothing of ${skuId} is held`, 15_000, async () => (await stockOf(world, skuId)).heldQty === 0);
    expect((await stockOf(world, skuId)).onHandQty).toBe(50);
  }
});

const isPlatformNews = ({ type }: { type: string }): boolean => type === '平台更新';

describe('limits of the strategy', () => {
  it.each([
    ['a buyer memo', 'buyer-memo', 1, { buyerMemo: '请尽快发货' }],
    ['a seller memo', 'seller-memo', 1, { sellerMemo: '送赠品' }],
    ['an amount above the limit', 'amount-limit', 21, {}],
    ['more pieces than the limit', 'quantity-limit', 31, {}],
  ])('%s stops it, and the audit of a person passes it', async (_, rule, quantity, memos) => {
    const skuId = `LIMIT-${rule}`;
    const goods = await offer(world, skuId, { shown: 50, onHand: 50 });
    const priceFen = rule === 'quantity-limit' ? 1 : 100;
    await putListing(world, goods.tmall, { merchantCode: skuId, priceFen });
    const purchase = await buy(world, of(goods.tmall, quantity), memos);
    expect(await untilStopped(world, purchase)).toEqual([rule]);
    const order = await act(world, purchase, 'audit');
    expect(order).toMatchObject({ status: 'audited', audit: null });
    expect(order.log[1]).toMatchObject({ type: '订单审核', content: '订单人工审核成功!', userName: '管理员' });
  });

  it.each(['tmall', 'doudian'] as const)(
    'a seller memo taken away on the platform (%s): audited by itself',
    async (shop) => {
      const goods = await offer(world, `MEMO-${shop}`, { shown: 5, onHand: 5 });
      const purchase = await buy(world, of(goods[shop]), { sellerMemo: '等一下' });
      expect(await untilStopped(world, purchase)).toEqual(['seller-memo']);
      await onPlatform(world, purchase, 'memo', { sellerMemo: '' });
      await untilStatus(world, purchase, 'audited');
    },
  );

  it('a saved strategy offers the stopped orders again', async () => {
    const goods = await offer(world, 'AGAIN', { shown: 90, onHand: 90 });
    const purchases = await Promise.all([31, 32].map((quantity) => buy(world, of(goods.doudian, quantity))));
    for (const purchase of purchases) {
      expect(await untilStopped(world, purchase)).toEqual(['amount-limit', 'quantity-limit']);
    }
    await saveAuto({ ...LIMITS, amountFenMax: null, quantityMax: 31 });
    const [first, second] = purchases as [Purchase, Purchase];
    await untilStatus(world, first, 'audited');
    await untilOrder(world, second, 'judged again', ({ audit }) => audit?.reasons.length === 1);
    expect(await untilStopped(world, second)).toEqual(['quantity-limit']);
    await saveAuto(LIMITS);
    expect((await deliveryOrder(world, first))?.status).toBe('audited');
    await act(world, second, 'cancel', { reason: '买家不要了' });
  });
});

describe('minutes since payment', () => {
  it('passes by itself a minute after the payment, not earlier', async () => {
    const paidAtMs = (await deliveryOrder(world, early))?.platform.paidAtMs ?? 0;
    const order = await until('the minute is over', 75_000, async () => {
      const found = await deliveryOrder(world, early);
      return found?.status === 'audited' ? found : undefined;
    });
    expect(order.log.some(({ content }) => content.includes('付款未满 1 分钟'))).toBe(true);
    expect((order.log[0]?.atMs ?? 0) - paidAtMs).toBeGreaterThanOrEqual(60_000);
    expect((order.log[0]?.atMs ?? 0) - paidAtMs).toBeLessThan(75_000);
  }, 90_000);

  it('a saved strategy offers the orders that wait for their time again', async () => {
    const [purchase, another] = [await buyInSlowShop('SLOW-LATE'), await buyInSlowShop('SLOW-LATER')];
    expect(await untilStopped(world, purchase)).toEqual(['minutes-since-payment']);
    await saveSlow(10_080, 1);
    const aWeek = (order: OrderView): boolean => (order.audit?.againAtMs ?? 0) > Date.now() + 600_000_000;
    await untilOrder(world, purchase, 'waits a week', aWeek);
    await untilOrder(world, another, 'waits a week', aWeek);
    await saveSlow(1, 2);
    await untilOrder(world, purchase, 'waits a minute', (order) => order.status === 'audited' || !aWeek(order));
    // It is a limit of the strategy: a person need not wait.
    expect((await act(world, purchase, 'audit')).status).toBe('audited');
    await untilOrder(world, another, 'waits a minute', (order) => order.status === 'audited' || !aWeek(order));
    if ((await deliveryOrder(world, another))?.status !== 'audited') await act(world, another, 'audit');
  });
});

it('leaves every invariant true', async () => {
  await untilIdle(world);
  await world.stopHost();
  expect(await violationsIn(world)).toEqual([]);
});
