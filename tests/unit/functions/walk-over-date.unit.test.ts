import type { SyncPage } from '../../../functions/ratio-sync-push/walk-resyncs';
import { walkResyncs } from '../../../functions/ratio-sync-push/walk-resyncs';
import type { RatioStrategy } from '../../../shared/domain/sync/ratio-strategy';
import { resyncShops } from '../../../shared/domain/sync/resync';
import { keys } from '../../../shared/procedures/keys';
import { resyncPlaces } from '../../../shared/procedures/resync-places';
import { SHOP, StubRun } from '../../support/stub-run';
import { MAPPING, save, STRATEGY } from './synced-shop';

const LISTINGS = 250;
const MINUTE = 60_000;

it.each([
  ['begins', { validFromMs: MINUTE }],
  ['ends', { validToMs: MINUTE }],
])('a strategy that %s while its listings are walked has all of them walked anew', async (_name, offset) => {
  const run = await new StubRun().withShop();
  const startMs = run.clock.nowMs();
  const dates = Object.fromEntries(Object.entries(offset).map(([name, ms]) => [name, startMs + ms]));
  const resync = resyncShops([SHOP.id], null, { fromMs: startMs, resumed: false });
  const strategy: RatioStrategy = { ...STRATEGY, ...dates, resync };
  await save(run, keys.ratioStrategy('R1'), strategy, resyncPlaces(strategy, startMs));
  for (let i = 0; i < LISTINGS; i += 1) {
    const mapping = { ...MAPPING, itemId: String(i), skuId: `S${i}` };
    await save(run, keys.mapping(SHOP.id, mapping), mapping);
  }
  /** When each SKU was last computed. */
  const computedAtMs = new Map<string, number>();
  const slowly: SyncPage = async (skuIds, readBack) => {
    if (readBack) return 'done';
    for (const skuId of skuIds) computedAtMs.set(skuId, run.clock.nowMs());
    await run.clock.advance(3 * MINUTE);
    return 'done';
  };
  await walkResyncs(run, slowly, () => true);
  // Each run takes what is due.
  await walkResyncs(run, slowly, () => true);
  expect(computedAtMs.size).toBe(LISTINGS);
  // Its clock may be behind the others'.
  expect(Math.min(...computedAtMs.values())).toBeGreaterThanOrEqual(startMs + MINUTE + 10_000);
  const looked = computedAtMs.size;
  computedAtMs.clear();
  await walkResyncs(run, slowly, () => true);
  expect({ looked, again: computedAtMs.size }).toEqual({ looked: LISTINGS, again: 0 });
});
