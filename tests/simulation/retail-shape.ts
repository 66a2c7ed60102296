import type { SeededRandom } from '../support/seeded-random';

/**
 * The shape of real buying: what a simulated day draws its orders from. Shares are those of the replay data (its README.md
 * has the counts and the origin) and, for paying and refunds, those of one shop's published aggregates. A unit test holds
 * the former against the data.
 */
export const RETAIL = {
  /** Orders with 1, 2, 3, 4 and 5 lines. */
  lines: [0.617, 0.217, 0.1, 0.042, 0.024],
  /** Lines of 1, 2, 3 and 4 pieces. */
  pieces: [0.773, 0.165, 0.041, 0.021],
  /** Orders that name a SKU twice. */
  sameSkuTwice: 0.019,
  /** Orders never paid, cancelled as a whole after payment, refunded in part. */
  unpaidClosed: 0.06,
  cancelled: 0.04,
  partialRefund: 0.015,
  /** Most orders of one minute, against the mean of the open minutes. */
  peakToMean: 24,
  /** Paid within 10 s, 30 s and a minute, of those who pay. */
  paidWithin: [0.63, 0.867, 0.909],
} as const;

/** Draws an index by shares; what they leave over goes to the last. */
export function drawShare(random: SeededRandom, shares: readonly number[]): number {
  let left = random.next();
  const at = shares.findIndex((share) => (left -= share) < 0);
  return at < 0 ? shares.length - 1 : at;
}

/**
 * When orders come within `spanMs`: every second one in a burst of some seconds, as buyers come when a sale opens, the others
 * evenly.
 */
export function drawArrivals(random: SeededRandom, count: number, spanMs: number): number[] {
  const bursts = Array.from({ length: 1 + Math.floor(count / 40) }, () => random.below(spanMs));
  const [first = 0] = bursts;
  return Array.from({ length: count }, () => {
    if (random.chance(0.5)) return random.below(spanMs);
    const from = bursts[random.below(bursts.length)] ?? first;
    return Math.min(spanMs - 1, from + Math.floor(-Math.log(1 - random.next()) * (spanMs / RETAIL.peakToMean)));
  });
}

/** When somebody who pays does, ms after ordering. */
export function drawPayMs(random: SeededRandom): number {
  const [soon, later, late] = RETAIL.paidWithin;
  const roll = random.next();
  if (roll < soon) return random.below(10_000);
  if (roll < later) return 10_000 + random.below(20_000);
  return roll < late ? 30_000 + random.below(30_000) : 60_000 + random.below(60_000);
}
