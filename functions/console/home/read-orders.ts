import { sortable } from '../../../shared/domain/kernel/ids';
import type { Shop } from '../../../shared/domain/settings';
import { hourOfMs, shanghaiDayMs } from '../../../shared/domain/stock/stock-summary';
import type { Store } from '../../../shared/ports/store';
import type { HomeOrders } from '../schema/home';
import { links } from './links';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Hours of the chart, the present one included. */
const HOURS = 24;

/** Orders of one shop in one hour that are counted. The busiest shops sell some thousands an hour on their best days. */
const ORDERS_PER_HOUR_MAX = 5_000;

/** Shops counted: each is two days of hours at the first call of an instance. */
const SHOPS_MAX = 50;

/** An hour that ended so long ago hardly changes any more, but for what a pull finds late. */
const FINISHED_AFTER_MS = HOUR_MS;

/** A finished hour is counted anew after this. */
const KEPT_MS = 600_000;

/** Counts of finished hours that an instance keeps: two days of {@link SHOPS_MAX} shops and room for as many again. */
const KEPT_MAX = 5_000;

interface Counted {
  readonly count: number;
  readonly orMore: boolean;
}

/** Orders by shop and hour, by keys of the index alone; what an instance has counted of finished hours it counts no more. */
export class OrderCounts {
  private readonly kept = new Map<string, Counted & { readonly atMs: number }>();

  async hour(store: Store, shopId: string, hourMs: number, nowMs: number): Promise<Counted> {
    const id = `${shopId}#${hourMs}`;
    const kept = this.kept.get(id);
    if (kept && nowMs - kept.atMs < KEPT_MS) return kept;
    const counted = await countOrders(store, shopId, hourMs, hourMs + HOUR_MS);
    if (this.kept.size >= KEPT_MAX) this.kept.clear();
    if (hourMs + HOUR_MS + FINISHED_AFTER_MS <= nowMs) this.kept.set(id, { ...counted, atMs: nowMs });
    return counted;
  }
}

/** Orders made on the platform in [from, to). */
async function countOrders(store: Store, shopId: string, fromMs: number, toMs: number): Promise<Counted> {
  const hits = await store.queryIndex('list', `platform-order#${shopId}`, {
    ...{ after: sortable(fromMs), upTo: sortable(toMs), limit: ORDERS_PER_HOUR_MAX },
  });
  return { count: hits.length, orMore: hits.length === ORDERS_PER_HOUR_MAX };
}

/**
 * Orders of the last 24 hours by shop and hour, and how many today has had so far beside yesterday up to the same time, as
 * the platforms say when they were made.
 */
export async function readOrders(
  store: Store,
  counts: OrderCounts,
  shops: readonly Shop[],
  nowMs: number,
): Promise<HomeOrders> {
  const presentMs = hourOfMs(nowMs);
  const hoursMs = Array.from({ length: HOURS }, (_, i) => presentMs - (HOURS - 1 - i) * HOUR_MS);
  const todayFromMs = shanghaiDayMs(nowMs);
  const rows = await Promise.all(
    shops.slice(0, SHOPS_MAX).map(async ({ id, title }) => {
      const hour = (hourMs: number): Promise<Counted> => counts.hour(store, id, hourMs, nowMs);
      const ofToday = hoursMs.map((hourMs) => hourMs >= todayFromMs);
      const ofYesterday = Array.from(
        { length: (presentMs - todayFromMs) / HOUR_MS },
        (_, i) => todayFromMs - DAY_MS + i * HOUR_MS,
      );
      const [last24, before, part] = await Promise.all([
        Promise.all(hoursMs.map(hour)),
        Promise.all(ofYesterday.map(hour)),
        countOrders(store, id, presentMs - DAY_MS, nowMs - DAY_MS),
      ]);
      const perHour = last24.map(({ count }) => count);
      return {
        orMore: [...last24, ...before, part].some(({ orMore }) => orMore),
        shop: {
          ...{ shopId: id, title, perHour },
          today: sum(perHour.filter((_, i) => ofToday[i])),
          yesterdaySameTime: sum([...before, part].map(({ count }) => count)),
          link: links.deliveryOrders({ shopId: id }),
        },
      };
    }),
  );
  return {
    ...{ hoursMs, todayFromMs },
    today: sum(rows.map(({ shop }) => shop.today)),
    yesterdaySameTime: sum(rows.map(({ shop }) => shop.yesterdaySameTime)),
    orMore: shops.length > SHOPS_MAX || rows.some(({ orMore }) => orMore),
    shops: rows.map(({ shop }) => shop),
    link: links.deliveryOrders({}),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
