import type { Kafka, Producer } from 'kafkajs';
import { KafkaJSError, Partitioners } from 'kafkajs';
import { AppError } from '../../errors';
import type { Bus, BusMessage } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { EnvelopeWriter, SealedMessage } from '../envelopes';
import { pack } from '../envelopes';

/**
 * A produce request: below the 1 MB that brokers take by default in one batch (message.max.bytes, 1,048,588), with room
 * for keys and headers. DMS takes up to 10 MB where it is told to.
 */
const REQUEST = { countMax: 1_000, bytesMax: 768 * 1024 };

/** A publish ends after this time at the latest; see the same number of SqsBus. */
const PUBLISH_MS_MAX = 4_000;

/** Left for the run to end in. */
const SPARE_MS = 1_000;

const ALL_IN_SYNC_REPLICAS = -1;

/** One producer an instance, connected at its first message and kept. */
export class KafkaSender {
  private readonly producer: Producer;
  private connected: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    // Java's murmur2, so that a key goes to the same partition whoever sends it. Not idempotent: consumers take repeats,
    // and control records would leave gaps in the offsets. Topics are made by the deployment; where the cluster itself
    // allows it, a missing one is made on first use.
    this.producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: false });
  }

  async send(topic: string, messages: readonly SealedMessage[]): Promise<void> {
    this.connected ??= this.producer.connect().catch((error: unknown) => {
      this.connected = undefined;
      throw error;
    });
    await this.connected;
    await this.producer.send({
      topic,
      acks: ALL_IN_SYNC_REPLICAS,
      messages: messages.map(({ envelope, text }) => ({ key: envelope.key, value: text })),
    });
  }

  async close(): Promise<void> {
    if (this.connected) await this.producer.disconnect();
  }
}

export interface KafkaConnection {
  readonly sender: KafkaSender;
  /** Before a bus topic's name: the topic's name in Kafka. */
  readonly topicPrefix: string;
  readonly envelopes: EnvelopeWriter;
  readonly clock: Clock;
}

/**
 * {@link Bus} on Kafka: one topic of Kafka each, all in-sync replicas acknowledge. The client retries by itself, briefly;
 * what then fails, or has not ended in time, is BUS_UNAVAILABLE, and may have been accepted all the same.
 */
export class KafkaBus implements Bus {
  constructor(
    private readonly connection: KafkaConnection,
    private readonly remainingMs: () => number,
  ) {}

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const { envelopes, clock, topicPrefix, sender } = this.connection;
    const sealed = envelopes.seal(messages);
    const untilMs = clock.nowMs() + Math.min(PUBLISH_MS_MAX, this.remainingMs() - SPARE_MS);
    const topics = [...new Set(sealed.map(({ envelope }) => envelope.topic))];
    let sent = 0;
    for (const topic of topics) {
      const ours = sealed.filter(({ envelope }) => envelope.topic === topic);
      for (const request of pack(ours, REQUEST)) {
        const failure = await this.within(untilMs, sender.send(`${topicPrefix}${topic}`, request));
        if (failure !== undefined) {
          const facts = { topic, reason: failure, messages: messages.length, notSent: messages.length - sent };
          throw new AppError('BUS_UNAVAILABLE', facts);
        }
        sent += request.length;
      }
    }
  }

  /** Why it failed, undefined where it did not. What is late goes on unheeded: its connection has time limits of its own. */
  private async within(untilMs: number, sending: Promise<void>): Promise<string | undefined> {
    const outcome = sending.then(() => undefined, reasonOf);
    const leftMs = Math.max(0, Math.ceil(untilMs - this.connection.clock.nowMs()));
    // A signal's timer keeps no process alive, as a sleep would after every message.
    const signal = AbortSignal.timeout(leftMs);
    const late = new Promise<string>((resolve) =>
      signal.addEventListener('abort', () => resolve('no answer in time'), { once: true }),
    );
    return Promise.race([outcome, late]);
  }
}

/** The client's own name of the failure, never its message. What is no failure of Kafka is a slip of ours, and is thrown on. */
function reasonOf(error: unknown): string {
  if (!(error instanceof KafkaJSError)) throw error;
  const { cause } = error;
  return cause instanceof KafkaJSError && cause.name !== error.name ? `${error.name}: ${cause.name}` : error.name;
}
