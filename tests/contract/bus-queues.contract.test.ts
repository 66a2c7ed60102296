import type { SQSClient } from '@aws-sdk/client-sqs';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { startKafkaQueues } from '../../infra/local/host/kafka-queues';
import type { QueueBinding, Queues } from '../../infra/local/host/queue-trigger';
import { startSqsQueues } from '../../infra/local/host/sqs-queues';
import type { Engine } from '../../infra/local/engines/node-server';
import { startKafka } from '../../infra/local/engines/kafka';
import type { SqsEngine } from '../../infra/local/engines/sqs';
import { SQS_KEYS, SQS_REGION, startSqs } from '../../infra/local/engines/sqs';
import { newSqsClient } from '../../shared/adapters/sqs/sqs-client';
import { systemClock, systemRandom } from '../../shared/adapters/system/system';
import type { BusSettings } from '../../shared/config';
import type { BusConnection } from '../../shared/platform/connect-bus';
import { openBus } from '../../shared/platform/connect-bus';
import { readTriggerEvent } from '../../shared/platform/trigger-event';
import type { BusEnvelope, BusMessage } from '../../shared/ports/bus';
import { ListLog } from '../support/list-log';

// What brings messages to the functions on this machine, over the real wire, with a function of the test's own.

const BINDING: QueueBinding = {
  ...{ topic: 'stock-changed', functionName: 'stock-change-capture', batchMax: 20, parallel: 2 },
};
const changed = (no: number): BusMessage => ({ topic: 'stock-changed', key: `key-${no % 3}`, body: { no } });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const endsAtMs = Date.now() + withinMs; !(await holds()); ) {
    if (Date.now() > endsAtMs) throw new Error('it did not come about in time');
    await pause(20);
  }
}

interface Item {
  readonly itemId: string;
  readonly no: number;
}

/** The messages of an event, read as a function reads them. */
function itemsOf(event: object): Item[] {
  const read = readTriggerEvent(event);
  if (read.kind !== 'queue') throw new Error(`expected a queue's event, found ${read.kind}`);
  return read.items.map(({ itemId, text }) => ({
    itemId,
    no: Number((JSON.parse(text) as BusEnvelope).body['no']),
  }));
}

/** A function that counts what it is called with, and does what the test tells. */
class FakeFunction {
  readonly events: object[] = [];
  readonly calls: Item[][] = [];
  working = 0;
  mostAtOnce = 0;
  answer: (items: Item[]) => Promise<unknown> = async () => ({ batchItemFailures: [] });

  readonly invoke = async (name: string, event: object): Promise<unknown> => {
    expect(name).toBe('stock-change-capture');
    const items = itemsOf(event);
    this.events.push(event);
    this.calls.push(items);
    this.working += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.working);
    try {
      return await this.answer(items);
    } finally {
      this.working -= 1;
    }
  };

  timesCalledWith(no: number): number {
    return this.calls.filter((items) => items.some((item) => item.no === no)).length;
  }
}

const PORTS = { clock: systemClock, random: systemRandom, log: new ListLog() };

/** A tenth of it is usual; a machine with other work takes longer, and a sweep would take a minute. */
const AT_ONCE_MS = 3_000;

