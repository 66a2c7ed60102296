/** How often a property is tried, and from which seed: every run of the suite is the same run. */
export const FIXED_RUNS = { seed: 20_260_308, numRuns: 300 } as const;

/** The value, where a test knows that it is there. */
export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('expected a value, found none');
  return value;
}
