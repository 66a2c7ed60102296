import type { Config } from '../../../shared/config';
import { AppError } from '../../../shared/errors';
import { inProcessBus } from '../../../shared/platform/connect-bus';
import type { Instance } from '../../../shared/platform/profile';
import type { BusEnvelope } from '../../../shared/ports/bus';
import { startKafkaQueues } from './kafka-queues';
import type { Invoke, QueueBinding, Queues } from './queue-trigger';
import { startSqsQueues } from './sqs-queues';

/**
 * Which function listens to which topic. The batches are those of the functions' function.yml; on FunctionGraph they are
 * the triggers' batch_size: the largest hint has less than 1 KB, so that 200 of them stay below the 256 KB of one call.
 */
export const QUEUES: readonly QueueBinding[] = [
  { topic: 'platform-order-changed', functionName: 'document-conversion', batchMax: 50, parallel: 2 },
  { topic: 'delivery-order-ready', functionName: 'auto-audit', batchMax: 50, parallel: 2 },
  { topic: 'stock-changed', functionName: 'stock-change-capture', batchMax: 200, parallel: 1 },
];

/** Binds the functions to the profile's bus. Throws BAD_SETTINGS where the settings name none. */
export async function startQueues(config: Config, instance: Instance, invoke: Invoke): Promise<Queues> {
  const ports = { log: instance.log, invoke };
  switch (config.bus?.kind) {
    case undefined:
      throw new AppError('BAD_SETTINGS', {
        problems: [`profile ${config.profile} has no bus: its settings are empty`],
      });
    case 'in-process':
      return inProcessQueues(instance, invoke);
    case 'sqs':
      return startSqsQueues(config.bus, QUEUES, ports);
    case 'kafka':
      return startKafkaQueues(config.bus, QUEUES, ports);
  }
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
