/**
 * Repeatable chance. Each purpose has a stream of its own, so that asking about one fault does not shift the answers
 * for another.
 */
export class Dice {
  private readonly streams = new Map<string, number>();

  constructor(private readonly seed: number) {}

  /** True in the share `chance` of calls; a chance of 0 takes nothing from the stream. */
  roll(purpose: string, chance: number): boolean {
    return chance > 0 && this.fraction(purpose) < chance;
  }

  /** A whole number from min to max, both included. */
  between(purpose: string, min: number, max: number): number {
    return min + Math.floor(this.fraction(purpose) * (max - min + 1));
  }

  /** Starts every stream again, so that the same run follows. */
  reset(): void {
    this.streams.clear();
  }

  /** mulberry32: small, fast and good enough to spread faults; nothing secret depends on it. */
  private fraction(purpose: string): number {
    const state = ((this.streams.get(purpose) ?? hash(purpose, this.seed)) + 0x6d2b79f5) >>> 0;
    this.streams.set(purpose, state);
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** FNV-1a over the text, started from the seed. */
export function hash(text: string, seed = 0): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
