/**
 * Platform-like ids: 19 digits, above 2^53, below 2^63, growing by one.
 *
 * The start time is part of the id, so that a restarted sandbox never repeats the order numbers of an earlier run
 * that the back office still remembers.
 */
export class IdSource {
  private counter = 0n;
  private readonly base: bigint;

  constructor(startedAtMs: number) {
    // 13 digits of milliseconds and 5 of counter; the counter would need 100,000 ids a millisecond to catch up.
    this.base = BigInt(startedAtMs) * 100_000n;
  }

  /** `leadingDigit` 1 to 8 keeps families of ids apart for the eye. */
  next(leadingDigit: number): string {
    this.counter += 1n;
    return (BigInt(leadingDigit) * 10n ** 18n + this.base + this.counter).toString();
  }
}
