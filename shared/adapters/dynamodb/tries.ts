import { AppError } from '../../errors';
import type { Clock } from '../../ports/clock';
import type { Random } from '../../ports/random';
import { REQUEST_MS } from './client';

export interface TriesPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds until the platform kills this call. */
  readonly remainingMs: () => number;
}

/** Tries of one request: with the pauses below, a throttled partition gets about three seconds to split or to adapt. */
const TRIES_MAX = 8;

/** Pauses between tries: at random between nothing and 25 ms, doubled each time up to a second (full jitter). */
const PAUSE_MS = 25;
const PAUSE_MS_MAX = 1_000;

/** Kept free at the end of a run, so that it can say what happened. */
const SPARE_MS = 500;

/** What a failed request says of itself. */
export type Failure =
  /** Nothing was applied, and another try can help. */
  | 'turned-away'
  /** It may have been applied. */
  | 'unknown'
  /** Another try would fail alike. */
  | 'final';

const TURNED_AWAY = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

/** Faults of the way: the request may have got through, or not. */
const ON_THE_WAY = new Set([
  'TimeoutError',
  'AbortError',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);
const NO_WAY = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

export function failureOf(error: unknown): Failure {
  const {
    name = '',
    code = '',
    $metadata,
  } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  if (TURNED_AWAY.has(name) || NO_WAY.has(code)) return 'turned-away';
  if (ON_THE_WAY.has(name) || ON_THE_WAY.has(code)) return 'unknown';
  const status = $metadata?.httpStatusCode;
  // Without a status the answer could not be read.
  return status === undefined || status >= 500 ? 'unknown' : 'final';
}

/**
 * Runs a request until it succeeds, as often and as long as there is time. `onUnknown` is told of each try that may have
 * been applied. Throws STORE_UNAVAILABLE, or the error itself where `expected` names it.
 */
export async function withTries<R>(
  request: (signal: AbortSignal) => Promise<R>,
  { clock, random, remainingMs }: TriesPorts,
  { expected, onUnknown }: { expected?: string; onUnknown?: () => void } = {},
): Promise<R> {
  for (let tries = 1; ; tries += 1) {
    const timeMs = remainingMs() - SPARE_MS;
    if (timeMs <= 0) throw new AppError('STORE_UNAVAILABLE', { reason: 'no time left', tries: tries - 1 });
    try {
      return await request(AbortSignal.timeout(Math.min(timeMs, REQUEST_MS)));
    } catch (error) {
      if (error instanceof Error && error.name === expected) throw error;
      const failure = failureOf(error);
      if (failure === 'unknown') onUnknown?.();
      const pauseMs = random.next() * Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** (tries - 1));
      const again = failure !== 'final' && tries < TRIES_MAX && pauseMs < remainingMs() - SPARE_MS;
      if (!again) throw unavailable(error, tries);
      await clock.sleep(pauseMs);
    }
  }
}

function unavailable(error: unknown, tries: number): AppError {
  const reason = error instanceof Error ? error.name : 'unknown';
  return new AppError('STORE_UNAVAILABLE', { reason, tries }, { cause: error });
}
