const MINUTE_MS = 60_000;

/** The pull runs every minute: a shop that is further behind is not pulled, or its platform does not answer. */
const PULL_BEHIND_MS = 10 * MINUTE_MS;

/** Fewer orders do not tell what is usual. */
const ORDERS_MIN = 20;

/** Shorter pauses are nothing: even a busy shop sells little for an hour or two at night. */
const PAUSE_MS_MIN = 120 * MINUTE_MS;

export interface Silence {
  readonly reason: 'no-order' | 'pull-behind';
  readonly newestOrderAtMs: number | null;
  readonly silentForMs: number | null;
  readonly usualGapMs: number | null;
}

/**
 * Whether a shop is silent in a way that somebody should look at, or null. Either its pull has not come up to now, so that
 * orders may be missing; or it has, and no order has been made for more than twice the longest pause between its latest
 * ones. `orderTimesMs`: when its latest orders were made on the platform, newest first.
 */
export function shopSilence(
  orderTimesMs: readonly number[],
  coveredUpToMs: number | null,
  nowMs: number,
): Silence | null {
  const newestOrderAtMs = orderTimesMs[0] ?? null;
  const silentForMs = newestOrderAtMs === null ? null : Math.max(0, nowMs - newestOrderAtMs);
  const gaps = orderTimesMs.slice(1).map((atMs, i) => (orderTimesMs[i] ?? atMs) - atMs);
  const usualGapMs = orderTimesMs.length < ORDERS_MIN ? null : Math.max(...gaps);
  const seen = { newestOrderAtMs, silentForMs, usualGapMs };
  if (coveredUpToMs === null || nowMs - coveredUpToMs > PULL_BEHIND_MS) return { reason: 'pull-behind', ...seen };
  if (usualGapMs === null || silentForMs === null) return null;
  return silentForMs > Math.max(PAUSE_MS_MIN, 2 * usualGapMs) ? { reason: 'no-order', ...seen } : null;
}
