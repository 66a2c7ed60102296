import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { newKafka } from '../../../shared/adapters/kafka/kafka-client';
import type { BusSettings } from '../../../shared/config';
import type { QueueBinding, Queues, TriggerPorts } from './queue-trigger';
import { CALLS_MAX, OUTAGE_PAUSE_MS } from './queue-trigger';
import { sleepUntilStopped } from './stoppable-sleep';

type KafkaSettings = Extract<BusSettings, { kind: 'kafka' }>;

/** How long a fetch waits for the first message where there is none; a message that comes meanwhile ends it. */
const FETCH_WAIT_MS = 150;

/** A group takes about three seconds to form. */
const JOIN_MS_MAX = 30_000;

/**
 * A member that is not heard of for so long is taken for dead, and its group forms again. Shorter than the 30 s that a
 * deployment would take: so long a host waits that starts again after another was killed.
 */
const SESSION_MS = 10_000;

/** While a function works, its consumer says that it lives. */
const HEARTBEAT_MS = 3_000;

/**
 * The Kafka trigger of FunctionGraph: a consumer group for each function, batches of message texts, offsets committed
 * after the call. No failure per message is taken. A call that throws is repeated as the trigger's retries would, then
 * the batch is given up: the function parks what it cannot do, so that only an outage of its store comes to this.
 */
export async function startKafkaQueues(
  settings: KafkaSettings,
  bindings: readonly QueueBinding[],
  ports: TriggerPorts,
): Promise<Queues> {
  const kafka = newKafka(settings);
  const admin = kafka.admin();
  await admin.connect();
  const triggers = bindings.map((binding) => new KafkaTrigger(kafka, settings.topicPrefix, binding, ports));
  const close = async (): Promise<void> => {
    await Promise.all(triggers.map((trigger) => trigger.stop()));
    await admin.disconnect();
  };
  try {
    await Promise.all(triggers.map((trigger) => trigger.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    size: async () => (await Promise.all(triggers.map((trigger) => trigger.size(admin)))).reduce((a, b) => a + b, 0),
    close,
  };
}

class KafkaTrigger {
  private readonly consumer: Consumer;
  private readonly topic: string;
  private readonly groupId: string;
  private readonly stopped = new AbortController();

  constructor(
    kafka: Kafka,
    topicPrefix: string,
    private readonly binding: QueueBinding,
    private readonly ports: TriggerPorts,
  ) {
    this.topic = `${topicPrefix}${binding.topic}`;
    this.groupId = `${topicPrefix}${binding.functionName}`;
    this.consumer = kafka.consumer({
      ...{ groupId: this.groupId, maxWaitTimeInMs: FETCH_WAIT_MS },
      ...{ sessionTimeout: SESSION_MS, heartbeatInterval: HEARTBEAT_MS },
    });
  }

  /** Resolves once the group has formed: from then on a message is brought at once. */
  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: this.topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => this.consumer.on('consumer.group_join', () => resolve()));
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.binding.parallel,
      eachBatch: (payload) => this.handle(payload),
    });
    const late = AbortSignal.timeout(JOIN_MS_MAX);
    await Promise.race([
      joined,
      new Promise((_, reject) =>
        late.addEventListener('abort', () =>
          reject(new Error(`the consumer group ${this.groupId} has not formed within ${JOIN_MS_MAX / 1_000} s`)),
        ),
      ),
    ]);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.consumer.disconnect();
  }

  /** From what the group has committed to the end of each partition. */
  async size(admin: Admin): Promise<number> {
    const [ends, groups] = await Promise.all([
      admin.fetchTopicOffsets(this.topic),
      admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] }),
    ]);
    const committed = new Map(groups[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce((sum, { partition, low, high }) => {
      // -1 is a partition of which nothing was committed yet.
      const from = Math.max(Number(low), committed.get(partition) ?? -1);
      return sum + Math.max(0, Number(high) - from);
    }, 0);
  }

  private async handle(payload: EachBatchPayload): Promise<void> {
    const { batchMax } = this.binding;
    const { batch } = payload;
    const mayGoOn = (): boolean => payload.isRunning() && !payload.isStale() && !this.stopped.signal.aborted;
    for (let at = 0; at < batch.messages.length && mayGoOn(); ) {
      const chunk = batch.messages.slice(at, at + batchMax);
      const last = chunk.at(-1);
      if (!last) return;
      const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_MS);
      try {
        if (!(await this.call(chunk.map(({ value }) => value?.toString('utf8') ?? '')))) return;
      } finally {
        clearInterval(beating);
      }
      const { topic, partition } = batch;
      const offset = String(BigInt(last.offset) + 1n);
      // The consumer's own commitOffsets does nothing once it has been told to stop.
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
      payload.resolveOffset(last.offset);
      at += chunk.length;
    }
  }

  /** False where it was stopped before the function took the batch: the offsets stay, and somebody takes it later. */
  private async call(messages: readonly string[]): Promise<boolean> {
    const { functionName, topic } = this.binding;
    for (let called = 1; ; called += 1) {
      try {
        await this.ports.invoke(functionName, kafkaEvent(this.topic, messages));
        return true;
      } catch {
        // The function has logged why.
        if (called >= CALLS_MAX) {
          this.ports.log.error('queue.batch-lost', { function: functionName, topic, messages: messages.length });
          return true;
        }
        await sleepUntilStopped(OUTAGE_PAUSE_MS * called, this.stopped.signal);
        if (this.stopped.signal.aborted) return false;
      }
    }
  }
}

/** The event as FunctionGraph's trigger sends it: the texts, and neither keys nor offsets. */
function kafkaEvent(topic: string, messages: readonly string[]): object {
  return {
    event_version: 'v1.0',
    event_time: Math.floor(Date.now() / 1_000),
    trigger_type: 'KAFKA',
    region: 'local',
    instance_id: 'local',
    records: [{ messages, topic_id: topic }],
  };
}
