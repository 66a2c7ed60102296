import { SeededRandom } from '../support/seeded-random';
import type { Refs } from './finding';
import { drawArrivals } from './retail-shape';

/** Orders that a history tries to place unless it is told otherwise. Small histories find a mistake soonest. */
export const ORDERS = 40;

/** Buyers and staff are about for so long. */
export const BUSY_MS = 90_000;

/**
 * Edits, and second thoughts about orders, that come behind everything else, and the time for them: nothing that moves later
 * covers up what they forgot.
 */
const LATE_EDITS = 4;
const LATE_THOUGHTS = 3;
const LATE_MS = 40_000;

/** What a history is cut down to: by shrinking, or by hand. */
export interface Cut {
  /** Actions that happen, by number; those that follow from one, such as a refund of its order, are `12.1`, `12.2` … */
  readonly only?: ReadonlySet<string>;
  /** Faults that do not happen. */
  readonly without?: ReadonlySet<string>;
  /** Another order of steps for the same actions and faults. */
  readonly schedule?: number;
}

/** What one history is made of. */
export interface HistoryOptions extends Cut {
  readonly orders?: number;
  /** After the faults end, everything must have come to its end within this. */
  readonly restMs?: number;
  readonly onTrace?: (line: string, about: Refs) => void;
  /** Takes what is saved into the hash of the history, too, and not only that it was. */
  readonly hashValues?: boolean;
}

/** One thing that somebody does. It draws from a seed of its own, so that leaving out another one does not change it. */
export interface Action {
  readonly id: string;
  readonly kind: 'buy' | 'staff' | 'edit' | 'think' | 'alter' | 'take-over';
  readonly atMs: number;
  readonly seed: number;
}

export interface Plan {
  readonly shops: number;
  readonly skus: number;
  /** Distribution warehouses that all shops sell from. */
  readonly warehouses: readonly [string, ...string[]];
  /** Buyers as the replay data has them; in the other histories they think again far more often. */
  readonly retail: boolean;
  /** In every third history the rolling read-back stands still: the pushes alone must get it right. */
  readonly readsBack: boolean;
  /** Shops of one platform have one ratio strategy together. */
  readonly sharedStrategies: boolean;
  /** The queue takes a failure for each message, as SQS does; else a function tries by itself and parks, as on Kafka. */
  readonly partialFailure: boolean;
  /** Somebody reads what stands in quarantine again in the end; else the timer does. */
  readonly readsAgain: boolean;
  /** Orders on one page of a platform's list: where pages are small, most lists have several and shift while they are read. */
  readonly pageSize: number;
  /** Minutes, one after the other, at whose end everything must be at rest: what flaps never is. */
  readonly restMinutes: number;
  /** Times as many pieces as for a small history. */
  readonly supply: number;
  readonly actions: readonly Action[];
  /** What somebody does, one after the other, when everything has come to rest: nothing else covers up what it forgot. */
  readonly quiet: readonly Action[];
}

/** In histories whose shelves are looked at by pushes alone; in the others nothing that is forgotten would last. */
const QUIET_ACTIONS = 3;

/** What one seed has people do, whatever order the scheduler gives it. */
export function planOf(seed: number, orders: number): Plan {
  const random = new SeededRandom(seed ^ 0x51ab5eed);
  // One who finds an empty shelf orders nothing.
  const buys = Math.ceil(orders * 1.4);
  const shops = random.pick([2, 2, 2, 3, 3, 4]);
  const skus = random.between(3, orders > 100 ? 10 : 6);
  const retail = random.chance(0.5);
  const staff = Array.from({ length: 25 + Math.floor(orders / 10) }, () => random.below(BUSY_MS));
  const arrivals = retail
    ? drawArrivals(random, buys, BUSY_MS)
    : Array.from({ length: buys }, () => random.below(BUSY_MS));
  const all = [
    ...arrivals.map((atMs) => ({ kind: 'buy' as const, atMs })),
    ...staff.map((atMs) => ({ kind: 'staff' as const, atMs })),
    ...Array.from({ length: LATE_EDITS }, () => ({ kind: 'edit' as const, atMs: BUSY_MS + random.below(LATE_MS) })),
    ...Array.from({ length: LATE_THOUGHTS }, () => ({ kind: 'think' as const, atMs: BUSY_MS + random.below(LATE_MS) })),
  ].sort((a, b) => a.atMs - b.atMs);
  const sharedStrategies = random.chance(0.6);
  const warehouses = random.pick<Plan['warehouses']>([['DC'], ['DC'], ['DC', 'DC2']]);
  const actions = all.map((action, i) => ({ ...action, id: String(i + 1), seed: random.below(2 ** 31) }));
  const readsBack = seed % 3 !== 0;
  const quiet = Array.from({ length: readsBack ? 0 : QUIET_ACTIONS }, (_, i) => ({
    ...{
      id: `Q${i + 1}`,
      kind: random.pick<Action['kind']>(['alter', 'alter', 'think', 'edit', 'take-over']),
      atMs: 0,
    },
    seed: random.below(2 ** 31),
  }));
  return {
    shops,
    skus,
    warehouses,
    retail,
    readsBack,
    sharedStrategies,
    partialFailure: seed % 2 === 0,
    readsAgain: seed % 5 < 3,
    pageSize: random.pick([3, 20]),
    restMinutes: seed % 4 === 0 ? 3 : 1,
    supply: Math.max(1, orders / 40),
    actions,
    quiet,
  };
}
