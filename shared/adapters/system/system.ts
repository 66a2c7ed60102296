import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock';
import type { Random } from '../../ports/random';

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The machine's chance. */
export const systemRandom: Random = {
  next: () => Math.random(),
  token: () => randomBytes(16).toString('hex'),
};
