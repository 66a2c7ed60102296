/**
 * Runs a batch; where it throws, runs each item alone, so that one poisoned document does not fail its neighbours.
 * Returns the items that failed alone. Safe because every step can be repeated.
 */
export async function isolateFailures<T>(
  items: readonly T[],
  handle: (batch: readonly T[]) => Promise<void>,
): Promise<Map<T, unknown>> {
  const failures = new Map<T, unknown>();
  if (items.length === 0) return failures;
  try {
    await handle(items);
    return failures;
  } catch (error) {
    const [only] = items;
    if (items.length === 1 && only !== undefined) return failures.set(only, error);
  }
  for (const item of items) {
    try {
      await handle([item]);
    } catch (error) {
      failures.set(item, error);
    }
  }
  return failures;
}
