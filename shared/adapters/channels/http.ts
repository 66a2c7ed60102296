import type { ChannelId } from '../../domain/order/platform-order';
import { AppError, type ErrorFacts } from '../../errors';
import type { StockWriteResult } from '../../ports/channel';

/**
 * Outcome of one gateway call. A failure says whether the platform may have carried out the call all the same: a write
 * that may have been applied must be read back and never be repeated blindly.
 */
export type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AppError; readonly mayHaveApplied: boolean };

export interface GatewayCall {
  readonly channel: ChannelId;
  /** The platform's name of the call: for people, in the facts of errors. */
  readonly method: string;
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** Ways in which a connection fails before the request is on the wire: the platform cannot have seen it. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Posts to a gateway and reads the answer whole within one time limit. The URL stays out of the facts: Doudian's holds
 * the seller's token. Redirects are not followed: no gateway sends one, and a signed call must not go elsewhere.
 */
export async function post(call: GatewayCall): Promise<CallResult<HttpAnswer>> {
  try {
    const response = await fetch(call.url, {
      method: 'POST',
      headers: { 'content-type': call.contentType },
      body: call.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(call.timeoutMs),
    });
    const text = await response.text();
    const retryAfterMs = secondsHeaderMs(response.headers.get('retry-after'));
    return { ok: true, value: { status: response.status, text, retryAfterMs } };
  } catch (cause) {
    const reason = reasonOf(cause);
    const facts = { channel: call.channel, method: call.method, reason };
    const error = new AppError('CHANNEL_UNREACHABLE', facts, { cause });
    return { ok: false, error, mayHaveApplied: !NOT_SENT.has(reason) };
  }
}

/** The failure that an HTTP status other than 2xx stands for where the body does not say more. */
export function httpFailure(call: GatewayCall, answer: HttpAnswer): CallResult<never> {
  const facts: ErrorFacts = { channel: call.channel, method: call.method, httpStatus: answer.status };
  if (answer.status === 429) {
    const retryAfter = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs };
    return { ok: false, error: new AppError('CHANNEL_THROTTLED', { ...facts, ...retryAfter }), mayHaveApplied: false };
  }
  // A proxy may answer 502 or 504 although the service behind it received the call.
  if (answer.status >= 500) return { ok: false, error: new AppError('CHANNEL_BUSY', facts), mayHaveApplied: true };
  return badAnswer(call, `HTTP ${answer.status}`);
}

/** An answer that is not what the platform documents. The call may have been carried out. */
export function badAnswer(call: { channel: ChannelId; method: string }, reason: string): CallResult<never> {
  const error = new AppError('CHANNEL_BAD_ANSWER', { channel: call.channel, method: call.method, reason });
  return { ok: false, error, mayHaveApplied: true };
}

/** The value of a call that changes nothing; throws its error otherwise. */
export function valueOf<T>(result: CallResult<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

/** A failed stock write as the port states it: unknown where it may have been applied, refused otherwise. */
export function stockFailure(failure: { error: AppError; mayHaveApplied: boolean }): StockWriteResult {
  const { error, mayHaveApplied } = failure;
  if (mayHaveApplied) return { kind: 'unknown', message: wordsOf(error) };
  return {
    kind: 'refused',
    code: error.code,
    message: wordsOf(error),
    retry: error.retry === 'never' ? 'never' : 'later',
  };
}

/** A write that this platform has no way to carry out, refused before any call. */
export function refusedWrite(message: string): StockWriteResult {
  return { kind: 'refused', code: 'BAD_INPUT', message, retry: 'never' };
}

/** The platform's own words where it said any, for the person who reads the sync record. */
function wordsOf(error: AppError): string {
  const { code, sub_code: subCode, sub_msg: subMessage, msg, reason, httpStatus } = error.facts;
  const words = [code, subCode, subMessage || msg, reason, httpStatus].filter(Boolean).map(String).join(' ');
  return words === '' ? error.code : words;
}

/** `fetch` hides the reason in `cause`; a time-out is a DOMException of its own. Asked by shape: it is no Error of ours. */
function reasonOf(error: unknown): string {
  const { cause, name } = fieldsOf(error);
  const { code, name: causeName } = fieldsOf(cause);
  return [code, causeName, name].find((each): each is string => typeof each === 'string') ?? 'unknown';
}

function fieldsOf(value: unknown): { cause?: unknown; code?: unknown; name?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}

function secondsHeaderMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
