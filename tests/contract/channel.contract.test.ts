import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StockWrite } from '../../shared/ports/channel';
import { collect, MUG, SandboxWorld, TEE, TEE_BLUE, TEE_RED } from './sandbox-world';

const MINUTE = 60_000;

const set = (listing: StockWrite['listing'], qty: number): StockWrite => ({
  listing,
  mode: 'set',
  qty,
  key: `set-${qty}`,
});
const add = (listing: StockWrite['listing'], qty: number, key: string): StockWrite => ({
  listing,
  mode: 'add',
  qty,
  key,
});

describe.each(['taobao', 'doudian'] as const)('Channel %s over the wire', (id) => {
  let world: SandboxWorld;
  beforeEach(async () => {
    world = await SandboxWorld.open(id);
  });
  afterEach(() => world.close());

  /** Where the order was last changed some time ago. */
  const windowUntilNow = () => ({ fromMs: world.clock.nowMs() - 20 * MINUTE, toMs: world.clock.nowMs() });

  describe('orders', () => {
    it('fetches an order whole and reads it', async () => {
      const orderNo = await world.buy({
        lines: [
          { itemId: TEE, skuId: TEE_RED.platformSkuId, quantity: 2 },
          { itemId: MUG, quantity: 1, gift: true },
        ],
        buyerMemo: '周五前送到',
        sellerMemo: '老客户',
      });
      const raw = await world.channel.fetchOrder(world.access, orderNo);
      expect(raw.orderNo).toBe(orderNo);
      const order = world.channel.readOrder(raw.text);
      expect(order).toMatchObject({
        ...{ channel: id, orderNo, status: 'to-ship', deposit: 'none', stockTakenAt: 'order' },
        createdAtMs: world.clock.nowMs(),
        modifiedAtMs: world.clock.nowMs(),
        paidAtMs: world.clock.nowMs(),
        // Two T-shirts at ¥99.50; the mug is given away.
        payableFen: 19900,
        freightFen: 0,
        buyerMemo: '周五前送到',
        sellerMemo: '老客户',
      });
      expect(order.receiver.token).not.toBe('');
      expect(order.receiver.name).toContain('*');
      const view = await world.order(orderNo);
      expect(order.lines).toMatchObject([
        {
          lineNo: view.lines[0]?.lineNo,
          ...{ ...TEE_RED, merchantCode: 'TEE-RED-L', quantity: 2, unitPriceFen: 9950, paidFen: 19900 },
          ...{ gift: false, presale: false, refund: 'none' },
        },
        { ...world.mug, merchantCode: 'MUG', quantity: 1, unitPriceFen: 2500, paidFen: 0, gift: true },
      ]);
    });

    it('tells unpaid, paid but not to be shipped, ready, shipped and closed apart', async () => {
      const statusOf = async (orderNo: string) =>
        world.channel.readOrder((await world.channel.fetchOrder(world.access, orderNo)).text).status;
      const unpaid = await world.buy({ pay: false });
      expect(await statusOf(unpaid)).toBe('unpaid');
      const held = await world.buy({ mayShip: false });
      expect(await statusOf(held)).toBe('paid-do-not-ship');
      await world.control('POST', `/orders/${held}/release`);
      expect(await statusOf(held)).toBe('to-ship');
      await world.control('POST', `/orders/${held}/ship`);
      expect(await statusOf(held)).toBe('shipped');
      await world.control('POST', `/orders/${unpaid}/cancel`);
      expect(await statusOf(unpaid)).toBe('closed');
    });

    it('does not take a deposit for the whole payment', async () => {
      const read = async () => world.channel.readOrder((await world.channel.fetchOrder(world.access, orderNo)).text);
      const orderNo = await world.buy({ depositPresale: true, pay: false });
      expect(await read()).toMatchObject({ deposit: 'nothing-paid', status: 'unpaid' });
      await world.control('POST', `/orders/${orderNo}/pay`);
      expect(await read()).toMatchObject({ deposit: 'deposit-paid', status: 'unpaid' });
      await world.control('POST', `/orders/${orderNo}/pay`);
      expect(await read()).toMatchObject({ deposit: 'all-paid', status: 'to-ship' });
    });

    it('follows the refund of one line while the order stays to be shipped', async () => {
      const lines = [
        { itemId: TEE, skuId: TEE_RED.platformSkuId, quantity: 1 },
        { itemId: TEE, skuId: TEE_BLUE.platformSkuId, quantity: 1 },
      ];
      const orderNo = await world.buy({ lines });
      const refundsAfter = async (action: string) => {
        const lineNo = (await world.order(orderNo)).lines[0]?.lineNo;
        await world.control('POST', `/orders/${orderNo}/refund`, { lineNo, action });
        const order = world.channel.readOrder((await world.channel.fetchOrder(world.access, orderNo)).text);
        return [order.status, ...order.lines.map((line) => line.refund)];
      };
      expect(await refundsAfter('request')).toEqual(['to-ship', 'in-progress', 'none']);
      expect(await refundsAfter('refuse')).toEqual(['to-ship', 'none', 'none']);
      expect(await refundsAfter('request')).toEqual(['to-ship', 'in-progress', 'none']);
      expect(await refundsAfter('agree')).toEqual(['to-ship', 'succeeded', 'none']);
    });

    it('says NOT_FOUND for an order that does not exist', async () => {
      const fetched = world.channel.fetchOrder(world.access, '3999999999999999999');
      await expect(fetched).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('orders by modified time', () => {
    it('lists what was modified in the window, and nothing else', async () => {
      await world.buy();
      world.passMs(40 * MINUTE);
      const inside = await world.buy({ pay: false });
      const modifiedAtMs = world.clock.nowMs();
      world.passMs(10 * MINUTE);
      const stamps = await collect(world.channel.listModified(world.access, windowUntilNow()));
      expect(stamps).toEqual([
        { orderNo: inside, modifiedAtMs, platformStatus: id === 'taobao' ? 'WAIT_BUYER_PAY' : '1' },
      ]);
    });

    it('reads a window wider than the platform likes in parts', async () => {
      const orderNos: string[] = [];
      for (let hour = 0; hour < 3; hour += 1) {
        orderNos.push(await world.buy());
        world.passMs(60 * MINUTE);
      }
      const window = { fromMs: world.clock.nowMs() - 200 * MINUTE, toMs: world.clock.nowMs() };
      const stamps = await collect(world.channel.listModified(world.access, window));
      expect(stamps.map((stamp) => stamp.orderNo)).toEqual(orderNos);
    });

    it('finds an order modified in this very second', async () => {
      const orderNo = await world.buy();
      const stamps = await collect(world.channel.listModified(world.access, windowUntilNow()));
      expect(stamps.map((stamp) => stamp.orderNo)).toEqual([orderNo]);
    });

    it('misses no order while others change between the pages', async () => {
      // 250 orders are five pages of Taobao and three of Doudian.
      const orderNos: string[] = [];
      for (let count = 0; count < 250; count += 1) {
        orderNos.push(await world.buy());
        world.passMs(1000);
      }
      world.passMs(5 * MINUTE);
      const changed: string[] = [];
      const seen = new Set<string>();
      let pages = 0;
      for await (const stamps of world.channel.listModified(world.access, windowUntilNow())) {
        for (const stamp of stamps) seen.add(stamp.orderNo);
        // One order of every stretch of the list changes while the page is read.
        for (let at = pages; at < orderNos.length; at += 50) {
          const orderNo = orderNos[at] ?? '';
          changed.push(orderNo);
          await world.changeMemo(orderNo, `改 ${pages}`);
        }
        pages += 1;
      }
      expect(pages).toBeGreaterThan(2);
      expect(orderNos.filter((orderNo) => !seen.has(orderNo) && !changed.includes(orderNo))).toEqual([]);
      // What left the window is in the next one, under its new time.
      world.passMs(MINUTE);
      const next = { fromMs: world.clock.nowMs() - 5 * MINUTE, toMs: world.clock.nowMs() };
      const later = new Set(
        (await collect(world.channel.listModified(world.access, next))).map((stamp) => stamp.orderNo),
      );
      expect(changed.filter((orderNo) => !later.has(orderNo))).toEqual([]);
    }, 30_000);
  });

  describe('stock', () => {
    it('downloads every listing with what the shopper sees', async () => {
      const listings = await collect(world.channel.listListings(world.access));
      expect(listings).toEqual([
        { ...TEE_RED, merchantCode: 'TEE-RED-L', title: '纯棉短袖T恤 红色 L', shownQty: 1000 },
        { ...TEE_BLUE, merchantCode: 'TEE-BLUE-M', title: '纯棉短袖T恤 蓝色 M', shownQty: 1000 },
        { ...world.mug, merchantCode: 'MUG', title: '马克杯', shownQty: 40 },
      ]);
    });

    it('reads what a sale has left', async () => {
      await world.buy({ lines: [{ itemId: TEE, skuId: TEE_RED.platformSkuId, quantity: 3 }] });
      expect(await world.channel.readStock(world.access, TEE_RED)).toBe(997);
      expect(await world.channel.readStock(world.access, world.mug)).toBe(40);
    });

    it('says NOT_FOUND for the stock of a SKU that does not exist', async () => {
      const read = world.channel.readStock(world.access, { itemId: TEE, platformSkuId: '999' });
      await expect(read).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('sets stock, of a SKU and of an item without SKUs', async () => {
      for (const [listing, qty] of [
        [TEE_RED, 12],
        [world.mug, 0],
      ] as const) {
        const [result] = await world.channel.writeStock(world.access, [set(listing, qty)]);
        expect(result?.kind).toBe('applied');
        expect(await world.channel.readStock(world.access, listing)).toBe(qty);
      }
    });

    it('sets as many SKUs in one call as it says it can', async () => {
      const writes = [set(TEE_BLUE, 5), set(TEE_RED, 7)].slice(0, world.channel.stockWrite.writesPerCallMax);
      const results = await world.channel.writeStock(world.access, writes);
      expect(results.map((result) => result.kind)).toEqual(writes.map(() => 'applied'));
      for (const { listing, qty } of writes) expect(await world.channel.readStock(world.access, listing)).toBe(qty);
    });

    it('applies one addition under one key once, where it says that additions are idempotent', async () => {
      const addOnce = () => world.channel.writeStock(world.access, [add(TEE_RED, -4, 'dd-1:17')]);
      expect((await addOnce())[0]?.kind).toBe('applied');
      expect((await addOnce())[0]?.kind).toBe('applied');
      const applied = world.channel.stockWrite.idempotentAdd ? 1 : 2;
      expect(await world.channel.readStock(world.access, TEE_RED)).toBe(1000 - 4 * applied);
    });

    it('is refused for good where the listing does not exist', async () => {
      const results = await world.channel.writeStock(world.access, [set({ itemId: TEE, platformSkuId: '999' }, 1)]);
      expect(results).toMatchObject([{ kind: 'refused', retry: 'never' }]);
    });

    it('is refused for now where the platform has a fault, and nothing is written', async () => {
      await world.fail({ errorBeforeApply: 1 });
      const results = await world.channel.writeStock(world.access, [set(TEE_RED, 1)]);
      expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_BUSY', retry: 'later' }]);
      await world.fail({});
      expect(await world.channel.readStock(world.access, TEE_RED)).toBe(1000);
    });

    it('is refused for now where the platform limits the rate', async () => {
      await world.fail({ rateLimitPerSecond: 1 });
      await world.channel.writeStock(world.access, [set(TEE_RED, 2)]);
      const results = await world.channel.writeStock(world.access, [set(TEE_RED, 1)]);
      expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_THROTTLED', retry: 'later' }]);
    });

    it('is unknown where the answer never comes, and reading back tells', async () => {
      await world.fail({ timeoutAfterApply: 1, onlyMethods: ['taobao.skus.quantity.update', 'sku.syncStock'] });
      const results = await world.channel.writeStock(world.access, [set(TEE_RED, 33)]);
      expect(results).toMatchObject([{ kind: 'unknown' }]);
      expect(await world.channel.readStock(world.access, TEE_RED)).toBe(33);
    });
  });

  describe('refused calls', () => {
    it('says CHANNEL_THROTTLED and, where the platform does, how long to wait', async () => {
      const orderNo = await world.buy();
      await world.fail({ rateLimitPerSecond: 1 });
      await world.channel.fetchOrder(world.access, orderNo);
      const fetched = world.channel.fetchOrder(world.access, orderNo);
      const facts = id === 'taobao' ? { code: 7, retryAfterMs: 1000 } : { code: 60000 };
      await expect(fetched).rejects.toMatchObject({ code: 'CHANNEL_THROTTLED', facts });
    });

    it('says CHANNEL_BUSY where the platform has a fault', async () => {
      await world.fail({ errorBeforeApply: 1 });
      await expect(world.channel.fetchOrder(world.access, '1')).rejects.toMatchObject({ code: 'CHANNEL_BUSY' });
    });

    it('says CHANNEL_UNREACHABLE where no answer comes', async () => {
      const orderNo = await world.buy();
      await world.fail({ timeoutAfterApply: 1 });
      const fetched = world.channel.fetchOrder(world.access, orderNo);
      await expect(fetched).rejects.toMatchObject({ code: 'CHANNEL_UNREACHABLE' });
    });

    it('says CHANNEL_REFUSED for a wrong secret and CHANNEL_AUTH for a wrong token', async () => {
      const wrongSecret = world.channel.fetchOrder({ ...world.access, appSecret: 'wrong' }, '1');
      await expect(wrongSecret).rejects.toMatchObject({ code: 'CHANNEL_REFUSED' });
      const wrongToken = world.channel.fetchOrder({ ...world.access, accessToken: 'wrong' }, '1');
      await expect(wrongToken).rejects.toMatchObject({ code: 'CHANNEL_AUTH' });
    });
  });
});

describe('Taobao message queue over the wire', () => {
  it('hands a message out again until it is confirmed', async () => {
    const world = await SandboxWorld.open('taobao');
    try {
      const { intake } = world.channel;
      if (intake.kind !== 'poll') throw new Error('Taobao is polled');
      expect(await intake.consume(world.access, 50)).toEqual([]);
      const orderNo = await world.buy();
      const first = await intake.consume(world.access, 50);
      expect(first.map((message) => message.orderNo)).toEqual(first.map(() => orderNo));
      expect(first.map((message) => message.topic)).toContain('taobao_trade_TradeBuyerPay');
      expect(await intake.consume(world.access, 50)).toEqual([]);
      world.passMs(4_000);
      const again = await intake.consume(world.access, 50);
      expect(again.map((message) => message.messageId).sort()).toEqual(
        first.map((message) => message.messageId).sort(),
      );
      await intake.confirm(
        world.access,
        again.map((message) => message.messageId),
      );
      world.passMs(4_000);
      expect(await intake.consume(world.access, 50)).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

describe('Doudian pushes over the wire', () => {
  it('are genuine and name the order and the shop', async () => {
    const world = await SandboxWorld.open('doudian');
    const { intake } = world.channel;
    if (intake.kind !== 'push') throw new Error('Doudian pushes');
    const named: { orderNos: string[]; shopIds: string[] }[] = [];
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const genuine = intake.verify(world.access, headers, body);
        const forged = intake.verify({ ...world.access, appSecret: 'another' }, headers, body);
        if (genuine && !forged) named.push(intake.orderNos(body));
        response.end(genuine ? intake.acceptedBody : intake.refusedBody);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    try {
      const pushUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/push`;
      await world.control('PUT', `/shops/${world.access.shopId}`, { pushUrl });
      const orderNo = await world.buy();
      expect(await world.control('POST', `/shops/${world.access.shopId}/messages/flush`)).toEqual({ waiting: 0 });
      expect(named.length).toBeGreaterThan(0);
      for (const each of named) expect(each).toEqual({ orderNos: [orderNo], shopIds: [world.access.platformShopId] });
    } finally {
      await world.close();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  });
});
