import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { resyncShops } from '../../../shared/domain/sync/resync';
import { AppError } from '../../../shared/errors';
import { keys } from '../../../shared/procedures/keys';
import { resyncPlaces } from '../../../shared/procedures/resync-places';
import { SHOP } from '../../support/stub-run';
import type { ShelfChannel } from '../../support/two-shops';
import { RUN_MS, TwoShops } from '../../support/two-shops';

let run: TwoShops;

beforeEach(async () => {
  run = await new TwoShops().begin();
});

const shown = (channel: ShelfChannel, itemIds: readonly string[]): number =>
  itemIds.filter((itemId) => channel.shelf.get(itemId) === 5).length;

/** The console saves the switches of a shop, which asks for all that it lists. */
async function saveSwitches(shopId: string): Promise<void> {
  const switches = { shopId, stockSyncEnabled: true, reserveQty: 0, maxQty: null, version: 2 };
  const value = { ...switches, resync: resyncShops([shopId], null, { fromMs: 0, resumed: false }) };
  await run.save(keys.shopStrategy(shopId), value, resyncPlaces(value, run.clock.nowMs()));
}

describe('while the platform of one shop hangs', () => {
  it('the other shop shows its quantities, and the pool lacks them', async () => {
    const hanging = await run.list('dy', 120);
    const healthy = await run.list('tb', 60);
    run.dy.hang(4_000);
    await run.moved(...hanging, ...healthy);
    await run.timer(pushRatioStock);
    expect(shown(run.tb, healthy)).toBe(60);
    expect(await run.waiting()).toEqual(hanging.slice(run.dy.begunAtMs.length));
  });

  it('it is asked no more than a few times', async () => {
    await run.moved(...(await run.list('dy', 120)));
    run.dy.hang(4_000);
    await run.timer(pushRatioStock);
    // Four go out at once; of those that follow none begins once the fourth has come back without an answer.
    expect(run.dy.begunAtMs.length).toBeLessThan(8);
  });

  it('a SKU that both sell is shown in the other', async () => {
    const both = await run.list('tb', 60);
    for (const skuId of both) await run.map('dy', skuId, skuId);
    run.dy.hang(4_000);
    await run.moved(...both);
    await run.timer(pushRatioStock);
    expect(shown(run.tb, both)).toBe(60);
  });

  it('what is to be retried there does not keep the pool waiting', async () => {
    const failing = await run.list('dy', 120);
    run.dy.then = () => {
      throw new AppError('CHANNEL_BUSY', {});
    };
    await run.moved(...failing);
    await run.timer(pushRatioStock);
    run.dy.hang(4_000);
    const healthy = await run.list('tb', 10);
    await run.moved(...healthy);
    await run.timer(pushRatioStock);
    expect(shown(run.tb, healthy)).toBe(10);
    expect(await run.waiting()).toEqual([]);
  });

  it('what a saved strategy asks for there does not keep the pool waiting', async () => {
    await run.list('dy', 120);
    await saveSwitches('dy');
    run.dy.hang(4_000);
    const healthy = await run.list('tb', 10);
    await run.moved(...healthy);
    await run.timer(pushRatioStock);
    expect(shown(run.tb, healthy)).toBe(10);
  });

  it('everything there is shown once it answers again', async () => {
    const hanging = await run.list('dy', 40);
    run.dy.hang(4_000);
    await run.moved(...hanging);
    for (let i = 0; i < 3; i += 1) await run.timer(pushRatioStock);
    run.dy.answersAgain();
    for (let i = 0; i < 3; i += 1) await run.timer(pushRatioStock);
    expect(shown(run.dy, hanging)).toBe(40);
    expect(await run.waiting()).toEqual([]);
  });

  it.each([
    ['refuses a listing', 'CHANNEL_REFUSED'],
    ['has a fault of its own', 'CHANNEL_BUSY'],
  ] as const)('is not what a platform does that %s: the others of the shop go on', async (_what, code) => {
    const all = await run.list('dy', 30);
    run.dy.then = (itemIds) => {
      if (itemIds.some((itemId) => itemId <= 'dy010')) throw new AppError(code, {});
    };
    await run.moved(...all);
    await run.timer(pushRatioStock);
    expect(shown(run.dy, all)).toBe(20);
  });

  it('is not what a platform does that leaves every fourth call without an answer', async () => {
    const all = await run.list('dy', 40);
    let calls = 0;
    run.dy.then = () => {
      calls += 1;
      if (calls % 4 === 0) throw new AppError('CHANNEL_UNREACHABLE', { reason: 'ECONNRESET' });
    };
    await run.moved(...all);
    await run.timer(pushRatioStock);
    expect(shown(run.dy, all)).toBe(30);
  });
});

describe('while the platform of one shop is slow', () => {
  beforeEach(() => {
    run.dy.tookMs = 3_500;
  });

  it('the other shop shows what is behind whole batches of the slow one in the pool', async () => {
    const slow = await run.list('dy', 420);
    await run.moved(...slow);
    await run.clock.advance(1);
    const healthy = await run.list('tb', 10);
    await run.moved(...healthy);
    await run.timer(pushRatioStock);
    expect(shown(run.tb, healthy)).toBe(10);
  });

  it('it has the time that the others leave, and what was read is written', async () => {
    const slow = await run.list('dy', 60);
    await run.moved(...slow);
    await run.timer(pushRatioStock);
    // Of some 45 s four turns, each of two times four reads and the call that writes what they found.
    expect(shown(run.dy, slow)).toBeGreaterThanOrEqual(24);
    expect(await run.waiting()).toHaveLength(60 - shown(run.dy, slow));
    for (let i = 0; i < 2; i += 1) await run.timer(pushRatioStock);
    expect(shown(run.dy, slow)).toBe(60);
    expect(await run.waiting()).toEqual([]);
  });

  it('walk, retries and pool of that shop all go on', async () => {
    const walked = await run.list('dy', 30);
    await saveSwitches('dy');
    await run.map('dy', 'pooled', 'pooled');
    await run.moved('pooled');
    await run.timer(pushRatioStock);
    expect(shown(run.dy, walked)).toBeGreaterThanOrEqual(8);
    expect(shown(run.dy, ['pooled'])).toBe(1);
  });
});

it('a shop that may be written to a few times a minute is written to so often, and keeps no other from its turn', async () => {
  await run.save(keys.shop('tb'), { ...SHOP, writesPerSecond: 0.1, writeBurst: 1 });
  const rare = await run.list('tb', 250);
  await run.moved(...rare);
  await run.clock.advance(1);
  const other = await run.list('dy', 10);
  await run.moved(...other);
  await run.timer(pushRatioStock);
  expect(shown(run.dy, other)).toBe(10);
  // One that lies ready, and one each ten seconds of the forty in which calls begin.
  expect(shown(run.tb, rare)).toBeGreaterThanOrEqual(4);
});

it('no call begins where its longest time would not fit into the run any more', async () => {
  await run.moved(...(await run.list('dy', 300)));
  run.dy.tookMs = 2_000;
  const endsAtMs = run.clock.nowMs() + RUN_MS;
  await run.timer(pushRatioStock);
  const { channelTimeoutMs } = run.config;
  expect(Math.max(...run.dy.begunAtMs)).toBeLessThanOrEqual(endsAtMs - channelTimeoutMs);
  expect(run.dy.begunAtMs.length).toBeGreaterThan(20);
});
