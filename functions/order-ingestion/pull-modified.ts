import type { ReceivedOrder } from '../../shared/domain/order/received-order';
import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import type { OrderStamp } from '../../shared/ports/channel';
import { fetchAndStoreOrders } from '../../shared/procedures/fetch-orders';
import { keys } from '../../shared/procedures/keys';
import { loadShops } from '../../shared/procedures/settings';
import { isSettled } from '../../shared/procedures/store-platform-orders';
import { lookAgain } from './look-again';

/**
 * Which time of a shop's life the pull has covered, epoch ms: no order modified in it is missing, as far as the platform's
 * list was up to date when it was read; for the last stretch (the overlap of the settings) it is read again.
 */
export interface Coverage {
  readonly shopId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A new shop's first pull looks back one day. */
const FIRST_LOOK_BACK_MS = 86_400_000;

/** Longest step in which the covered time moves on: a run that is killed repeats at most this. */
const STEP_MS = 1_800_000;

/** A run ends with this much time left. */
const SPARE_MS = 15_000;

/**
 * Finds what messages missed: lists every shop's orders by **modified** time over overlapping windows, fetches those that
 * we do not hold, and moves the covered time on only after everything in the window is stored, or set aside. Then looks
 * again at what was set aside.
 */
export async function pullModified(run: Run<'bus'>): Promise<Record<string, number>> {
  const shops = (await loadShops(run.ports.store)).map(({ value }) => value).filter((shop) => shop.active);
  const found = await Promise.all(
    shops.map(async (shop) => (await pullShop(run, shop)) + (await lookAgainAtShop(run, shop))),
  );
  return { shops: shops.length, orders: found.reduce((sum, count) => sum + count, 0) };
}

async function pullShop(run: Run<'bus'>, shop: Shop): Promise<number> {
  const { store, clock, log } = run.ports;
  let found = 0;
  try {
    for (;;) {
      const stored = await store.get<Coverage>(keys.coverage(shop.id));
      const nowMs = clock.nowMs();
      const covered = stored?.value ?? {
        shopId: shop.id,
        fromMs: nowMs - FIRST_LOOK_BACK_MS,
        toMs: nowMs - FIRST_LOOK_BACK_MS,
      };
      const toMs = Math.min(nowMs, covered.toMs + STEP_MS);
      found += await pullWindow(run, shop, { fromMs: covered.toMs - run.config.pullOverlapMs, toMs });
      // A conflict means that an overlapping run was here too; both have stored everything before moving on.
      await store.put<Coverage>({
        key: keys.coverage(shop.id),
        expect: stored?.version ?? 0,
        value: { ...covered, toMs },
      });
      if (toMs >= nowMs || run.remainingMs() < SPARE_MS) return found;
    }
  } catch (error) {
    log.count('ingestion.pull-failed');
    log.warn('ingestion.pull-failed', { shopId: shop.id, reason: String(error) });
    return found;
  }
}

/** Whatever becomes of the pull: an order in quarantine may be had where another one holds up the list. */
async function lookAgainAtShop(run: Run<'bus'>, shop: Shop): Promise<number> {
  try {
    return await lookAgain(run, shop);
  } catch (error) {
    run.ports.log.count('ingestion.pull-failed');
    run.ports.log.warn('ingestion.look-again-failed', { shopId: shop.id, reason: String(error) });
    return 0;
  }
}

async function pullWindow(run: Run<'bus'>, shop: Shop, window: { fromMs: number; toMs: number }): Promise<number> {
  const { ports } = run;
  let found = 0;
  for await (const page of ports.channels[shop.channel].listModified(ports.access(shop), window)) {
    const missing = await missingOrders(run, shop, page);
    const outcomes = await fetchAndStoreOrders(ports, shop, missing);
    const failure = [...outcomes.values()].find((outcome) => outcome instanceof Error);
    if (failure) throw failure;
    const recovered = [...outcomes.values()].filter((outcome) => outcome === 'stored').length;
    if (recovered > 0) ports.log.count('ingestion.recovered', recovered, { shopId: shop.id });
    found += recovered;
  }
  return found;
}

async function missingOrders(run: Run<'bus'>, shop: Shop, page: readonly OrderStamp[]): Promise<string[]> {
  const heads = await run.ports.store.getMany<ReceivedOrder>(
    page.map((stamp) => keys.platformOrder(shop.id, stamp.orderNo)),
  );
  return page.filter((stamp, i) => !isHeld(stamp, heads[i]?.value)).map((stamp) => stamp.orderNo);
}

function isHeld(stamp: OrderStamp, held: ReceivedOrder | undefined): boolean {
  if (!held || held.modifiedAtMs < stamp.modifiedAtMs) return false;
  if (held.modifiedAtMs > stamp.modifiedAtMs) return true;
  return held.platformStatus === stamp.platformStatus && isSettled(held);
}
