import { assert } from './assert';

/**
 * Largest quantity (件) that one line may carry. Real single orders in the replay data reach 80,995 pieces; a million
 * leaves room, and ten thousand such lines times the largest ratio still stay below 2^53.
 */
export const LINE_QUANTITY_MAX = 1_000_000;

/** 10,000 basis points are 100 %. */
export const FULL_RATIO_BP = 10_000;

/** 1000 %: the largest ratio 同步比例 a strategy may state (库存放大, selling one stock in several shops). */
export const RATIO_BP_MAX = 100_000;

/** floor(qty × ratio): pieces, rounded down so that a shop never shows what its share does not hold. */
export function shareOf(qty: number, ratioBp: number): number {
  assert(Number.isSafeInteger(qty) && qty >= 0, 'share of a whole, non-negative quantity');
  assert(Number.isSafeInteger(qty * ratioBp), 'quantity times ratio is exact');
  assert(Number.isSafeInteger(ratioBp) && ratioBp >= 0 && ratioBp <= RATIO_BP_MAX, 'ratio within 0 to 1000 %');
  return Math.floor((qty * ratioBp) / FULL_RATIO_BP);
}

/** Sums quantities per key, in order of first appearance: lines that share a SKU 商品 are one demand. */
export function sumByKey<T>(
  items: readonly T[],
  key: (item: T) => string,
  qty: (item: T) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + qty(item));
  return sums;
}
