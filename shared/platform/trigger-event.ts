import { AppError } from '../errors';
import type { HttpRequest } from './http';

/** One message of a queue batch. */
export interface QueueItem {
  /** What the platform wants back where it takes failures per item. */
  readonly itemId: string;
  readonly text: string;
}

/** A trigger's event in our words. */
export type TriggerEvent =
  | { readonly kind: 'http'; readonly request: HttpRequest }
  | { readonly kind: 'timer'; readonly task: string }
  | { readonly kind: 'queue'; readonly items: readonly QueueItem[]; readonly partialFailure: boolean };

type Obj = Readonly<Record<string, unknown>>;

const isObj = (value: unknown): value is Obj => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/**
 * Recognises the events of both clouds: HTTP of APIG, of HTTP API (payload 2.0) and REST (1.0); timers of FunctionGraph,
 * EventBridge and its Scheduler; queues of SQS, DMS Kafka and MSK. Anything else throws BAD_EVENT with its outline,
 * never its values.
 */
export function readTriggerEvent(event: unknown): TriggerEvent {
  if (isObj(event)) {
    const known = asHttp(event) ?? asTimer(event) ?? asQueue(event);
    if (known) return known;
  }
  throw new AppError('BAD_EVENT', { outline: outline(event) });
}

function asHttp(event: Obj): TriggerEvent | undefined {
  const context = isObj(event['requestContext']) ? event['requestContext'] : undefined;
  if (!context) return undefined;
  const http = isObj(context['http']) ? context['http'] : undefined;
  const method = http ? http['method'] : event['httpMethod'];
  const path = http ? event['rawPath'] : event['path'];
  if (typeof method !== 'string' || typeof path !== 'string') return undefined;
  const headers = lowerCaseNames(event['headers']);
  const body = textOr(event['body'], '');
  const rawBody = Buffer.from(body, event['isBase64Encoded'] === true ? 'base64' : 'utf8');
  const query = flatText(event['queryStringParameters']);
  return { kind: 'http', request: { method: method.toUpperCase(), path, query, headers, rawBody } };
}

/** The task is the timer's own text: `user_event` on FunctionGraph, `detail.task` or `task` (Scheduler input) on AWS. */
function asTimer(event: Obj): TriggerEvent | undefined {
  if (event['trigger_type'] === 'TIMER') return { kind: 'timer', task: textOr(event['user_event'], '') };
  if (event['source'] === 'aws.events' || event['detail-type'] === 'Scheduled Event') {
    const detail = isObj(event['detail']) ? event['detail'] : {};
    return { kind: 'timer', task: textOr(detail['task'], '') };
  }
  return typeof event['task'] === 'string' ? { kind: 'timer', task: event['task'] } : undefined;
}

function asQueue(event: Obj): TriggerEvent | undefined {
  const sqs = event['Records'];
  if (Array.isArray(sqs) && sqs.every((record: unknown) => isObj(record) && record['eventSource'] === 'aws:sqs')) {
    const items = (sqs as Obj[]).map((record) => ({
      itemId: textOr(record['messageId'], ''),
      text: textOr(record['body'], ''),
    }));
    return { kind: 'queue', items, partialFailure: true };
  }
  const batches = event['records'];
  if (event['trigger_type'] === 'KAFKA' && Array.isArray(batches)) {
    const texts = batches.flatMap((batch: unknown) =>
      isObj(batch) && Array.isArray(batch['messages']) ? (batch['messages'] as unknown[]) : [],
    );
    return {
      kind: 'queue',
      items: texts.map((text, i) => ({ itemId: String(i), text: textOr(text, '') })),
      partialFailure: false,
    };
  }
  if ((event['eventSource'] === 'aws:kafka' || event['eventSource'] === 'SelfManagedKafka') && isObj(batches)) {
    const records = Object.values(batches).flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
    const items = records.map((record) => {
      const { topic, partition, offset, value } = isObj(record) ? record : ({} as Obj);
      return {
        itemId: `${String(topic)}-${String(partition)}@${String(offset)}`,
        text: Buffer.from(textOr(value, ''), 'base64').toString('utf8'),
      };
    });
    return { kind: 'queue', items, partialFailure: false };
  }
  return undefined;
}

function lowerCaseNames(headers: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(flatText(headers)).map(([name, value]) => [name.toLowerCase(), value]));
}

function flatText(map: unknown): Record<string, string> {
  if (!isObj(map)) return {};
  const plain = Object.entries(map).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(plain.map(([name, value]) => [name, String(value as string | number | boolean)]));
}

/** Member names and kinds two levels deep. */
function outline(value: unknown, depth = 0): unknown {
  if (Array.isArray(value))
    return depth < 2 ? value.slice(0, 1).map((item: unknown) => outline(item, depth + 1)) : 'array';
  if (!isObj(value)) return value === null ? 'null' : typeof value;
  if (depth >= 2) return 'object';
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 30)
      .map(([name, member]) => [name, outline(member, depth + 1)]),
  );
}
