import type { Config } from '../../../shared/config';
import { inProcessBus } from '../../../shared/platform/connect-bus';
import type { Instance } from '../../../shared/platform/profile';
import type { BusEnvelope, Topic } from '../../../shared/ports/bus';

/** Which function listens to which topic; batches as a queue trigger forms them. */
export const QUEUES: readonly { topic: Topic; functionName: string; batchMax: number; parallel: number }[] = [
  { topic: 'platform-order-changed', functionName: 'document-conversion', batchMax: 50, parallel: 2 },
  { topic: 'delivery-order-ready', functionName: 'auto-audit', batchMax: 50, parallel: 2 },
  { topic: 'stock-changed', functionName: 'stock-change-capture', batchMax: 200, parallel: 1 },
];

/** What brings messages to the functions, as the triggers of a cloud do. */
export interface Queues {
  /** Messages that wait or are being handled. */
  size(): Promise<number>;
  /** Brings no more, and resolves when the batches in the air have ended. */
  close(): Promise<void>;
}

type Invoke = (functionName: string, event: object) => Promise<unknown>;

/** Binds the functions to the profile's bus. */
export async function startQueues(config: Config, instance: Instance, invoke: Invoke): Promise<Queues> {
  return inProcessQueues(instance, invoke);
}

function inProcessQueues(instance: Instance, invoke: Invoke): Queues {
  const bus = inProcessBus(instance);
  for (const { topic, functionName, ...options } of QUEUES) {
    bus.consume(topic, async (batch) => failedOf(await invoke(functionName, sqsEvent(batch))), options);
  }
  return { size: async () => bus.size(), close: () => bus.close() };
}

function sqsEvent(batch: readonly BusEnvelope[]): object {
  return {
    Records: batch.map((envelope) => ({
      messageId: envelope.eventId,
      eventSource: 'aws:sqs',
      body: JSON.stringify(envelope),
    })),
  };
}

function failedOf(answer: unknown): string[] {
  const { batchItemFailures } = answer as { batchItemFailures: { itemIdentifier: string }[] };
  return batchItemFailures.map((failure) => failure.itemIdentifier);
}
