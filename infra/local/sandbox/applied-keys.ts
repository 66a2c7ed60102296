/** Far more than any run uses; keeps the memory of a very long one bounded. */
const KEYS_MAX = 200_000;

/** Remembers the keys of additions that were applied, the oldest forgotten first. */
export class AppliedKeys {
  private readonly keys = new Set<string>();

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(key: string): void {
    this.keys.add(key);
    for (const oldest of this.keys) {
      if (this.keys.size <= KEYS_MAX) return;
      this.keys.delete(oldest);
    }
  }
}
