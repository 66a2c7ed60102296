import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import type { RawAnswer } from '../support/fuzz-http';
import { exchange, portOf, requestBytes } from '../support/fuzz-http';
import { LocalWorld } from './local-world';
import { paidMessage, push, signed } from './raw-http';
import type { Goods } from './steps';
import {
  auditEverything,
  buy,
  countOf,
  deliveryOrder,
  documents,
  offer,
  onPlatform,
  stockOf,
  untilIdle,
  untilOrder,
  untilStatus,
} from './steps';

// What somebody can do who sees pushes go by, or has the keys of one shop: nothing but make us look at an order again.

/** Another seller of the same platform, whose app's keys the attacker has. */
const OTHER = 'dy-other';

let world: LocalWorld;
let goods: Goods;

beforeAll(async () => {
  world = await LocalWorld.start({ doudianShops: [OTHER] });
  goods = await offer(world, 'HOOK-1', { shown: 100, onHand: 10 });
  await auditEverything(world);
  const shop = {
    channel: 'doudian',
    title: '另一家',
    platformShopId: '999',
    writesPerSecond: 1,
    writeBurst: 1,
    version: 0,
  };
  await world.host.put(`/api/shops/${OTHER}`, { ...shop, warehouseIds: [SAMPLE.distributionWarehouse] });
  await untilIdle(world);
}, 60_000);

afterAll(() => world.close());

/** A push as bytes, each time over a connection of its own. */
function pushBytes(
  body: Buffer,
  headers: Record<string, string>,
  shopId: string = SAMPLE_SHOPS.doudian,
): Promise<RawAnswer> {
  const target = `/webhooks/doudian/${shopId}`;
  return exchange(portOf(world.hostUrl), requestBytes({ method: 'POST', target, headers, body }));
}

/** The same bytes but for one bit. */
function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** How many answers there were of each status. */
function statusesOf(answers: readonly RawAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** One after the other in a few lanes: a thousand connections at once are another test. */
async function inLanes<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const rest = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = rest.shift(); job; job = rest.shift()) results.push(await job());
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return results;
}

describe('a push of a platform', () => {
  it('that is tampered with by any one bit of its body is refused, and changes nothing', async () => {
    const body = Buffer.from(paidMessage('6900000000000000001'));
    const headers = signed(world, body);
    const before = await documents(world);
    const bits = Array.from({ length: body.length * 8 }, (_, bit) => bit);
    const answers = await inLanes(bits.map((bit) => () => pushBytes(flipped(body, bit), headers)));
    expect(bits.length).toBeGreaterThan(500);
    expect(statusesOf(answers)).toEqual({ 401: bits.length });
    expect(await documents(world)).toEqual(before);
  }, 60_000);

  it('whose signature or app key is another by any one bit is refused, and changes nothing', async () => {
    const body = Buffer.from(paidMessage('6900000000000000001'));
    const right = signed(world, body);
    const before = await documents(world);
    const forged = Object.entries(right).flatMap(([name, value]) => {
      const bytes = Buffer.from(value, 'latin1');
      return Array.from({ length: bytes.length * 8 }, (_, bit) => ({
        ...right,
        [name]: flipped(bytes, bit).toString('latin1'),
      }));
    });
    // A bit may make a control character, which no header has (Node: 400), or a capital, which is another text as well.
    const statuses = statusesOf(await inLanes(forged.map((headers) => () => pushBytes(body, headers))));
    expect(Object.keys(statuses).sort()).toEqual(['400', '401']);
    expect(statuses['401']).toBeGreaterThan(forged.length / 2);
    expect(await documents(world)).toEqual(before);
  }, 60_000);

  it('of another shop, rightly signed for that one, is refused at this address', async () => {
    const { appKey = '', appSecret = '' } = world.secrets.shops[OTHER] ?? {};
    const body = Buffer.from(paidMessage('6900000000000000001'));
    const theirs = signed(world, body, { appKey, appSecret });
    const before = await documents(world);
    expect((await pushBytes(body, theirs)).status).toBe(401);
    // Nor does it help to give this shop's key with the other's signature.
    expect((await pushBytes(body, { ...theirs, 'app-id': signed(world, body)['app-id'] ?? '' })).status).toBe(401);
    expect(await documents(world)).toEqual(before);
  });

  it("rightly signed by a shop about another shop's order is put in quarantine, and nothing is fetched", async () => {
    const { appKey = '', appSecret = '' } = world.secrets.shops[OTHER] ?? {};
    const purchase = await buy(world, [{ listing: goods.doudian, quantity: 1 }], { pay: false });
    await untilStatus(world, purchase, 'pending-audit');
    const body = Buffer.from(paidMessage(purchase.orderNo));
    const before = await countOf(world, 'ingestion.quarantined');
    expect((await pushBytes(body, signed(world, body, { appKey, appSecret }), OTHER)).status).toBe(200);
    expect(await countOf(world, 'ingestion.quarantined')).toBe(before + 1);
    expect(await deliveryOrder(world, { ...purchase, shopId: OTHER })).toBeUndefined();
  });

  it('that says of an unpaid order that it is paid makes nobody ship it: the platform is asked', async () => {
    const purchase = await buy(world, [{ listing: goods.doudian, quantity: 1 }], { pay: false });
    await untilStatus(world, purchase, 'pending-audit');
    await untilIdle(world);
    expect((await push(world, paidMessage(purchase.orderNo))).status).toBe(200);
    await untilIdle(world);
    expect((await deliveryOrder(world, purchase))?.status).toBe('pending-audit');
  });

  it('that is stale, sent again after its order was cancelled, brings nothing back', async () => {
    const purchase = await buy(world, [{ listing: goods.doudian, quantity: 3 }]);
    await untilStatus(world, purchase, 'audited');
    const { heldQty: heldBefore } = await stockOf(world, goods.skuId);
    await onPlatform(world, purchase, 'cancel');
    await untilOrder(world, purchase, 'cancelled, its pieces free', (order) =>
      order.holds.every((hold) => hold.heldQty === 0),
    );
    await untilIdle(world);
    const before = await documents(world);
    const stale = paidMessage(purchase.orderNo);
    const answers = await inLanes(Array.from({ length: 20 }, () => () => push(world, stale)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await untilIdle(world);
    expect(await documents(world)).toEqual(before);
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(heldBefore - 3);
  });
});
