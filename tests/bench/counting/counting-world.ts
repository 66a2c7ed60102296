import { InProcessPool } from '../../../shared/adapters/in-process/in-process-pool';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { Clock } from '../../../shared/ports/clock';
import type { Pool } from '../../../shared/ports/pool';
import { SeededRandom } from '../../support/seeded-random';
import type { BrandSize } from '../brand';
import { seedBrand } from '../brand';
import { PlatformStandIn } from '../platform-stand-in';
import { StepWorld } from '../step-world';
import { CountingStore } from './counting-store';
import { Tally } from './tally';

/** Messages that one SendMessageBatch takes (shared/adapters/sqs/sqs-bus.ts). */
const SEND_MAX = 10;

/** A clock that a scenario sets: what is counted may depend on times, and must be the same in every run. */
export class SetClock implements Clock {
  constructor(private ms: number) {}

  nowMs(): number {
    return this.ms;
  }

  /** Waiting is passing. */
  async sleep(ms: number): Promise<void> {
    this.pass(ms);
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}

/** A Sunday afternoon in Shanghai. */
const START_MS = Date.UTC(2026, 2, 8, 6, 0, 0);

/** A world with one brand in it whose every request is counted. */
export interface CountingWorld {
  readonly world: StepWorld;
  readonly tally: Tally;
  readonly clock: SetClock;
  readonly platform: PlatformStandIn;
}

export async function countingWorld(size: BrandSize): Promise<CountingWorld> {
  const tally = new Tally();
  const clock = new SetClock(START_MS);
  const store = new CountingStore(new MemoryStore(), tally);
  const platform = new PlatformStandIn(clock, () => tally.add('platformCalls', 1));
  const random = new SeededRandom(1);
  const world = new StepWorld({
    ...{ store, clock, platform, random },
    pool: countingPool(new InProcessPool(clock, random), tally),
    on: {
      published: (_topic, messages) => {
        tally.add('messages', messages);
        tally.add('sendRequests', Math.ceil(messages / SEND_MAX));
      },
      called: () => tally.add('functionCalls', 1),
    },
  });
  await seedBrand({ store, clock }, size);
  tally.reset();
  return { world, tally, clock, platform };
}

/** Each call is one script or command on Redis, however many entries it holds. */
function countingPool(pool: Pool, tally: Tally): Pool {
  return new Proxy(pool, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        tally.add('poolOperations', 1);
        return Reflect.apply(member, target, args);
      };
    },
  });
}
