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
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number';
const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/**
 * Recognises the events of both clouds: HTTP of APIG, of HTTP API (payload 2.0) and REST (1.0); timers of FunctionGraph,
 * EventBridge and its Scheduler; queues of SQS, of FunctionGraph's Kafka trigger, MSK and a Kafka of one's own. Anything
 * else throws BAD_EVENT with its outline, never its values. Among what nobody gets is FunctionGraph's notice of a failed
 * asynchronous call: no function is bound as such a destination, since timers make up for themselves and the functions of
 * queues park what they cannot do.
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
  const headers = { ...cookieHeader(event['cookies']), ...lowerCaseNames(event['headers']) };
  const body = textOr(event['body'], '');
  const rawBody = Buffer.from(body, event['isBase64Encoded'] === true ? 'base64' : 'utf8');
  const query = flatText(event['queryStringParameters']);
  return { kind: 'http', request: { method: method.toUpperCase(), path, query, headers, rawBody } };
}

/** HTTP API (payload 2.0) takes the cookies out of the headers. */
function cookieHeader(cookies: unknown): Record<string, string> {
  if (!isList(cookies)) return {};
  const texts = cookies.filter((cookie) => typeof cookie === 'string');
  return texts.length > 0 ? { cookie: texts.join('; ') } : {};
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

/** Undefined where any part of a batch is not as its trigger sends it: no message is passed over. */
function asQueue(event: Obj): TriggerEvent | undefined {
  return asSqs(event['Records']) ?? asFunctionGraphKafka(event) ?? asMsk(event);
}

function asSqs(records: unknown): TriggerEvent | undefined {
  if (!isList(records)) return undefined;
  const items = records.map((record): QueueItem | undefined => {
    if (!isObj(record) || record['eventSource'] !== 'aws:sqs') return undefined;
    const { messageId, body } = record;
    // Without its id a message could not be named as failed.
    if (typeof messageId !== 'string' || messageId === '' || typeof body !== 'string') return undefined;
    return { itemId: messageId, text: body };
  });
  return queueOf(items, true);
}

/** Texts and nothing else: no key, partition or offset. Several topics of one trigger are several records. */
function asFunctionGraphKafka(event: Obj): TriggerEvent | undefined {
  const batches = event['records'];
  if (event['trigger_type'] !== 'KAFKA' || !isList(batches)) return undefined;
  const lists = batches.map((batch) => (isObj(batch) ? batch['messages'] : undefined));
  if (!lists.every(isList)) return undefined;
  return queueOf(
    lists.flat().map((message, i) => ({ itemId: String(i), text: textOf(message) })),
    false,
  );
}

/** MSK and a Kafka of one's own send the same, by topic and partition, in base64; a tombstone has no value. */
function asMsk(event: Obj): TriggerEvent | undefined {
  const { eventSource, records } = event;
  if ((eventSource !== 'aws:kafka' && eventSource !== 'SelfManagedKafka') || !isObj(records)) return undefined;
  const lists = Object.values(records);
  if (!lists.every(isList)) return undefined;
  const items = lists.flat().map((record): QueueItem | undefined => {
    if (!isObj(record)) return undefined;
    const { topic, partition, offset, value } = record;
    if (typeof topic !== 'string' || !isNumber(partition) || !isNumber(offset)) return undefined;
    const itemId = `${topic}-${partition}@${offset}`;
    return { itemId, text: Buffer.from(textOr(value, ''), 'base64').toString('utf8') };
  });
  return queueOf(items, false);
}

function queueOf(items: readonly (QueueItem | undefined)[], partialFailure: boolean): TriggerEvent | undefined {
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? { kind: 'queue', items: known, partialFailure } : undefined;
}

/** What is no text is kept as its JSON: the function parks what it cannot read, and a person sees what it was. */
function textOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
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
