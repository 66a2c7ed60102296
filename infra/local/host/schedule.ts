/** A timer of a function: what it is told, and how often. */
export interface Timer {
  readonly functionName: string;
  readonly task: string;
  readonly everyMs: number;
}

/**
 * Timers of the local host. Each runs once at start (the start-up sweep), then again so long after its last run began;
 * a run that takes longer delays the next one instead of overlapping it.
 */
export const TIMERS: readonly Timer[] = [
  { functionName: 'order-ingestion', task: 'poll-messages', everyMs: 1_000 },
  { functionName: 'order-ingestion', task: 'pull-modified', everyMs: 60_000 },
  { functionName: 'document-conversion', task: 'sweep', everyMs: 10_000 },
  { functionName: 'auto-audit', task: 'sweep', everyMs: 10_000 },
  { functionName: 'stock-change-capture', task: 'sweep', everyMs: 30_000 },
  { functionName: 'stock-change-capture', task: 'summarise', everyMs: 60_000 },
  { functionName: 'ratio-sync-push', task: 'push', everyMs: 2_000 },
  { functionName: 'ratio-sync-push', task: 'read-back', everyMs: 60_000 },
];

/** Timers with other periods: `{"ratio-sync-push/push": 1000}`. Throws on a name that no timer has. */
export function timersWith(periods: Readonly<Record<string, number>>): Timer[] {
  const known = new Set(TIMERS.map(nameOf));
  for (const [name, everyMs] of Object.entries(periods)) {
    if (!known.has(name)) throw new Error(`there is no timer '${name}'; timers are ${[...known].join(', ')}`);
    if (!Number.isSafeInteger(everyMs) || everyMs < 10)
      throw new Error(`timer '${name}' needs a period of at least 10 ms`);
  }
  return TIMERS.map((timer) => ({ ...timer, everyMs: periods[nameOf(timer)] ?? timer.everyMs }));
}

export const nameOf = (timer: Timer): string => `${timer.functionName}/${timer.task}`;
