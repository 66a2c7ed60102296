import { InProcessBus } from '../../shared/adapters/in-process/in-process-bus';
import type { BusConsumer } from '../../shared/adapters/in-process/in-process-bus';
import type { BusEnvelope, Topic } from '../../shared/ports/bus';
import { SeededRandom } from '../support/seeded-random';
import { ListLog } from '../support/list-log';
import { ManualClock, settled } from '../support/manual-clock';

const TOPIC: Topic = 'platform-order-changed';
const message = (key: string, no: number, topic: Topic = TOPIC) => ({ topic, key, body: { no } });
const numbers = (batch: readonly BusEnvelope[]): unknown[] => batch.map((envelope) => envelope.body['no']);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('the bus in process', () => {
  let clock: ManualClock;
  let log: ListLog;
  let bus: InProcessBus;

  beforeEach(() => {
    clock = new ManualClock();
    log = new ListLog();
    bus = new InProcessBus({ clock, log, random: new SeededRandom(1) });
  });

  /** Long enough for every message to be tried as often as it is. */
  const quiet = (): Promise<void> => clock.advance(600_000);

  it('hands over no more at once than the consumer takes', async () => {
    const batches: number[] = [];
    bus.consume(TOPIC, async (batch) => (batches.push(batch.length), []), { batchMax: 4, parallel: 1 });
    await bus.publish(range(10).map((no) => message(`key-${no}`, no)));
    await quiet();
    expect(Math.max(...batches)).toBeLessThanOrEqual(4);
    expect(batches.reduce((sum, size) => sum + size, 0)).toBe(10);
  });

  it('handles the messages of one key in order, and never in two batches at once', async () => {
    const inFlight = new Set<string>();
    const seen = new Map<string, unknown[]>();
    let clashes = 0;
    let widest = 0;
    const consumer: BusConsumer = async (batch) => {
      const keysHere = new Set(batch.map(({ key }) => key));
      for (const key of keysHere) {
        if (inFlight.has(key)) clashes += 1;
        inFlight.add(key);
      }
      widest = Math.max(widest, inFlight.size);
      await clock.sleep(batch.length * 7);
      for (const { key, body } of batch) seen.set(key, [...(seen.get(key) ?? []), body['no']]);
      for (const key of keysHere) inFlight.delete(key);
      return [];
    };
    bus.consume(TOPIC, consumer, { batchMax: 3, parallel: 4 });
    for (const no of range(30)) {
      await bus.publish([message(`key-${no % 5}`, no)]);
      await clock.advance(no % 4);
    }
    await quiet();
    expect(clashes).toBe(0);
    expect(widest).toBeGreaterThan(1);
    for (const key of range(5)) expect(seen.get(`key-${key}`)).toEqual(range(30).filter((no) => no % 5 === key));
  });

  it('does not let a key that is being handled hold up the others', async () => {
    const done: unknown[] = [];
    const consumer: BusConsumer = async (batch) => {
      if (batch.some(({ key }) => key === 'slow')) await clock.sleep(60_000);
      done.push(...numbers(batch));
      return [];
    };
    bus.consume(TOPIC, consumer, { batchMax: 1, parallel: 2 });
    await bus.publish([message('slow', 1), message('slow', 2), message('quick', 3)]);
    await clock.advance(1_000);
    expect(done).toEqual([3]);
  });

  it('tries again what failed and only that, then leaves it to the sweep', async () => {
    const tries = new Map<unknown, number>();
    const consumer: BusConsumer = async (batch) => {
      for (const no of numbers(batch)) tries.set(no, (tries.get(no) ?? 0) + 1);
      const fails = (no: unknown): boolean => no === 2 || (no === 3 && tries.get(3) === 1);
      return batch.filter(({ body }) => fails(body['no'])).map(({ eventId }) => eventId);
    };
    bus.consume(TOPIC, consumer, { batchMax: 10, parallel: 1 });
    await bus.publish([message('a', 1), message('b', 2), message('c', 3)]);
    await quiet();
    expect(tries.get(1)).toBe(1);
    expect(tries.get(3)).toBe(2);
    // Some tries, not endless ones.
    expect(tries.get(2)).toBe(3);
    expect(bus.size()).toBe(0);
  });

  it('takes a consumer that throws for one that failed the whole batch, and lives on', async () => {
    let calls = 0;
    const consumer: BusConsumer = async () => {
      calls += 1;
      if (calls === 1) throw new Error('boom');
      return [];
    };
    bus.consume(TOPIC, consumer, { batchMax: 10, parallel: 1 });
    await bus.publish([message('a', 1), message('b', 2)]);
    await quiet();
    expect(calls).toBe(2);
    expect(log.lines).toMatchObject([{ level: 'error', event: 'bus.batch-failed' }]);
    await bus.publish([message('a', 3)]);
    await quiet();
    expect(calls).toBe(3);
  });

  it('drops what nobody listens to', async () => {
    await bus.publish([message('a', 1)]);
    expect(bus.size()).toBe(0);
  });

  it('closes when the batches in the air have ended, and takes no more', async () => {
    const done: unknown[] = [];
    const consumer: BusConsumer = async (batch) => {
      await clock.sleep(1_000);
      done.push(...numbers(batch));
      return [];
    };
    bus.consume(TOPIC, consumer, { batchMax: 1, parallel: 1 });
    await bus.publish([message('a', 1), message('b', 2)]);
    let closed = false;
    const closing = bus.close().then(() => (closed = true));
    await clock.advance(500);
    expect(closed).toBe(false);
    await clock.advance(1_000);
    await closing;
    expect(done).toEqual([1]);
    await bus.publish([message('c', 3)]);
    await quiet();
    expect(done).toEqual([1]);
  });

  it('keeps so many messages and drops the newest beyond, counting them', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const got: number[] = [];
    const consumer: BusConsumer = async (batch) => {
      await gate;
      got.push(...batch.map(({ body }) => Number(body['no'])));
      return [];
    };
    bus.consume(TOPIC, consumer, { batchMax: 1_000, parallel: 1 });
    await bus.publish([message('first', 0)]);
    await bus.publish(range(100_005).map((no) => message(`key-${no}`, no + 1)));
    expect(log.counts.get('bus.dropped')).toBe(5);
    release();
    while (bus.size() > 0) await settled();
    expect(got).toHaveLength(100_001);
    expect(got.at(-1)).toBe(100_000);
  });
});
