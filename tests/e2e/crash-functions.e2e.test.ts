import { settle } from '../../infra/local/demo/replay';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Goods, Purchase } from './steps';
import { buy, offer, untilShown, untilStatus } from './steps';

/** Functions that say what they have done to an order, each killed in the moment in which its log says that it is at work. */
const FUNCTIONS = ['order-ingestion', 'document-conversion', 'auto-audit'];

const KILLED_WITHIN_MS = 30_000;

let world: LocalWorld;
let goods: Goods;
let onLine: (line: string) => void = () => undefined;

beforeAll(async () => {
  world = await LocalWorld.start({ settings: { YIPAN_LOG_LEVEL: 'info' }, onHostLine: (line) => onLine(line) });
  goods = await offer(world, 'KILL-1', { shown: 100, onHand: 1_000 });
  const limits = { buyerMemo: 'any', sellerMemo: 'any', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 };
  await world.host.put('/api/audit-strategies/auto', { name: '自动审核', enabled: true, limits, version: 0 });
  const shopId = goods.tmall.shopId;
  await world.host.post(`/api/shops/${shopId}/download-items`);
  await world.host.put(`/api/shop-strategies/${shopId}`, { stockSyncEnabled: true, version: 0 });
  const strategy = { name: shopId, enabled: true, shopIds: [shopId], skuIds: null, warehouseIds: ['DS'] };
  await world.host.put(`/api/ratio-strategies/${shopId}`, { ...strategy, ratioBp: 10_000, version: 0 });
  await untilShown(world, goods.tmall, 1_000);
}, 60_000);

afterAll(() => world.close());

/** Kills the host as soon as a function says anything; fails where it says nothing. */
function killAtWorkOf(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} was not seen at work`)), KILLED_WITHIN_MS);
    onLine = (line) => {
      if (!line.includes(`"function":"${name}"`)) return;
      onLine = () => undefined;
      clearTimeout(late);
      void world.killHost().then(resolve, reject);
    };
  });
}

it.each(FUNCTIONS)(
  'killed while %s is at work, the host takes up again what was left, and nothing is lost or done twice',
  async (name) => {
    const killed = killAtWorkOf(name);
    const purchases: Purchase[] = [];
    for (let i = 0; i < 6; i += 1) {
      purchases.push(await buy(world, [{ listing: i % 2 ? goods.tmall : goods.doudian, quantity: 1 }]));
    }
    await killed;
    await world.startHost();
    for (const purchase of purchases) await untilStatus(world, purchase, 'audited');
    await settle(world);
    await world.stopHost();
    expect(await violationsIn(world)).toEqual([]);
    await world.startHost();
  },
  90_000,
);
