import * as z from 'zod/mini';
import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { Ports } from '../ports/ports';
import { parkEnvelopes } from './park-envelopes';
import type { TriggerEvent } from './trigger-event';

const Envelope = z.object({
  eventId: z.string(),
  topic: z.enum(['platform-order-changed', 'delivery-order-ready', 'stock-changed']),
  key: z.string(),
  atMs: z.number(),
  traceparent: z.optional(z.string()),
  body: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** Event ids of a batch that failed, with their errors. */
export type BatchFailures = ReadonlyMap<string, unknown>;

/** Hands a queue's batch to the function, and answers for each message as the trigger allows. */
export async function handleQueueBatch(
  name: string,
  trigger: Extract<TriggerEvent, { kind: 'queue' }>,
  ports: Pick<Ports, 'store' | 'clock' | 'random' | 'log'>,
  handle: (batch: readonly BusEnvelope[]) => Promise<BatchFailures>,
): Promise<unknown> {
  const read = trigger.items.map(({ itemId, text }) => ({ itemId, text, envelope: readEnvelope(text) }));
  const good = read.flatMap(({ envelope }) => envelope ?? []);
  const failures = new Map(good.length > 0 ? await handle(good) : []);
  const failed = read.filter(({ envelope }) => !envelope || failures.has(envelope.eventId));
  if (trigger.partialFailure) return { batchItemFailures: failed.map(({ itemId }) => ({ itemIdentifier: itemId })) };
  await parkEnvelopes(
    ports,
    name,
    failed.map(({ text, envelope }) => ({
      text,
      error: envelope ? failures.get(envelope.eventId) : new AppError('BAD_EVENT', {}),
    })),
  );
  return { handled: good.length - failures.size, parked: failed.length };
}

function readEnvelope(text: string): BusEnvelope | undefined {
  const parsed = z.safeParse(Envelope, jsonOrUndefined(text));
  return parsed.success ? (parsed.data as BusEnvelope) : undefined;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
