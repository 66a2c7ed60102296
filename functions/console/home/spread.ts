import type { HomeSyncDelay } from '../schema/home';

/** Median and 95th percentile of delays in ms, by nearest rank; null of none. */
export function spreadOf(delaysMs: readonly number[]): HomeSyncDelay['changeToPushed'] {
  const sorted = [...delaysMs].sort((a, b) => a - b);
  const ranked = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return sorted.length === 0 ? null : { medianMs: ranked(0.5), p95Ms: ranked(0.95) };
}