describe('the queues of SQS', () => {
  let engine: SqsEngine;
  let client: SQSClient;
  let settings: Extract<BusSettings, { kind: 'sqs' }>;
  let connection: BusConnection;
  let queues: Queues;
  let fake: FakeFunction;
  let publish: (...numbers: number[]) => Promise<void>;

  beforeEach(async () => {
    // A failed message comes again after a second, and is given up after its third time.
    engine = await startSqs({ visibilityS: 1, receivesMax: 3 });
    const access = { region: SQS_REGION, endpoint: engine.endpoint, credentials: SQS_KEYS };
    settings = { kind: 'sqs', queueUrls: engine.queueUrls, ...access };
    client = newSqsClient(access);
    connection = await openBus(settings, PORTS);
    publish = (...numbers) => connection.busOf(() => 60_000).publish(numbers.map(changed));
    fake = new FakeFunction();
    queues = await startSqsQueues(settings, [BINDING], { log: new ListLog(), invoke: fake.invoke });
  });

  afterEach(async () => {
    await queues.close();
    await connection.close();
    client.destroy();
    await engine.stop();
  });

  const deadLetters = async (): Promise<number[]> => {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: engine.deadLetterUrls['stock-changed'], MaxNumberOfMessages: 10 }),
    );
    return messages.map(({ Body: body = '' }) => Number((JSON.parse(body) as BusEnvelope).body['no']));
  };

  it('bring a message to its function at once, in the shape of Lambda', async () => {
    await pause(500);
    const sentAtMs = Date.now();
    await publish(7);
    await until(() => fake.calls.length > 0);
    expect(Date.now() - sentAtMs).toBeLessThan(AT_ONCE_MS);
    const text = expect.any(String) as string;
    expect(fake.events[0]).toEqual({
      Records: [
        {
          ...{ messageId: text, receiptHandle: text, body: expect.stringContaining('"no":7') as string },
          attributes: expect.objectContaining({ ApproximateReceiveCount: '1', SentTimestamp: text }) as object,
          ...{ messageAttributes: {}, md5OfBody: text, eventSource: 'aws:sqs' },
          ...{ eventSourceARN: expect.stringMatching(/^arn:aws:sqs:us-east-1:\d+:stock-changed$/) as string },
          awsRegion: 'us-east-1',
        },
      ],
    });
    await until(async () => (await queues.size()) === 0);
  });

  it('bring all of many messages in batches, no more of them at once than the function takes', async () => {
    fake.answer = async () => {
      await pause(50);
      return { batchItemFailures: [] };
    };
    await publish(...range(105));
    await until(async () => (await queues.size()) === 0);
    expect(fake.calls.flatMap((items) => items.map(({ no }) => no)).sort((a, b) => a - b)).toEqual(range(105));
    expect(Math.max(...fake.calls.map((items) => items.length))).toBe(20);
    expect(fake.mostAtOnce).toBe(2);
  });

  it('bring again what failed and that alone, until it lies among the dead letters', async () => {
    fake.answer = async (items) => ({
      batchItemFailures: items
        .filter(({ no }) => no === 3 || (no === 5 && fake.timesCalledWith(5) === 1))
        .map(({ itemId }) => ({ itemIdentifier: itemId })),
    });
    await publish(...range(8));
    let dead: number[] = [];
    await until(async () => (dead = [...dead, ...(await deadLetters())]).length > 0);
    expect(dead).toEqual([3]);
    expect(range(8).map((no) => fake.timesCalledWith(no))).toEqual([1, 1, 1, 3, 1, 2, 1, 1]);
    expect(await queues.size()).toBe(0);
  }, 20_000);

  it.each([
    ['throws', async () => Promise.reject(new Error('boom'))],
    ['names a message that it was not given', async () => ({ batchItemFailures: [{ itemIdentifier: 'nobody' }] })],
  ])('take a call that %s for one whose messages all failed', async (_, first) => {
    fake.answer = async () => (fake.calls.length === 1 ? first() : { batchItemFailures: [] });
    await publish(1, 2);
    await until(async () => (await queues.size()) === 0);
    expect([fake.timesCalledWith(1), fake.timesCalledWith(2)]).toEqual([2, 2]);
  });

  it('let the batch in the air end when they close, and bring no more', async () => {
    let ended = 0;
    fake.answer = async () => {
      await pause(300);
      ended += 1;
      return { batchItemFailures: [] };
    };
    await publish(1);
    await until(() => fake.calls.length === 1);
    await queues.close();
    expect(ended).toBe(1);
    await client.send(new SendMessageCommand({ QueueUrl: engine.queueUrls['stock-changed'], MessageBody: '{}' }));
    await pause(400);
    expect(fake.calls).toHaveLength(1);
  });
});

