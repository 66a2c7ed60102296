import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import { AppError } from '../../../shared/errors';
import { handleQueueBatch } from '../../../shared/platform/queue-batch';
import type { BatchFailures } from '../../../shared/platform/try-batch';
import type { BusEnvelope } from '../../../shared/ports/bus';
import { ListLog } from '../../support/list-log';
import { SeededRandom } from '../../support/seeded-random';

const textOf = (no: number): string =>
  JSON.stringify({
    ...{ eventId: `s-${no}`, sequence: no, topic: 'stock-changed', key: `DS#${no}`, atMs: 1_772_949_910_000 },
    body: { warehouseId: 'DS', skuId: String(no), number: 1 },
  });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const idsOf = (batch: readonly BusEnvelope[]): number[] => batch.map(({ sequence }) => sequence);

let nowMs: number;
let leftMs: number;
let pausesMs: number[];
let calls: number[][];
let log: ListLog;
let store: MemoryStore;

beforeEach(() => {
  [nowMs, leftMs, pausesMs, calls] = [Date.UTC(2026, 2, 8), 60_000, [], []];
  [log, store] = [new ListLog(), new MemoryStore()];
});

/** A batch from a trigger that takes failures per message (SQS) or none (Kafka); `judge` says what each call does. */
async function run(
  trigger: 'sqs' | 'kafka',
  texts: readonly string[],
  judge: (batch: readonly BusEnvelope[], call: number) => Map<string, unknown> | Promise<never>,
): Promise<unknown> {
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      pausesMs.push(ms);
      nowMs += ms;
      leftMs -= ms;
    },
  };
  const items = texts.map((text, i) => ({ itemId: `item-${i}`, text }));
  return handleQueueBatch(
    'capture',
    { kind: 'queue', items, partialFailure: trigger === 'sqs' },
    { ports: { store, clock, random: new SeededRandom(3), log }, remainingMs: () => leftMs },
    async (batch): Promise<BatchFailures> => {
      calls.push(idsOf(batch));
      return judge(batch, calls.length);
    },
  );
}

interface Parked {
  readonly functionName: string;
  readonly code: string;
  readonly text: string;
  readonly textBytes: number;
}

async function parked(): Promise<Parked[]> {
  const hits = await store.queryIndex('list', 'parked', { limit: 1_000 });
  const documents = await store.getMany<Parked>(hits.map(({ key }) => key));
  return documents.flatMap((document) => document?.value ?? []);
}

const failing = (batch: readonly BusEnvelope[], error: unknown, ...numbers: number[]): Map<string, unknown> =>
  new Map(batch.filter(({ sequence }) => numbers.includes(sequence)).map(({ eventId }) => [eventId, error]));
const outage = new AppError('STORE_UNAVAILABLE', { reason: 'TimeoutError' });
const unknownOrder = new AppError('NOT_FOUND', { orderNo: '1' });

