import middy from '@middy/core';
import type { Config } from '../config';
import { configOf } from '../config';
import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { Door, Ports, PortsWith } from '../ports/ports';
import type { BusConnection } from './connect-bus';
import type { PoolConnection } from './connect-pool';
import { countConflicts } from './count-conflicts';
import type { HttpRequest, HttpResponse } from './http';
import { errorBody, json } from './http';
import type { BatchFailures } from './queue-batch';
import { handleQueueBatch } from './queue-batch';
import type { Instance } from './profile';
import { instanceOf } from './profile';
import type { Trace } from './trace';
import { traceOf, tracedBus } from './trace';
import type { TriggerEvent } from './trigger-event';
import { readTriggerEvent } from './trigger-event';

/** What a step gets besides its input: the doors to the outside, its settings, and how long it may go on. */
export interface Run<D extends Door = Door> {
  readonly ports: PortsWith<D>;
  readonly config: Config;
  readonly requestId: string;
  /** Milliseconds until the platform kills this call. */
  remainingMs(): number;
}

/** What a function does for each of its triggers. A trigger that it lacks is a BAD_EVENT. */
export interface Triggers<D extends Door> {
  readonly http?: (request: HttpRequest, run: Run<D>) => Promise<HttpResponse>;
  readonly timer?: (task: string, run: Run<D>) => Promise<Readonly<Record<string, number>>>;
  readonly queue?: (batch: readonly BusEnvelope[], run: Run<D>) => Promise<BatchFailures>;
}

/** How each door is opened. A function passes those that it needs, so that its bundle holds no client that it does not use. */
interface Opening {
  readonly bus: (config: Config, instance: Instance) => Promise<BusConnection>;
  readonly pool: (config: Config, instance: Instance) => Promise<PoolConnection>;
}

export type Doors<D extends Door> = Pick<Opening, D>;

export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * The one pipeline around every function, the same file for FunctionGraph and Lambda: recognises the event, reads the
 * settings on first use, hands over to the trigger's step, and turns errors into what the trigger understands: an HTTP
 * status, a failure per message (or parking it, where the platform takes none), a failed timer run.
 */
export function defineFunction<D extends Door = never>(name: string, doors: Doors<D>, triggers: Triggers<D>): Handler {
  // No early time-out: a step looks at its remaining time itself and stops where stopping is clean.
  const pipeline = middy<unknown, unknown>({ timeoutEarlyInMillis: 0 })
    .use({
      before: async ({ internal, event, context }) => {
        const state = internal as Internal<D>;
        state.startedAtMs = performance.now();
        state.http = typeof event === 'object' && event !== null && 'requestContext' in event;
        const trigger = triggerOrError(event);
        const config = configOf(context);
        const instance = await instanceOf(config);
        state.trace = traceOf(parentTrace(trigger), instance.random);
        state.run = await runOf(doors, context, { config, instance, trace: state.trace });
        if (trigger instanceof Error) throw trigger;
        state.trigger = trigger;
      },
      after: ({ internal }) => logEnd(name, internal as Internal<D>),
      onError: (request) => {
        const internal = request.internal as Internal<D>;
        logEnd(name, internal, request.error ?? undefined);
        if (internal.http) request.response = errorResponse(request.error, internal.run?.requestId ?? '');
      },
    })
    .use({
      // Last before the handler: from here on the event is ours, and the context is the run.
      before: (request) => {
        const { trigger, run } = request.internal as Internal<D>;
        Object.assign(request, { event: trigger, context: run });
      },
    })
    .handler((trigger, run) => dispatch(name, triggers, trigger as TriggerEvent, run as unknown as Run<D>));
  return pipeline;
}

interface Internal<D extends Door> {
  trace?: Trace;
  startedAtMs?: number;
  http?: boolean;
  run?: Run<D>;
  trigger?: TriggerEvent;
}

