import * as z from 'zod/mini';
import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { Ports } from '../ports/ports';
import { documentFields } from './document-fields';
import { codeOf, reasonOf } from './log-failure';
import { parkEnvelopes } from './park-envelopes';
import type { TraceOfKey } from './trace';
import { tracedBus, tracedLog, tracesOf } from './trace';
import type { BatchFailures } from './try-batch';
import { handleApart, tryBatch } from './try-batch';
import type { TriggerEvent } from './trigger-event';

const Envelope = z.object({
  eventId: z.string(),
  sequence: z.number(),
  topic: z.enum(['platform-order-changed', 'delivery-order-ready', 'stock-changed']),
  key: z.string(),
  atMs: z.number(),
  traceparent: z.optional(z.string()),
  body: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/**
 * Tries of a message in all where the platform takes no failure per message. On SQS the queue counts them (maxReceiveCount,
 * infra/aws/queues.yml), with minutes in between.
 */
const TRIES_MAX = 3;

/** What of a run is needed here; the function gets all of it. */
interface BatchRun {
  readonly ports: Pick<Ports, 'store' | 'clock' | 'random' | 'log'> & Partial<Pick<Ports, 'bus'>>;
  remainingMs(): number;
}

/**
 * Hands a queue's batch to the function, and answers for each message as the trigger allows. Where it takes a failure per
 * message (SQS) it is told which failed; an outage that throws fails the whole call, and the queue brings all of it again.
 * Where it takes none (FunctionGraph's Kafka, MSK) a message is tried three times in this run, then parked; what is no
 * message of ours is parked at once. What is logged and sent about a document meanwhile goes on with the trace of the
 * message that told of it.
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
  const toFunction = (batch: readonly BusEnvelope[]): Promise<BatchFailures> => handle(batch, traced);
  const failures = trigger.partialFailure
    ? await handleApart(good, toFunction)
    : await tryBatch(good, toFunction, run, TRIES_MAX);
  const failed = read
    .filter(({ envelope }) => !envelope || failures.has(envelope.eventId))
    .map((item) => ({
      ...item,
      error: item.envelope ? failures.get(item.envelope.eventId) : new AppError('BAD_EVENT', {}),
    }));
  const { log } = traced.ports;
  for (const { envelope, error } of failed) {
    const fields = { topic: envelope?.topic ?? '', ...documentFields(envelope?.body ?? {}) };
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
