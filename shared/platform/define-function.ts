import middy from '@middy/core';
import type { Config } from '../config';
import { configOf } from '../config';
import { AppError } from '../errors';
import type { BusEnvelope } from '../ports/bus';
import type { Door, PortsWith } from '../ports/ports';
import { callContextOf } from './call-context';
import type { BusConnection } from './connect-bus';
import type { PoolConnection } from './connect-pool';
import { countConflicts } from './count-conflicts';
import type { HttpRequest, HttpResponse } from './http';
import { errorBody, json } from './http';
import { logFailure } from './log-failure';
import type { BatchFailures } from './try-batch';
import { handleQueueBatch } from './queue-batch';
import type { Instance, RunLog } from './profile';
import { bareLog, instanceOf } from './profile';
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
 * A gateway waits 30 s for an answer (HTTP API; APIG may be told less); after that nobody hears it. Work for a request ends
 * before, even where the function itself may take longer for its queue and its timers.
 */
const ANSWER_MS = 29_000;

/**
 * The one pipeline around every function, the same file for FunctionGraph and Lambda: recognises the event, reads the
 * settings on first use, hands over to the trigger's step, and turns errors into what the trigger understands: an HTTP
 * status, a failure per message (or parking it, where the platform takes none), a failed timer run. Every line that is
 * logged meanwhile says which function, request and trace it belongs to; metrics are written when the call ends, however.
 */
export function defineFunction<D extends Door = never>(name: string, doors: Doors<D>, triggers: Triggers<D>): Handler {
  // No early time-out: a step looks at its remaining time itself and stops where stopping is clean.
  const pipeline = middy<unknown, unknown>({ timeoutEarlyInMillis: 0 })
    .use({
      before: async ({ internal, event, context }) => {
        const state = internal as Internal<D>;
        state.startedAtMs = performance.now();
        state.http = typeof event === 'object' && event !== null && 'requestContext' in event;
        const call = callContextOf(context, name);
        const fields = { function: call.functionName, requestId: call.requestId };
        state.requestId = call.requestId;
        state.log = bareLog(fields);
        const trigger = triggerOrError(event);
        const config = configOf(context);
        const instance = await instanceOf(config);
        const trace = traceOf(parentTrace(trigger), instance.random);
        const log = instance.runLog({ ...fields, traceId: trace.traceId });
        state.log = log;
        instance.sums.count(`calls.${name}`, 1);
        const endsAtMs = state.http ? state.startedAtMs + ANSWER_MS : Number.POSITIVE_INFINITY;
        const remainingMs = (): number =>
          Math.max(0, Math.min(call.remainingMs(), Math.floor(endsAtMs - performance.now())));
        const ports = await openPorts(doors, config, { instance, trace, log, remainingMs });
        state.run = { ports, config, requestId: call.requestId, remainingMs };
        if (trigger instanceof Error) throw trigger;
        state.trigger = trigger;
      },
      after: ({ internal }) => (internal as Internal<D>).log?.flush(),
      onError: (request) => {
        const internal = request.internal as Internal<D>;
        endFailed(name, internal, request.error);
        if (internal.http) request.response = errorResponse(request.error, internal.requestId ?? '');
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

/** What is known of a call, and from when on. */
interface Internal<D extends Door> {
  startedAtMs?: number;
  http?: boolean;
  requestId?: string;
  log?: RunLog;
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
      if (!triggers.queue) throw new AppError('BAD_EVENT', { function: name, trigger: 'queue' });
      return handleQueueBatch(name, trigger, run, triggers.queue);
  }
}

/** The settings are read and all clients made by now: asks the store for what is not there. */
async function ping<D extends Door>({ ports }: Run<D>): Promise<{ ok: true }> {
  await ports.store.get({ pk: 'ping', sk: 'ping' });
  return { ok: true };
}

/** The run's own view of what the instance holds: its log, its trace on messages, retries only while it has time. */
async function openPorts<D extends Door>(
  doors: Doors<D>,
  config: Config,
  of: { instance: Instance; trace: Trace; log: RunLog; remainingMs: () => number },
): Promise<PortsWith<D>> {
  const { instance, trace, log, remainingMs } = of;
  const { clock, random, channels, access } = instance;
  const open: Partial<Opening> = doors;
  const [bus, pool] = await Promise.all([open.bus?.(config, instance), open.pool?.(config, instance)]);
  const ports = {
    ...{ clock, random, channels, access, log, store: countConflicts(instance.store.storeOf(remainingMs), log) },
    ...(bus && { bus: tracedBus(bus.busOf(remainingMs), () => trace) }),
    ...(pool && { pool: pool.pool }),
  };
  // The doors that the function named are open, as its type says.
  return ports as unknown as PortsWith<D>;
}

/** An operational error answers with its own status; anything else is our fault: 500, and nothing told of it. */
function errorResponse(error: unknown, requestId: string): HttpResponse {
  if (error instanceof AppError) return json(error.status, errorBody(error, requestId));
  return json(500, { code: 'INTERNAL', message: '系统错误', messageEn: 'internal error', facts: {}, requestId });
}

function endFailed<D extends Door>(name: string, { log, trigger, startedAtMs }: Internal<D>, error: unknown): void {
  const end = { trigger: trigger?.kind ?? 'unknown', ms: Math.round(performance.now() - (startedAtMs ?? 0)) };
  // Without a log the very beginning has failed, which nothing in it does.
  const to = log ?? bareLog({ function: name });
  logFailure(to, error, end);
  to.flush();
}
