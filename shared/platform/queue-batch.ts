import * as z from 'zod/mini';
import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { LogFields } from '../ports/log';
import type { Ports } from '../ports/ports';
import { codeOf, reasonOf } from './log-failure';
import { parkEnvelopes } from './park-envelopes';
import type { TraceOfKey } from './trace';
import { tracedBus, tracedLog, tracesOf } from './trace';
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

/** Names of documents in a message's body, which a line about the message tells. */
const DOCUMENT_FIELDS = ['shopId', 'orderNo', 'deliveryOrderId', 'warehouseId', 'skuId'] as const;

/** What of a run is needed here; the function gets all of it. */
interface BatchRun {
  readonly ports: Pick<Ports, 'store' | 'clock' | 'random' | 'log'> & Partial<Pick<Ports, 'bus'>>;
}

/**
 * Hands a queue's batch to the function, and answers for each message as the trigger allows. What is logged and sent about
 * a document meanwhile goes on with the trace of the message that told of it.
 */
export async function handleQueueBatch<R extends BatchRun>(
  name: string,
  trigger: Extract<TriggerEvent, { kind: 'queue' }>,
  run: R,
  handle: (batch: readonly BusEnvelope[], run: R) => Promise<BatchFailures>,
): Promise<unknown> {
  const read = trigger.items.map(({ itemId, text }) => ({ itemId, text, envelope: readEnvelope(text) }));
  const good = read.flatMap(({ envelope }) => envelope ?? []);
  const traced = withTraces(run, tracesOf(good, run.ports.random));
  const failures = new Map(good.length > 0 ? await handle(good, traced) : []);
  const failed = read
    .filter(({ envelope }) => !envelope || failures.has(envelope.eventId))
    .map((item) => ({
      ...item,
      error: item.envelope ? failures.get(item.envelope.eventId) : new AppError('BAD_EVENT', {}),
    }));
  const { log } = traced.ports;
  for (const { envelope, error } of failed) {
    const fields = { topic: envelope?.topic ?? '', ...documentFields(envelope) };
    log.warn('message.failed', { ...fields, code: codeOf(error), reason: reasonOf(error) });
  }
  if (trigger.partialFailure) return { batchItemFailures: failed.map(({ itemId }) => ({ itemIdentifier: itemId })) };
  await parkEnvelopes(run.ports, name, failed);
  return { handled: good.length - failures.size, parked: failed.length };
}

function withTraces<R extends BatchRun>(run: R, traceOfKey: TraceOfKey): R {
  const { bus } = run.ports;
  const log = tracedLog(run.ports.log, traceOfKey);
  return { ...run, ports: { ...run.ports, log, ...(bus && { bus: tracedBus(bus, traceOfKey) }) } };
}

function documentFields(envelope: BusEnvelope | undefined): LogFields {
  return Object.fromEntries(
    DOCUMENT_FIELDS.flatMap((field) => {
      const value = envelope?.body[field];
      return typeof value === 'string' ? [[field, value]] : [];
    }),
  );
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