describe('the queues of Kafka', () => {
  let engine: Engine;
  let settings: Extract<BusSettings, { kind: 'kafka' }>;
  let connection: BusConnection;
  let queues: Queues;
  let fake: FakeFunction;
  let log: ListLog;
  let publish: (...numbers: number[]) => Promise<void>;

  const start = (): Promise<Queues> => startKafkaQueues(settings, [BINDING], { log, invoke: fake.invoke });

  // A cluster for each test: on one the second group waits until the first is known to be gone.
  beforeEach(async () => {
    engine = await startKafka();
    settings = {
      ...{ kind: 'kafka', brokers: [engine.endpoint], topicPrefix: 'yipan-' },
      ...{ login: undefined, tls: false, caFile: undefined },
    };
    connection = await openBus(settings, PORTS);
    publish = (...numbers) => connection.busOf(() => 60_000).publish(numbers.map(changed));
    fake = new FakeFunction();
    log = new ListLog();
    queues = await start();
  }, 15_000);

  afterEach(async () => {
    await queues.close();
    await connection.close();
    await engine.stop();
  }, 15_000);

  it('bring a message to its function at once, in the shape of FunctionGraph: its text alone', async () => {
    await publish(6);
    await until(() => fake.calls.length > 0);
    await pause(400);
    const sentAtMs = Date.now();
    await publish(7);
    await until(() => fake.calls.length > 1);
    expect(Date.now() - sentAtMs).toBeLessThan(AT_ONCE_MS);
    expect(fake.events[1]).toEqual({
      ...{ event_version: 'v1.0', event_time: expect.any(Number) as number, trigger_type: 'KAFKA' },
      ...{ region: expect.any(String) as string, instance_id: expect.any(String) as string },
      records: [{ messages: [expect.stringContaining('"no":7')], topic_id: 'yipan-stock-changed' }],
    });
    await until(async () => (await queues.size()) === 0);
  }, 20_000);

  it('bring all of many messages in batches, those of a key in order, and commit them', async () => {
    await publish(...range(105));
    await until(async () => (await queues.size()) === 0);
    const numbers = fake.calls.flatMap((items) => items.map(({ no }) => no));
    expect([...numbers].sort((a, b) => a - b)).toEqual(range(105));
    for (const key of range(3))
      expect(numbers.filter((no) => no % 3 === key)).toEqual(range(105).filter((no) => no % 3 === key));
    expect(Math.max(...fake.calls.map((items) => items.length))).toBeLessThanOrEqual(20);
    expect(fake.mostAtOnce).toBeLessThanOrEqual(2);
  }, 30_000);

  it('repeat a call that throws, three times in all, then give its batch up and go on', async () => {
    fake.answer = async (items) => {
      if (items.some(({ no }) => no === 3)) throw new Error('boom');
      return { handled: items.length, parked: 0 };
    };
    await publish(3);
    await until(() => log.lines.length > 0);
    expect(fake.timesCalledWith(3)).toBe(3);
    expect(log.lines).toEqual([
      {
        level: 'error',
        event: 'queue.batch-lost',
        fields: { function: 'stock-change-capture', topic: 'stock-changed', messages: 1 },
      },
    ]);
    // The same key, so behind it in the same partition.
    await publish(6);
    await until(() => fake.timesCalledWith(6) === 1);
    await until(async () => (await queues.size()) === 0);
  }, 30_000);

  it('let the batch in the air end when they close, and keep what was not brought for the next start', async () => {
    let ended = 0;
    fake.answer = async () => {
      await pause(300);
      ended += 1;
      return {};
    };
    await publish(1);
    await until(() => fake.calls.length === 1);
    await queues.close();
    expect(ended).toBe(1);
    await publish(4);
    fake.calls.length = 0;
    queues = await start();
    await until(() => fake.timesCalledWith(4) === 1);
    expect(fake.timesCalledWith(1)).toBe(0);
  }, 30_000);
});
