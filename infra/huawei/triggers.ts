import type { FunctionDefinition } from './function-definitions';
import type { Stage } from './stage-file';

type TriggerType = 'TIMER' | 'KAFKA' | 'DEDICATEDGATEWAY';

type Data = Readonly<Record<string, unknown>>;

/** A trigger as it should be. `identity` is what makes it the same trigger, whatever else changes about it. */
export interface DesiredTrigger {
  readonly identity: string;
  readonly type: TriggerType;
  /** `event_data` of the platform's API, without the password and without the function's own URN. */
  readonly data: Data;
}

/** A trigger as the platform shows it. */
export interface ActualTrigger {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly data: Data;
}

/** A gateway waits so long for the function at most, in ms (`func_info.timeout`). */
const GATEWAY_TIMEOUT_MS_MAX = 60_000;

/** Triggers of a function in a stage. */
export function desiredTriggers(definition: FunctionDefinition, stage: Stage): DesiredTrigger[] {
  return [
    ...definition.timers.map(({ task, every }) => timer(task, `${every.count}${every.unit}`)),
    ...definition.queues.map(({ topic, batchMax }) => kafka(`${stage.kafka.topicPrefix}${topic}`, batchMax, stage)),
    ...gateways(definition, stage),
  ];
}

/** The task is the timer's own text: `user_event` is what shared/platform/trigger-event.ts takes as the task. */
function timer(task: string, schedule: string): DesiredTrigger {
  const data = { name: task, schedule_type: 'Rate', schedule, user_event: task };
  return { identity: `TIMER ${task}`, type: 'TIMER', data };
}

/**
 * Asynchronous calls take 256 KB. An envelope is some 300 bytes and never much above 1 KB (ids, and numbers: shared/ports/bus.ts),
 * so that 200 of them, the largest batch that a function takes, are below 256 KB with room to spare.
 */
function kafka(topic: string, batchMax: number, { kafka: { instanceId, brokers, user, tls } }: Stage): DesiredTrigger {
  const login = user && { kafka_user: user, kafka_connect_address: brokers.join(','), kafka_ssl_enable: tls };
  const data = { instance_id: instanceId, topic_ids: [topic], batch_size: batchMax, ...login };
  return { identity: `KAFKA ${topic}`, type: 'KAFKA', data };
}

/** A prefix matches its own path, too: `/{proxy+}` leaves no work for `/`. */
function gateways({ routes, timeoutS }: FunctionDefinition, stage: Stage): DesiredTrigger[] {
  const all = routes.map((route) => gateway(route, timeoutS * 1000, stage));
  const isPrefix = ({ data }: DesiredTrigger): boolean => data['match_mode'] === 'SWA';
  const prefixes = new Set(all.filter(isPrefix).map(({ identity }) => identity));
  return all.filter((trigger) => isPrefix(trigger) || !prefixes.has(trigger.identity));
}

/**
 * `/api/{proxy+}` is everything below /api, and so is a path with names in it: APIG hands the whole path on, and the function
 * reads it itself. APIG takes the exact path before a prefix and the longer prefix before the shorter, so that `/` is what nobody else
 * has. No authentication by the gateway: functions check a signature or a token.
 */
function gateway(route: { method: string; path: string }, timeoutMs: number, stage: Stage): DesiredTrigger {
  const fixed = /^[^{]*/.exec(route.path)?.[0] ?? '';
  const isPrefix = fixed !== route.path;
  const path = fixed.replace(/\/$/, '') || '/';
  const method = route.method === '*' ? 'ANY' : route.method;
  const name = `${stage.namePrefix}_${method}${path}`.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const data = {
    ...{ name, type: 1, path, protocol: 'HTTPS', req_method: method, match_mode: isPrefix ? 'SWA' : 'NORMAL' },
    ...{ instance_id: stage.gateway.instanceId, group_id: stage.gateway.groupId },
    ...{ env_name: stage.gateway.environmentName, env_id: stage.gateway.environmentId },
    ...{ auth: 'NONE', backend_type: 'FUNCTION' },
    func_info: { timeout: Math.min(timeoutMs, GATEWAY_TIMEOUT_MS_MAX), invocation_type: 'sync' },
  };
  return { identity: `DEDICATEDGATEWAY ${method} ${path}`, type: 'DEDICATEDGATEWAY', data };
}

/** What an existing trigger is the same as. */
export function identityOf({ type, data }: ActualTrigger): string {
  switch (type) {
    case 'TIMER':
      return `TIMER ${String(data['name'])}`;
    case 'KAFKA':
      return `KAFKA ${[data['topic_ids']].flat().map(String).sort().join(',')}`;
    case 'DEDICATEDGATEWAY':
      return `DEDICATEDGATEWAY ${String(data['req_method'])} ${String(data['path'])}`;
    default:
      return `${type} ${typeof data['name'] === 'string' ? data['name'] : ''}`.trim();
  }
}

/** A member that differs. */
export interface Change {
  readonly member: string;
  readonly from: string;
  readonly to: string;
}

/** What differs about a trigger. A member that the platform does not show cannot be compared, and counts as equal. */
export function triggerChanges(desired: DesiredTrigger, actual: ActualTrigger): Change[] {
  return differences(desired.data, actual.data);
}

function differences(desired: Data, actual: Data, at = ''): Change[] {
  return Object.entries(desired).flatMap(([member, to]) => {
    const from = actual[member];
    if (from === undefined || from === null) return [];
    if (isData(to) && isData(from)) return differences(to, from, `${at}${member}.`);
    const [a, b] = [JSON.stringify(from), JSON.stringify(to)];
    return a === b ? [] : [{ member: `${at}${member}`, from: a, to: b }];
  });
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
