import { InProcessPool } from '../../../shared/adapters/in-process/in-process-pool';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import { JsonLog } from '../../../shared/adapters/system/json-log';
import type { Pool } from '../../../shared/ports/pool';
import type { Store } from '../../../shared/ports/store';
import { SeededRandom } from '../../support/seeded-random';
import type { BrandSize } from '../brand';
import { seedBrand } from '../brand';
import { PlatformStandIn } from '../platform-stand-in';
import { StepWorld } from '../step-world';
import { CountingStore } from './counting-store';
import { LATENCIES_MS } from './latencies';
import { Tally } from './tally';
import { VirtualClock } from './virtual-clock';

/** Messages that one SendMessageBatch takes (shared/adapters/sqs/sqs-bus.ts). */
const SEND_MAX = 10;

/** A Sunday afternoon in Shanghai. */
const START_MS = Date.UTC(2026, 2, 8, 6, 0, 0);

/** A world with one brand in it whose every request is counted, and takes its time. */
export interface CountingWorld {
  readonly world: StepWorld;
  readonly tally: Tally;
  readonly clock: VirtualClock;
  readonly platform: PlatformStandIn;
}

export async function countingWorld(size: BrandSize): Promise<CountingWorld> {
  const tally = new Tally();
  const clock = new VirtualClock(START_MS);
  const random = new SeededRandom(1);
  const store = new CountingStore(new MemoryStore(), tally);
  const platform = new PlatformStandIn(clock, async () => {
    tally.add('platformCalls', 1);
    await clock.sleep(LATENCIES_MS.platform);
  });
  const log = newLog(clock, tally);
  const world = new StepWorld({
    ...{ clock, platform, random, log },
    store: inTime<Store>(store, () => clock.sleep(LATENCIES_MS.store)),
    pool: inTime<Pool>(new InProcessPool(clock, random), () => {
      tally.add('poolOperations', 1);
      return clock.sleep(LATENCIES_MS.pool);
    }),
    sent: async (messages) => {
      tally.add('messages', messages);
      tally.add('sendRequests', Math.ceil(messages / SEND_MAX));
      await clock.sleep(LATENCIES_MS.send);
    },
    around: async (functionName, call) => {
      const startMs = clock.nowMs();
      const result = await clock.drive(call);
      tally.add('functionCalls', 1);
      tally.waited(functionName, clock.nowMs() - startMs);
      log.flush();
      return result;
    },
  });
  await seedBrand({ store, clock }, size);
  tally.reset();
  return { world, tally, clock, platform };
}

/** Lines and metrics as Lambda's log gets them, with fields as long as there. */
function newLog(clock: VirtualClock, tally: Tally): JsonLog {
  const write = (line: string): void => tally.add('logBytes', Buffer.byteLength(line) + 1);
  const fields = { function: 'document-conversion', requestId: '-'.repeat(36), traceId: '-'.repeat(32) };
  return new JsonLog(clock, { level: 'info', write, metrics: 'emf' }, fields);
}

/** The same port, each of its calls made first and answered after `wait`: the pool's are one script or command each. */
function inTime<P extends object>(port: P, wait: () => Promise<void>): P {
  return new Proxy(port, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        const answer: unknown = await Reflect.apply(member, target, args);
        await wait();
        return answer;
      };
    },
  });
}
