import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock';
import type { Random } from '../../ports/random';

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const TOKEN_BYTES = 16;

/** Asked of the system for many tokens at once: a call for each would be a good part of a message's cost. */
const POOL_BYTES = 256 * TOKEN_BYTES;
let pool = Buffer.alloc(0);
let taken = 0;

function token(): string {
  if (taken === pool.length) [pool, taken] = [randomBytes(POOL_BYTES), 0];
  taken += TOKEN_BYTES;
  return pool.toString('hex', taken - TOKEN_BYTES, taken);
}

/** The machine's chance. */
export const systemRandom: Random = { next: () => Math.random(), token };
