import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../infra/local/demo/api';
import { countStore } from '../../infra/local/demo/count-store';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import { push, signed } from './raw-http';
import type { Purchase } from './steps';
import {
  auditEverything,
  buy,
  deliveryOrder,
  offer,
  onPlatform,
  receive,
  refund,
  stockOf,
  untilIdle,
  untilOrder,
  untilStatus,
} from './steps';

jest.setTimeout(60_000);

// Platforms deliver at least once, and in any order. The same sales are made twice: in a world where every message comes
// once, and in one where every message comes three times, shuffled. Both must end the same.

/** Every message twice, each late by chance; Taobao's stay unconfirmed, so that its queue hands them out again. */
const EVERYTHING_AGAIN = {
  ...{ duplicateMessages: 1, reorderMessages: 1, delayMessagesMs: [0, 300] },
  ...{ errorBeforeApply: 1, onlyMethods: ['taobao.tmc.messages.confirm'] },
};

/** What the buyers do, by the name of the purchase. */
async function sell(world: LocalWorld): Promise<Record<string, Purchase>> {
  const plenty = await offer(world, 'PLENTY', { shown: 100, onHand: 100 });
  const scarce = await offer(world, 'SCARCE', { shown: 100, onHand: 4 });
  const one = { quantity: 1 };
  const bought = {
    paid: await buy(world, [{ listing: plenty.tmall, ...one }]),
    paidOnDoudian: await buy(world, [{ listing: plenty.doudian, quantity: 2 }]),
    paidLater: await buy(world, [{ listing: plenty.tmall, ...one }], { pay: false }),
    paidLaterOnDoudian: await buy(world, [{ listing: plenty.doudian, ...one }], { pay: false }),
    neverPaid: await buy(world, [{ listing: plenty.doudian, ...one }], { pay: false }),
    cancelled: await buy(world, [{ listing: plenty.doudian, quantity: 3 }]),
    lineRefunded: await buy(world, [
      { listing: plenty.tmall, quantity: 2 },
      { listing: scarce.tmall, ...one },
    ]),
    refundRefused: await buy(world, [{ listing: plenty.tmall, ...one }]),
    refundRefusedOnDoudian: await buy(world, [{ listing: plenty.doudian, ...one }]),
    sameSkuTwice: await buy(world, [
      { listing: plenty.doudian, ...one },
      { listing: plenty.doudian, quantity: 2 },
    ]),
  };
  const { paidLater, paidLaterOnDoudian, neverPaid, ...paid } = bought;
  const unpaid = [paidLater, paidLaterOnDoudian, neverPaid];
  await Promise.all(Object.values(paid).map((purchase) => untilStatus(world, purchase, 'audited')));
  await Promise.all(unpaid.map((purchase) => untilStatus(world, purchase, 'pending-audit')));
  // Three pieces are left of four.
  const outOfStock = await buy(world, [{ listing: scarce.tmall, quantity: 5 }]);
  await untilStatus(world, outOfStock, 'out-of-stock');

  await onPlatform(world, paidLater, 'pay');
  await onPlatform(world, paidLaterOnDoudian, 'pay');
  await onPlatform(world, neverPaid, 'cancel');
  await onPlatform(world, bought.cancelled, 'cancel');
  await refund(world, bought.lineRefunded, 'request');
  await refund(world, bought.refundRefused, 'request');
  await refund(world, bought.refundRefusedOnDoudian, 'request');
  const refunding = [bought.lineRefunded, bought.refundRefused, bought.refundRefusedOnDoudian];
  await Promise.all(refunding.map((purchase) => untilStatus(world, purchase, 'pending-audit')));
  await Promise.all([neverPaid, bought.cancelled].map((purchase) => untilStatus(world, purchase, 'cancelled')));

  await refund(world, bought.lineRefunded, 'agree');
  await refund(world, bought.refundRefused, 'refuse');
  await refund(world, bought.refundRefusedOnDoudian, 'refuse');
  await receive(world, 'SCARCE', 10);
  const audited = [...refunding, paidLater, paidLaterOnDoudian, outOfStock];
  await Promise.all(audited.map((purchase) => untilStatus(world, purchase, 'audited')));
  await untilOrder(
    world,
    bought.lineRefunded,
    'its refunded line is given back',
    ({ holds }) => holds[0]?.heldQty === 0,
  );
  return { ...bought, outOfStock };
}

async function startWorld(): Promise<LocalWorld> {
  const world = await LocalWorld.start({ seed: 11 });
  await auditEverything(world);
  return world;
}

