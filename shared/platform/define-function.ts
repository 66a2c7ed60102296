import middy from '@middy/core';
import * as z from 'zod/mini';
import type { Config } from '../config';
import { configOf } from '../config';
import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { Ports } from '../ports/ports';
import type { HttpRequest, HttpResponse } from './http';
import { errorBody, json } from './http';
import { parkEnvelopes } from './park-envelopes';
import { portsFor } from './profile';
import type { TriggerEvent } from './trigger-event';
import { readTriggerEvent } from './trigger-event';

/** What a step gets besides its input: the doors to the outside, its settings, and how long it may go on. */
export interface Run {
  readonly ports: Ports;
  readonly config: Config;
  readonly requestId: string;
  /** Milliseconds until the platform kills this call. */
  remainingMs(): number;
}

/** Event ids of a batch that failed, with their errors. */
export type BatchFailures = ReadonlyMap<string, unknown>;

/** What a function does for each of its triggers. A trigger that it lacks is a BAD_EVENT. */
export interface Triggers {
  readonly http?: (request: HttpRequest, run: Run) => Promise<HttpResponse>;
  readonly timer?: (task: string, run: Run) => Promise<Readonly<Record<string, number>>>;
  readonly queue?: (batch: readonly BusEnvelope[], run: Run) => Promise<BatchFailures>;
}

const Envelope = z.object({
  eventId: z.string(),
  topic: z.enum(['platform-order-changed', 'delivery-order-ready', 'stock-changed']),
  key: z.string(),
  atMs: z.number(),
  body: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * The one pipeline around every function, the same file for FunctionGraph and Lambda: recognises the event, reads the
 * settings on first use, hands over to the trigger's step, and turns errors into what the trigger understands: an HTTP
 * status, a failure per message (or parking it, where the platform takes none), a failed timer run.
 */
export function defineFunction(name: string, triggers: Triggers): Handler {
  // No early time-out: a step looks at its remaining time itself and stops where stopping is clean.
  const pipeline = middy<unknown, unknown>({ timeoutEarlyInMillis: 0 })
    .use({
      before: async ({ internal, event, context }) => {
        const state = internal as Internal;
        state.startedAtMs = performance.now();
        state.http = typeof event === 'object' && event !== null && 'requestContext' in event;
        state.run = await runOf(context);
        state.trigger = readTriggerEvent(event);
      },
      after: ({ internal }) => logEnd(name, internal as Internal),
      onError: (request) => {
        const internal = request.internal as Internal;
        logEnd(name, internal, request.error ?? undefined);
        if (internal.http) request.response = errorResponse(request.error, internal.run?.requestId ?? '');
      },
    })
    .use({
      // Last before the handler: from here on the event is ours, and the context is the run.
      before: (request) => {
        const { trigger, run } = request.internal as Internal;
        Object.assign(request, { event: trigger, context: run });
      },
    })
    .handler((trigger, run) => dispatch(name, triggers, trigger as TriggerEvent, run as unknown as Run));
  return pipeline;
}

interface Internal {
  startedAtMs?: number;
  http?: boolean;
  run?: Run;
  trigger?: TriggerEvent;
}

async function dispatch(name: string, triggers: Triggers, trigger: TriggerEvent, run: Run): Promise<unknown> {
  switch (trigger.kind) {
    case 'http':
      if (!triggers.http) throw new AppError('BAD_EVENT', { function: name, trigger: 'http' });
      return triggers.http(trigger.request, run);
    case 'timer':
      if (!triggers.timer) throw new AppError('BAD_EVENT', { function: name, trigger: 'timer' });
      return triggers.timer(trigger.task, run);
    case 'queue':
      if (!triggers.queue) throw new AppError('BAD_EVENT', { function: name, trigger: 'queue' });
      return handleQueue(name, triggers.queue, trigger, run);
  }
}

async function handleQueue(
  name: string,
  queue: NonNullable<Triggers['queue']>,
  trigger: Extract<TriggerEvent, { kind: 'queue' }>,
  run: Run,
): Promise<unknown> {
  const read = trigger.items.map(({ itemId, text }) => ({ itemId, text, envelope: readEnvelope(text) }));
  const good = read.flatMap(({ envelope }) => envelope ?? []);
  const failures = new Map(good.length > 0 ? await queue(good, run) : []);
  const failed = read.filter(({ envelope }) => !envelope || failures.has(envelope.eventId));
  if (trigger.partialFailure) return { batchItemFailures: failed.map(({ itemId }) => ({ itemIdentifier: itemId })) };
  await parkEnvelopes(
    run.ports,
    name,
    failed.map(({ text, envelope }) => ({
      text,
      error: envelope ? failures.get(envelope.eventId) : new AppError('BAD_EVENT', {}),
    })),
  );
  return { handled: good.length - failures.size, parked: failed.length };
}

function readEnvelope(text: string): BusEnvelope | undefined {
  try {
    return z.parse(Envelope, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** FunctionGraph and Lambda name the same things differently; nothing above this knows which it is. */
async function runOf(context: unknown): Promise<Run> {
  const config = configOf(context);
  const from = context as {
    getRequestID?: () => string;
    getRemainingTimeInMilliSeconds?: () => number;
    awsRequestId?: string;
    getRemainingTimeInMillis?: () => number;
  };
  const remaining = from.getRemainingTimeInMilliSeconds ?? from.getRemainingTimeInMillis;
  return {
    config,
    ports: await portsFor(config),
    requestId: from.getRequestID?.() ?? from.awsRequestId ?? '',
    remainingMs: () => (remaining ? remaining.call(context) : Number.MAX_SAFE_INTEGER),
  };
}

/** An operational error answers with its own status; anything else is our fault: 500, and nothing told of it. */
function errorResponse(error: unknown, requestId: string): HttpResponse {
  if (error instanceof AppError) return json(error.status, errorBody(error, requestId));
  return json(500, { code: 'INTERNAL', message: '系统错误', messageEn: 'internal error', facts: {}, requestId });
}

function logEnd(name: string, { run, trigger, startedAtMs }: Internal, error?: Error): void {
  if (!run) return;
  const fields = {
    function: name,
    trigger: trigger?.kind ?? 'unknown',
    requestId: run.requestId,
    ms: Math.round(performance.now() - (startedAtMs ?? 0)),
  };
  run.ports.log.count(`calls.${name}`);
  if (!error) return;
  const refused = error instanceof AppError && error.status < 500;
  const detail = { ...fields, code: error instanceof AppError ? error.code : 'INTERNAL', reason: error.message };
  if (refused) run.ports.log.info('call.refused', detail);
  else
    run.ports.log.error('call.failed', {
      ...detail,
      stack: error.stack ?? '',
      cause: error.cause instanceof Error ? error.cause.message : '',
    });
}
