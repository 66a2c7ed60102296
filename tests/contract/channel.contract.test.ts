import { collect, MUG, SandboxWorld, TEE, TEE_BLUE, TEE_RED } from './sandbox-world';

const MINUTE = 60_000;

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