/** Where a world stands in the end. Stops its host. */
async function outcome(world: LocalWorld, purchases: Readonly<Record<string, Purchase>>) {
  await settle(world);
  const orders: Record<string, object> = {};
  for (const [name, purchase] of Object.entries(purchases)) {
    const order = await deliveryOrder(world, purchase);
    const holds = order?.holds.map(({ skuId, wantedQty, heldQty }) => ({ skuId, wantedQty, heldQty }));
    orders[name] = {
      status: order?.status,
      lines: order?.lines.map(({ quantity, refund: r }) => ({ quantity, r })),
      holds,
    };
  }
  const stock = { plenty: await stockOf(world, 'PLENTY'), scarce: await stockOf(world, 'SCARCE') };
  await world.stopHost();
  const { store, close } = await world.openStore();
  const { platformOrders, deliveryOrders, movements, voids } = await countStore(store);
  await close();
  return { orders, stock, platformOrders, deliveryOrders, appliedMovements: movements - voids };
}

/** Stands before the host as the address that Doudian posts to, keeps every push and hands it on. */
class Relay {
  readonly pushes: { body: string; headers: Record<string, string> }[] = [];

  private constructor(private readonly server: Server) {}

  static async before(world: LocalWorld): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        const { 'app-id': appId, 'event-sign': sign } = request.headers;
        const headers = { 'app-id': String(appId), 'event-sign': String(sign) };
        relay.pushes.push({ body, headers });
        void push(world, body, headers).then(
          (answer) => response.writeHead(answer.status).end(JSON.stringify(answer.body)),
          () => response.writeHead(502).end(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pushUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    await world.sandbox.put(`/sandbox/shops/${SAMPLE_SHOPS.doudian}`, { pushUrl });
    return relay;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

interface SentMessages {
  readonly messages: readonly { readonly deliveries: number; readonly state: string }[];
}

describe('every message delivered three times in random order', () => {
  let once: LocalWorld;
  let thrice: LocalWorld;
  let relay: Relay;

  beforeAll(async () => {
    [once, thrice] = await Promise.all([startWorld(), startWorld()]);
    relay = await Relay.before(thrice);
  }, 60_000);

  afterAll(async () => {
    relay.close();
    await Promise.all([once.close(), thrice.close()]);
  });

  it('ends as if each had come once', async () => {
    await thrice.sandbox.put('/sandbox/faults', EVERYTHING_AGAIN);
    const [soldOnce, soldThrice] = await Promise.all([sell(once), sell(thrice)]);
    await untilDelivered(soldThrice, SAMPLE_SHOPS.tmall, 3);
    await untilDelivered(soldThrice, SAMPLE_SHOPS.doudian, 2);
    for (const { body, headers } of relay.pushes) expect(signed(thrice, body)).toEqual(headers);
    // The third time: what was captured on the wire, from the last to the first, while the first ones are long done.
    const captured = [...relay.pushes].reverse();
    expect(captured.length).toBeGreaterThan(20);
    const answers = await Promise.all(captured.map(({ body }) => push(thrice, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await thrice.sandbox.put('/sandbox/faults', {});
    await untilIdle(thrice);

    const [expected, found] = await Promise.all([outcome(once, soldOnce), outcome(thrice, soldThrice)]);
    expect(found).toEqual(expected);
    expect(found).toMatchObject({
      platformOrders: 11,
      deliveryOrders: 11,
      stock: {
        // 1 + 2 + 1 + 1 + 1 + 1 + 3 of the orders that stand; the others gave theirs back.
        plenty: { onHandQty: 100, heldQty: 10 },
        scarce: { onHandQty: 14, heldQty: 6 },
      },
    });
    expect(await violationsIn(once)).toEqual([]);
    expect(await violationsIn(thrice)).toEqual([]);
  }, 120_000);

  /** Waits until each message of a shop's orders has been handed out so often. */
  async function untilDelivered(
    sold: Readonly<Record<string, Purchase>>,
    shopId: string,
    times: number,
  ): Promise<void> {
    const purchases = Object.values(sold).filter((purchase) => purchase.shopId === shopId);
    await until(`every message of ${shopId} was delivered ${times} times`, 30_000, async () => {
      const orders = await Promise.all(
        purchases.map(({ orderNo }) => thrice.sandbox.get<SentMessages>(`/sandbox/orders/${orderNo}`)),
      );
      return orders.flatMap(({ messages }) => messages).every(({ deliveries }) => deliveries >= times);
    });
  }
});
