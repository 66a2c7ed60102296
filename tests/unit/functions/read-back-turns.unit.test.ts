import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { readBackStock } from '../../../functions/ratio-sync-push/read-back-stock';
import { AppError } from '../../../shared/errors';
import { keys } from '../../../shared/procedures/keys';
import type { ShelfChannel } from '../../support/two-shops';
import { TwoShops } from '../../support/two-shops';

let run: TwoShops;

beforeEach(async () => {
  run = await new TwoShops().begin();
});

const shown = (channel: ShelfChannel, itemIds: readonly string[]): number =>
  itemIds.filter((itemId) => channel.shelf.get(itemId) === 5).length;

/** Listings that were brought to their quantity, and then set to another by hand. */
async function spoilt(shopId: 'tb' | 'dy', count: number): Promise<string[]> {
  const ids = await run.list(shopId, count);
  await run.moved(...ids);
  await run.timer(pushRatioStock);
  expect(shown(run[shopId], ids)).toBe(count);
  for (const id of ids) run[shopId].shelf.set(id, 9);
  return ids;
}

describe('the rolling read-back', () => {
  it('repairs the other shops while one hangs, and goes on there where it was', async () => {
    const hanging = await spoilt('dy', 20);
    const healthy = await spoilt('tb', 20);
    run.dy.hang(4_000);
    const before = run.dy.begunAtMs.length;
    const { looked } = await run.timer(readBackStock);
    const inVain = run.dy.begunAtMs.length - before;
    expect(looked).toBe(20 + inVain);
    expect(shown(run.tb, healthy)).toBe(20);
    run.dy.answersAgain();
    await run.timer(readBackStock);
    // What was called in vain has records of its own, which say when to try again.
    expect(shown(run.dy, hanging)).toBe(20 - inVain);
    await run.timer(pushRatioStock);
    expect(shown(run.dy, hanging)).toBe(20);
  });

  it('is not held by a listing that fails whenever it is read', async () => {
    const all = await spoilt('dy', 45);
    run.dy.then = ([itemId]) => {
      if (itemId === 'dy003') throw new AppError('CHANNEL_REFUSED', {});
    };
    for (let i = 0; i < 3; i += 1) await run.timer(readBackStock);
    expect(shown(run.dy, all)).toBe(44);
  });

  it('is not held by a listing that no later try helps', async () => {
    const all = await spoilt('dy', 45);
    const poisoned = keys.syncPartition('dy', { itemId: 'dy003', platformSkuId: '1' });
    const query = run.store.query.bind(run.store);
    jest.spyOn(run.store, 'query').mockImplementation(async (pk, range) => {
      if (pk === poisoned) throw new TypeError('a record that cannot be read');
      return query(pk, range);
    });
    for (let i = 0; i < 3; i += 1) await run.timer(readBackStock);
    expect(shown(run.dy, all)).toBe(44);
  });

  it('comes to each shop, however many of them hang', async () => {
    for (let n = 1; n <= 30; n += 1) {
      await run.addShop(`a${n}`, 'doudian');
      await run.list(`a${n}`, 20);
    }
    const healthy = await spoilt('tb', 20);
    run.dy.hang(4_000);
    for (let i = 0; i < 2; i += 1) await run.timer(readBackStock);
    expect(shown(run.tb, healthy)).toBe(20);
  });

  it('goes on in the other shops where one fails, and says so in the end', async () => {
    await spoilt('dy', 20);
    const healthy = await spoilt('tb', 20);
    const query = run.store.query.bind(run.store);
    jest.spyOn(run.store, 'query').mockImplementation(async (pk, range) => {
      if (pk === 'mapping#dy') throw new AppError('STORE_UNAVAILABLE', {});
      return query(pk, range);
    });
    await expect(run.timer(readBackStock)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(shown(run.tb, healthy)).toBe(20);
  });
});
