import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { Ports } from '../ports/ports';

/** Event ids of a batch that failed, with their errors. */
export type BatchFailures = ReadonlyMap<string, unknown>;

export type BatchHandler = (batch: readonly BusEnvelope[]) => Promise<BatchFailures>;

/** Longest pause before the second try; it doubles, and chance takes a part of it (full jitter). */
const FIRST_PAUSE_MS = 500;

/** No try begins with less than this left: a batch takes some seconds at worst, and parking what failed needs the rest. */
const SPARE_MS = 10_000;

/**
 * Hands a batch over up to `triesMax` times in all, from the second on with what failed alone, after a pause, while the run
 * has time. An error that says that no other try can help ends its message's tries.
 */
export async function tryBatch(
  batch: readonly BusEnvelope[],
  handle: BatchHandler,
  run: { readonly ports: Pick<Ports, 'clock' | 'random'>; remainingMs(): number },
  triesMax: number,
): Promise<BatchFailures> {
  const { clock, random } = run.ports;
  const failures = new Map<string, unknown>();
  let open = batch;
  for (let tries = 1; open.length > 0; tries += 1) {
    const all = open;
    const failed = await handleApart(all, handle).catch(
      (error: unknown): BatchFailures => new Map(all.map(({ eventId }) => [eventId, error])),
    );
    for (const { eventId } of open) failures.delete(eventId);
    for (const [eventId, error] of failed) failures.set(eventId, error);
    open = open.filter(({ eventId }) => failed.has(eventId) && mayHelp(failed.get(eventId)));
    const pauseMs = random.next() * FIRST_PAUSE_MS * 2 ** (tries - 1);
    if (open.length === 0 || tries >= triesMax || run.remainingMs() - pauseMs < SPARE_MS) break;
    await clock.sleep(pauseMs);
  }
  return failures;
}

/**
 * A batch that throws: an outage, which every message would meet, is thrown on. Otherwise one message may have poisoned it,
 * and its halves are handed over apart, down to the one. Every step can be repeated.
 */
export async function handleApart(batch: readonly BusEnvelope[], handle: BatchHandler): Promise<BatchFailures> {
  try {
    return batch.length === 0 ? new Map() : await handle(batch);
  } catch (error) {
    if (error instanceof AppError && error.retry !== 'never') throw error;
    const [only] = batch;
    if (batch.length === 1 && only) return new Map([[only.eventId, error]]);
  }
  const middle = Math.ceil(batch.length / 2);
  const first = await handleApart(batch.slice(0, middle), handle);
  const second = await handleApart(batch.slice(middle), handle);
  return new Map([...first, ...second]);
}

function mayHelp(error: unknown): boolean {
  return !(error instanceof AppError) || error.retry !== 'never';
}