function triggerOrError(event: unknown): TriggerEvent | Error {
  try {
    return readTriggerEvent(event);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function parentTrace(trigger: TriggerEvent | Error): string | undefined {
  return 'kind' in trigger && trigger.kind === 'http' ? trigger.request.headers['traceparent'] : undefined;
}

async function dispatch<D extends Door>(
  name: string,
  triggers: Triggers<D>,
  trigger: TriggerEvent,
  run: Run<D>,
): Promise<unknown> {
  switch (trigger.kind) {
    case 'http':
      if (!triggers.http) throw new AppError('BAD_EVENT', { function: name, trigger: 'http' });
      return triggers.http(trigger.request, run);
    case 'timer':
      // For every function, with a timer or not: a deployment asks each new version whether it can serve.
      if (trigger.task === 'ping') return ping(run);
      if (!triggers.timer) throw new AppError('BAD_EVENT', { function: name, trigger: 'timer' });
      return triggers.timer(trigger.task, run);
    case 'queue':
      return handleQueueBatch(name, trigger, run.ports, batchHandler(name, triggers, run));
  }
}

function batchHandler<D extends Door>(
  name: string,
  { queue }: Triggers<D>,
  run: Run<D>,
): (batch: readonly BusEnvelope[]) => Promise<BatchFailures> {
  if (!queue) throw new AppError('BAD_EVENT', { function: name, trigger: 'queue' });
  return (batch) => queue(batch, withCauses(run, batch));
}

/** What is sent about a document that the batch told of goes on with that message's trace. */
function withCauses<D extends Door>(run: Run<D>, batch: readonly BusEnvelope[]): Run<D> {
  const { bus } = run.ports as Partial<Ports>;
  if (!bus) return run;
  const causes = new Map(batch.map(({ key, traceparent }) => [key, traceparent]));
  return { ...run, ports: { ...run.ports, bus: tracedBus(bus, (key) => causes.get(key)) } };
}

/** The settings are read and all clients made by now: asks the store for what is not there. */
async function ping<D extends Door>({ ports }: Run<D>): Promise<{ ok: true }> {
  await ports.store.get({ pk: 'ping', sk: 'ping' });
  return { ok: true };
}

/** FunctionGraph and Lambda name the same things differently; nothing above this knows which it is. */
async function runOf<D extends Door>(
  doors: Doors<D>,
  context: unknown,
  { config, instance, trace }: { config: Config; instance: Instance; trace: Trace },
): Promise<Run<D>> {
  const from = (context ?? {}) as {
    getRequestID?: () => string;
    getRemainingTimeInMilliSeconds?: () => number;
    awsRequestId?: string;
    getRemainingTimeInMillis?: () => number;
  };
  const remaining = from.getRemainingTimeInMilliSeconds ?? from.getRemainingTimeInMillis;
  const remainingMs = (): number => (remaining ? remaining.call(context) : Number.MAX_SAFE_INTEGER);
  const { clock, random, channels, access, log } = instance;
  const open: Partial<Opening> = doors;
  const [bus, pool] = await Promise.all([open.bus?.(config, instance), open.pool?.(config, instance)]);
  const ports = {
    ...{ clock, random, channels, access, log, store: countConflicts(instance.store.storeOf(remainingMs), log) },
    ...(bus && { bus: tracedBus(bus.busOf(remainingMs), () => trace.traceparent) }),
    ...(pool && { pool: pool.pool }),
  };
  return {
    ...{ config, remainingMs },
    requestId: from.getRequestID?.() ?? from.awsRequestId ?? '',
    // The doors that the function named are open, as its type says.
    ports: ports as unknown as PortsWith<D>,
  };
}

/** An operational error answers with its own status; anything else is our fault: 500, and nothing told of it. */
function errorResponse(error: unknown, requestId: string): HttpResponse {
  if (error instanceof AppError) return json(error.status, errorBody(error, requestId));
  return json(500, { code: 'INTERNAL', message: '系统错误', messageEn: 'internal error', facts: {}, requestId });
}

function logEnd<D extends Door>(name: string, { run, trigger, trace, startedAtMs }: Internal<D>, error?: Error): void {
  if (!run) return;
  const { log } = run.ports;
  const fields = {
    function: name,
    trigger: trigger?.kind ?? 'unknown',
    requestId: run.requestId,
    traceId: trace?.traceId ?? '',
    ms: Math.round(performance.now() - (startedAtMs ?? 0)),
  };
  log.count(`calls.${name}`);
  if (!error) return;
  const refused = error instanceof AppError && error.status < 500;
  const detail = { ...fields, code: error instanceof AppError ? error.code : 'INTERNAL', reason: error.message };
  if (refused) log.info('call.refused', detail);
  else
    log.error('call.failed', {
      ...detail,
      stack: error.stack ?? '',
      cause: error.cause instanceof Error ? error.cause.message : '',
    });
}
