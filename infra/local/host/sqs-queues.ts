import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteMessageBatchCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { newSqsClient } from '../../../shared/adapters/sqs/sqs-client';
import type { BusSettings } from '../../../shared/config';
import type { QueueBinding, Queues, TriggerPorts } from './queue-trigger';
import { OUTAGE_PAUSE_MS } from './queue-trigger';
import { sleepUntilStopped } from './stoppable-sleep';

type SqsSettings = Extract<BusSettings, { kind: 'sqs' }>;

/** Pause before an empty queue is asked again: a message waits this long at most, and an idle host asks 20 times a second. */
const POLL_MS = 150;

/** What one call of SQS takes and gives. */
const MESSAGES_A_CALL = 10;

/** The local server closes connections that were idle for a while: a call that meets this goes again. */
const ATTEMPTS = 3;

/** By its older name: the newer one, MessageSystemAttributeNames, is not known to the local server, and AWS takes both. */
const ALL_ATTRIBUTES: { AttributeNames: ['All'] } = { AttributeNames: ['All'] };

/**
 * SQS's triggers as Lambda has them: batches of a queue to its function; what the function does not name as failed is
 * deleted, the rest comes again after the queue's visibility time-out, until the queue moves it to its dead letters. A
 * call that throws has failed all of its batch.
 */
export async function startSqsQueues(
  settings: SqsSettings,
  bindings: readonly QueueBinding[],
  ports: TriggerPorts,
): Promise<Queues> {
  const client = newSqsClient(settings, ATTEMPTS);
  const triggers = await Promise.all(
    bindings.map(async (binding) => {
      const url = settings.queueUrls[binding.topic];
      const { QueueArn: arn = '' } = await attributesOf(client, url);
      return new SqsTrigger({ client, url, arn }, binding, ports);
    }),
  );
  const stopped = new AbortController();
  const running = triggers.map((trigger) => trigger.run(stopped.signal));
  return {
    size: async () => (await Promise.all(triggers.map((trigger) => trigger.size()))).reduce((a, b) => a + b, 0),
    close: async () => {
      stopped.abort();
      await Promise.all(running);
      client.destroy();
    },
  };
}

interface Queue {
  readonly client: SQSClient;
  readonly url: string;
  readonly arn: string;
}

class SqsTrigger {
  private readonly inFlight = new Set<Promise<void>>();

  constructor(
    private readonly queue: Queue,
    private readonly binding: QueueBinding,
    private readonly ports: TriggerPorts,
  ) {}

  /** Until it is stopped, and the batches in the air have ended. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.inFlight.size >= this.binding.parallel) {
        await Promise.race(this.inFlight);
        continue;
      }
      const batch = await this.receive(signal);
      if (batch.length === 0) {
        await sleepUntilStopped(POLL_MS, signal);
        continue;
      }
      const handling = this.handle(batch).finally(() => this.inFlight.delete(handling));
      this.inFlight.add(handling);
    }
    await Promise.all(this.inFlight);
  }

  async size(): Promise<number> {
    const attributes = await attributesOf(this.queue.client, this.queue.url);
    const counts = [attributes['ApproximateNumberOfMessages'], attributes['ApproximateNumberOfMessagesNotVisible']];
    return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
  }

  /** What is there, up to a batch; no waiting for more, as Lambda's window of a second would. */
  private async receive(signal: AbortSignal): Promise<Message[]> {
    const { client, url } = this.queue;
    const batch: Message[] = [];
    try {
      for (let asked = MESSAGES_A_CALL; asked === MESSAGES_A_CALL && batch.length < this.binding.batchMax; ) {
        asked = Math.min(MESSAGES_A_CALL, this.binding.batchMax - batch.length);
        const { Messages: messages = [] } = await client.send(
          new ReceiveMessageCommand({
            ...{ QueueUrl: url, MaxNumberOfMessages: asked },
            ...ALL_ATTRIBUTES,
          }),
        );
        batch.push(...messages);
        if (messages.length < asked) break;
      }
    } catch (error) {
      this.ports.log.warn('queue.unreachable', { topic: this.binding.topic, reason: nameOf(error) });
      if (batch.length === 0) await sleepUntilStopped(OUTAGE_PAUSE_MS, signal);
    }
    return batch;
  }

  private async handle(batch: readonly Message[]): Promise<void> {
    const failed = await this.failedOf(batch);
    const { client, url } = this.queue;
    const done = batch.filter(({ MessageId: id = '' }) => !failed.has(id));
    try {
      for (const entries of inTens(done))
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    } catch (error) {
      // The messages come again, which does no harm.
      this.ports.log.warn('queue.unreachable', { topic: this.binding.topic, reason: nameOf(error) });
    }
  }

  /** Message ids that the function names as failed; all of them where it throws or answers with what Lambda would not take. */
  private async failedOf(batch: readonly Message[]): Promise<ReadonlySet<string>> {
    const all = new Set(batch.map(({ MessageId: id = '' }) => id));
    try {
      const answer = await this.ports.invoke(this.binding.functionName, sqsEvent(batch, this.queue.arn));
      const { batchItemFailures: failures } = (answer ?? {}) as { batchItemFailures?: { itemIdentifier: string }[] };
      const named = new Set((failures ?? []).map(({ itemIdentifier }) => itemIdentifier));
      return [...named].every((id) => all.has(id)) ? named : all;
    } catch {
      // The function has logged why.
      return all;
    }
  }
}

/** Receipts as a batch command takes them, ten a call. */
function inTens(messages: readonly Message[]): { Id: string; ReceiptHandle: string | undefined }[][] {
  const entries = messages.map(({ ReceiptHandle: handle }, i) => ({ Id: String(i), ReceiptHandle: handle }));
  const calls = Math.ceil(entries.length / MESSAGES_A_CALL);
  return Array.from({ length: calls }, (_, i) => entries.slice(i * MESSAGES_A_CALL, (i + 1) * MESSAGES_A_CALL));
}

/** The event as Lambda's event source mapping sends it. */
function sqsEvent(batch: readonly Message[], arn: string): object {
  return {
    Records: batch.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: {},
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: arn.split(':')[3] ?? '',
    })),
  };
}

async function attributesOf(client: SQSClient, url: string): Promise<Readonly<Record<string, string>>> {
  const { Attributes: attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return attributes;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