describe('a batch from a trigger that takes no failure per message', () => {
  it('is tried three times in all, each time with what failed alone, then parked', async () => {
    const answer = await run('kafka', range(4).map(textOf), (batch, call) =>
      failing(batch, new Error('boom'), 2, ...(call === 1 ? [3] : [])),
    );
    expect(calls).toEqual([[0, 1, 2, 3], [2, 3], [2]]);
    expect(answer).toEqual({ handled: 3, parked: 1 });
    expect(await parked()).toMatchObject([{ functionName: 'capture', code: 'INTERNAL', text: textOf(2) }]);
    expect(log.counts.get('message.parked')).toBe(1);
    // Between nothing and half a second, then a second.
    expect(pausesMs).toHaveLength(2);
    expect(pausesMs[0]).toBeLessThan(500);
    expect(pausesMs[1]).toBeLessThan(1_000);
  });

  it('is parked without another try where none can help', async () => {
    const answer = await run('kafka', range(2).map(textOf), (batch) => failing(batch, unknownOrder, 1));
    expect(calls).toEqual([[0, 1]]);
    expect(answer).toEqual({ handled: 1, parked: 1 });
    expect(await parked()).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('parks at once what is no message of ours, and handles its neighbours', async () => {
    const foreign = ['{"eventId":"cut off', '{"eventId":"s-9"}', ''];
    const answer = await run('kafka', [textOf(0), ...foreign], () => new Map());
    expect(calls).toEqual([[0]]);
    expect(answer).toEqual({ handled: 1, parked: 3 });
    expect((await parked()).map(({ code, text }) => [code, text]).sort()).toEqual(
      foreign.map((text) => ['BAD_EVENT', text]).sort(),
    );
  });

  it('finds the one message whose handling throws, and handles the others', async () => {
    const answer = await run('kafka', range(8).map(textOf), (batch) =>
      idsOf(batch).includes(5) ? Promise.reject(new RangeError('number')) : new Map(),
    );
    expect(answer).toEqual({ handled: 7, parked: 1 });
    expect(await parked()).toMatchObject([{ text: textOf(5) }]);
    // Halves down to the one, then twice more the one.
    expect(calls).toEqual([range(8), [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7], [5], [5]]);
  });

  it('waits out an outage with the batch whole', async () => {
    const answer = await run('kafka', range(3).map(textOf), (_, call) =>
      call < 3 ? Promise.reject(outage) : new Map(),
    );
    expect(calls).toEqual([range(3), range(3), range(3)]);
    expect(answer).toEqual({ handled: 3, parked: 0 });
  });

  it('begins no other try that the run has no time for', async () => {
    leftMs = 10_100;
    const answer = await run('kafka', range(2).map(textOf), () => Promise.reject(outage));
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(answer).toEqual({ handled: 0, parked: 2 });
  });

  it('fails as a whole where it cannot park either, so that the platform brings it again', async () => {
    store.put = () => Promise.reject(outage);
    await expect(run('kafka', [textOf(0)], (batch) => failing(batch, outage, 0))).rejects.toBe(outage);
  });

  it('parks the same message once, however often it is brought', async () => {
    for (let brought = 0; brought < 3; brought += 1) {
      await run('kafka', [textOf(1)], (batch) => failing(batch, unknownOrder, 1));
      nowMs += 60_000;
    }
    expect(await parked()).toHaveLength(1);
    expect(log.counts.get('message.parked')).toBe(1);
  });

  it('keeps of a foreign message no more than a document may hold, and nothing of it in a log', async () => {
    const foreign = `收件人 13800001234 ${'长'.repeat(3_000_000)}`;
    await run('kafka', [foreign], () => new Map());
    const [only] = await parked();
    expect(only?.text).toBe(foreign.slice(0, 32_768));
    expect(only?.textBytes).toBe(Buffer.byteLength(foreign));
    expect(JSON.stringify(log.lines)).not.toContain('13800001234');
  });
});

describe('a batch from a trigger that takes failures per message', () => {
  it('names what failed after one try and parks nothing: the queue counts the tries', async () => {
    const answer = await run('sqs', [textOf(0), textOf(1), 'no message'], (batch) =>
      failing(batch, new Error('boom'), 1),
    );
    expect(calls).toEqual([[0, 1]]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'item-1' }, { itemIdentifier: 'item-2' }] });
    expect(await parked()).toEqual([]);
  });

  it('names the one message whose handling throws, and not its neighbours', async () => {
    const answer = await run('sqs', range(4).map(textOf), (batch) =>
      idsOf(batch).includes(2) ? Promise.reject(new RangeError('number')) : new Map(),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'item-2' }] });
  });

  it('fails as a whole in an outage, which its messages are not to blame for', async () => {
    await expect(run('sqs', range(4).map(textOf), () => Promise.reject(outage))).rejects.toBe(outage);
    expect(calls).toEqual([range(4)]);
  });

  it('is done where it is empty', async () => {
    expect(await run('sqs', [], () => new Map())).toEqual({ batchItemFailures: [] });
    expect(calls).toEqual([]);
  });
});
