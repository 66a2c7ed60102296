import type { Shop } from '../../../shared/domain/settings';
import { keys } from '../../../shared/procedures/keys';
import { planOf } from '../../simulation/plan';
import { World } from '../../simulation/world';

const DAY_MS = 86_400_000;

/** A world without faults in which somebody saves the shop of its first platform twice: as it was, and as `edited`. */
async function afterEdit(edited: Partial<Shop>): Promise<World> {
  const world = new World(1, planOf(1, 40), {});
  const [{ shopId }] = world.platforms;
  const store = world.store.seenBy(async (_label, act) => act(), 'shop', 'shop@1');
  const shop = { id: shopId, active: true, warehouseIds: ['DC'] };
  await store.put({ key: keys.shop(shopId), expect: 0, value: shop });
  await world.scheduler.runUntil(world.nowMs() + DAY_MS);
  await store.put({ key: keys.shop(shopId), expect: 1, value: { ...shop, ...edited } });
  return world;
}

describe('what must never happen in a world', () => {
  it('a change that is acknowledged and not stored is a finding about its order', async () => {
    const world = await afterEdit({ warehouseIds: ['DC2'] });
    const [platform] = world.platforms;
    world.acknowledged(platform, 'N1', 1_000);
    expect(world.violations).toEqual([
      { what: 'acknowledged and not stored: tb N1 of 1000, held is none', about: { orders: ['tb#N1'] } },
    ]);
  });

  it('a shop that is off, or was switched a moment ago, takes no orders', async () => {
    const off = await afterEdit({ active: false });
    off.acknowledged(off.platforms[0], 'N1', 1_000);
    expect(off.violations).toEqual([]);
    const store = off.store.seenBy(async (_label, act) => act(), 'shop', 'shop@2');
    await store.put({ key: keys.shop('tb'), expect: 2, value: { id: 'tb', active: true, warehouseIds: ['DC'] } });
    off.acknowledged(off.platforms[0], 'N1', 1_000);
    expect(off.violations).toEqual([]);
    await off.scheduler.runUntil(off.nowMs() + DAY_MS);
    off.acknowledged(off.platforms[0], 'N1', 1_000);
    expect(off.violations).toHaveLength(1);
  });

  it('a call that throws what is none of our errors is a finding about that call', async () => {
    const world = new World(1, planOf(1, 40), {});
    world.spawn('webhook', async () => {
      throw new RangeError('too far');
    });
    await world.scheduler.runUntil(world.nowMs() + 1_000);
    expect(world.violations.map(({ what, about }) => [what.slice(0, 28), about])).toEqual([
      ['webhook: RangeError: too far', { task: 'webhook@1' }],
    ]);
  });

  it('a write that is asked for twice is a finding about its listing', () => {
    const world = new World(1, planOf(1, 40), {});
    const [{ shelf }] = world.platforms;
    const write = { listing: { itemId: 'i', platformSkuId: 's' }, mode: 'set', qty: 1, key: 'k' } as const;
    shelf.asked(write);
    expect(world.violations).toEqual([]);
    shelf.asked(write);
    expect(world.violations).toEqual([
      { what: 'tb: write k is asked for a second time', about: { listings: ['tb#i#s'] } },
    ]);
  });
});

describe('the list of orders by modified time', () => {
  it('shifts while it is read, as on the platforms, and loses none of what stays in the window', async () => {
    const world = new World(1, { ...planOf(1, 40), pageSize: 3 }, {});
    const [platform] = world.platforms;
    const listing = { itemId: 'i', platformSkuId: null };
    platform.shelf.list(listing, 'S1', 100);
    for (let i = 1; i <= 8; i += 1) {
      platform.order(`N${i}`, [{ listing, quantity: 1 }], { paid: false, deposit: false });
      await world.scheduler.runUntil(world.nowMs() + 1_000);
    }
    await world.scheduler.runUntil(world.nowMs() + 120_000);
    const toMs = world.nowMs() - 90_000;
    const pages: string[][] = [];
    world.spawn('pull', async ({ ports }) => {
      const access = ports.access({ id: platform.shopId, platformShopId: '' });
      for await (const page of ports.channels.taobao.listModified(access, { fromMs: toMs - 60_000, toMs })) {
        pages.push(page.map(({ orderNo }) => orderNo));
        // The oldest leaves the window for now: all others move up one place.
        if (pages.length === 1) platform.alter('N1', 'memo');
      }
    });
    await world.scheduler.runUntil(world.nowMs() + 60_000);
    expect(pages).toEqual([
      ['N2', 'N1'],
      ['N5', 'N4', 'N3'],
      ['N8', 'N7', 'N6'],
    ]);
    expect(world.violations).toEqual([]);
  });
});
