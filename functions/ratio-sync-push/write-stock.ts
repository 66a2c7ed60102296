import type { Shop } from '../../shared/domain/settings';
import { hasCode } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import type { StockWrite, StockWriteResult } from '../../shared/ports/channel';

/** Between the platform's own time limit and the deadline after which another run may take over. */
export const DEADLINE_SPARE_MS = 3_000;

/** Refusals that have nothing to do with the company: alone the write would meet the same. */
const SAME_ALONE: ReadonlySet<string> = new Set(['BAD_INPUT', 'CHANNEL_AUTH', 'SECRET_MISSING']);

/**
 * One call; what the platform refuses for good in company, perhaps all of it because of one deleted listing among twenty,
 * goes once more by itself. Nothing goes out that could be answered after the claim on the listings is over: a store may take
 * long to save it, and whoever takes a listing over then looks at it before we have written.
 */
export async function writeOrSplit(
  run: Run,
  shop: Shop,
  writes: readonly StockWrite[],
  deadlineMs: number,
): Promise<StockWriteResult[]> {
  // Each step before a call may take all the time that there is: the claim itself, and a token.
  const inTime = (): boolean => run.ports.clock.nowMs() + run.config.channelTimeoutMs < deadlineMs;
  if (!inTime()) return writes.map(() => notInTime('the claim was over before it could be sent'));
  const results = await write(run, shop, writes);
  if (writes.length === 1) return results;
  const settled: StockWriteResult[] = [];
  for (const [i, together] of results.entries()) {
    const one = writes[i];
    if (!one || together.kind !== 'refused' || together.retry !== 'never' || SAME_ALONE.has(together.code)) {
      settled.push(together);
      continue;
    }
    const [result] = inTime() && (await takeToken(run, shop)) && inTime() ? await write(run, shop, [one]) : [];
    settled.push(result ?? notInTime(`refused in company, not tried alone yet: ${together.message}`));
  }
  return settled;
}

const notInTime = (message: string): StockWriteResult => ({
  kind: 'refused',
  code: 'DEADLINE',
  message,
  retry: 'later',
});

async function write(run: Run, shop: Shop, writes: readonly StockWrite[]): Promise<StockWriteResult[]> {
  const { ports } = run;
  ports.log.count('sync.calls');
  try {
    const results = await ports.channels[shop.channel].writeStock(ports.access(shop), writes);
    const slowed = results.some((result) => result.kind === 'refused' && result.code === 'CHANNEL_THROTTLED');
    if (slowed) ports.log.count('sync.flow-control', 1, { channel: shop.channel });
    return results;
  } catch (error) {
    const unanswered = hasCode(error, 'CHANNEL_UNREACHABLE');
    return writes.map(() => ({ kind: 'unknown', message: String(error), ...(unanswered && { unanswered }) }));
  }
}

/**
 * A token of the shop's rate limit, waited for as long as this run has time, and up to `untilMs` at most. Without the pool
 * there is none: pushing past the limit would have the platform block the shop for all, while a quantity that is a minute late
 * is only late.
 */
export async function takeToken(run: Run, shop: Shop, untilMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const { pool, clock } = run.ports;
  const rate = { perSecond: shop.writesPerSecond, burst: shop.writeBurst };
  for (;;) {
    const taken = await pool.takeTokens(`writes#${shop.id}`, 1, rate).catch((error: unknown) => {
      if (hasCode(error, 'POOL_UNAVAILABLE')) return undefined;
      throw error;
    });
    if (!taken) return false;
    const { granted, nextInMs } = taken;
    if (granted > 0) return true;
    if (run.remainingMs() < nextInMs + run.config.channelTimeoutMs + DEADLINE_SPARE_MS * 2) return false;
    const leftMs = untilMs - clock.nowMs();
    if (leftMs <= 0) return false;
    await clock.sleep(Math.max(1, Math.min(nextInMs, leftMs)));
  }
}
