/**
 * How long requests are assumed to take, ms, within one region: what a function waits for is most of what it is paid for.
 * Store: DynamoDB states single-digit milliseconds. Queue, pool and platform: what is common, to be replaced by what a
 * deployment measures.
 */
export const LATENCIES_MS = { store: 5, send: 8, pool: 1, platform: 120 } as const;
