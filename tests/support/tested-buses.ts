import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { newKafka } from '../../shared/adapters/kafka/kafka-client';
import { newSqsClient } from '../../shared/adapters/sqs/sqs-client';
import { InProcessBus } from '../../shared/adapters/in-process/in-process-bus';
import { systemClock, systemRandom } from '../../shared/adapters/system/system';
import type { BusSettings } from '../../shared/config';
import { openBus } from '../../shared/platform/connect-bus';
import type { Bus, BusEnvelope, Topic } from '../../shared/ports/bus';
import { startKafka } from '../../infra/local/engines/kafka';
import { SQS_KEYS, SQS_REGION, startSqs } from '../../infra/local/engines/sqs';
import { ListLog } from './list-log';

export const TOPICS: readonly Topic[] = ['platform-order-changed', 'delivery-order-ready', 'stock-changed'];

/** A message as it came out at the far end: its envelope, and the key and the place that the engine itself knows. */
export interface Arrived {
  readonly envelope: BusEnvelope;
  readonly engineKey?: string;
  readonly partition?: number;
}

/** A bus with an engine behind it, and a look at what comes out there. */
export interface BusWorld {
  /** A sender of its own. */
  open(): Promise<Bus>;
  /** What came since the last call; asks the engine where it must be asked. */
  arrived(topic: Topic): Promise<Arrived[]>;
  close(): Promise<void>;
}

const PORTS = { clock: systemClock, random: systemRandom, log: new ListLog() };
const A_MINUTE = (): number => 60_000;

export async function inProcessWorld(): Promise<BusWorld> {
  const lists = new Map<Topic, Arrived[]>(TOPICS.map((topic) => [topic, []]));
  return {
    open: async () => {
      const bus = new InProcessBus(PORTS);
      for (const [topic, list] of lists)
        bus.consume(topic, async (batch) => (list.push(...batch.map((envelope) => ({ envelope }))), []), {
          ...{ batchMax: 50, parallel: 1 },
        });
      return bus;
    },
    arrived: async (topic) => lists.get(topic)?.splice(0) ?? [],
    close: async () => undefined,
  };
}

export async function sqsWorld(): Promise<BusWorld> {
  const engine = await startSqs();
  const { endpoint, queueUrls } = engine;
  const access = { region: SQS_REGION, endpoint, credentials: SQS_KEYS };
  const client = newSqsClient(access);
  const opened = senders({ kind: 'sqs', queueUrls, ...access });
  return {
    open: opened.open,
    arrived: async (topic) => {
      const all: Arrived[] = [];
      for (;;) {
        const { Messages: messages = [] } = await client.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrls[topic], MaxNumberOfMessages: 10 }),
        );
        if (messages.length === 0) return all;
        all.push(...messages.map(({ Body: body = '' }) => ({ envelope: JSON.parse(body) as BusEnvelope })));
        const entries = messages.map(({ ReceiptHandle: handle }, i) => ({ Id: String(i), ReceiptHandle: handle }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrls[topic], Entries: entries }));
      }
    },
    close: async () => {
      await opened.close();
      client.destroy();
      await engine.stop();
    },
  };
}

export async function kafkaWorld(): Promise<BusWorld> {
  const engine = await startKafka();
  const access = { brokers: [engine.endpoint], login: undefined, tls: false, caFile: undefined };
  const opened = senders({ kind: 'kafka', topicPrefix: 'yipan-', ...access });
  const lists = new Map<string, Arrived[]>(TOPICS.map((topic) => [`yipan-${topic}`, []]));
  const consumer = newKafka(access).consumer({ groupId: 'far-end', maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...lists.keys()], fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const envelope = JSON.parse(String(message.value)) as BusEnvelope;
      lists.get(topic)?.push({ envelope, engineKey: String(message.key), partition });
    },
  });
  await joined;
  return {
    open: opened.open,
    arrived: async (topic) => lists.get(`yipan-${topic}`)?.splice(0) ?? [],
    close: async () => {
      await opened.close();
      await consumer.disconnect();
      await engine.stop();
    },
  };
}

function senders(settings: BusSettings): { open: () => Promise<Bus>; close: () => Promise<void> } {
  const connections: { close(): Promise<void> }[] = [];
  return {
    open: async () => {
      const connection = await openBus(settings, PORTS);
      connections.push(connection);
      return connection.busOf(A_MINUTE);
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
