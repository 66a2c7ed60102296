import * as http from 'node:http';
import * as https from 'node:https';
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
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Gateways close connections that were idle for longer; so do we, before a call goes out on one that is being closed. */
const IDLE_MS = 4_000;

const KEPT = { keepAlive: true, timeout: IDLE_MS };
const AGENTS = { http: new http.Agent(KEPT), https: new https.Agent(KEPT) };

/**
 * Posts to a gateway and reads the answer whole within one time limit. The URL stays out of the facts: Doudian's holds
 * the seller's token. Redirects are not followed: no gateway sends one, and a signed call must not go elsewhere. By
 * node:http, since `fetch` takes several times the processor time of a call, which is a large part of an order's.
 */
export async function post(call: GatewayCall): Promise<CallResult<HttpAnswer>> {
  try {
    return { ok: true, value: await exchange(call) };
  } catch (cause) {
    const reason = reasonOf(cause);
    const facts = { channel: call.channel, method: call.method, reason };
    const error = new AppError('CHANNEL_UNREACHABLE', facts, { cause });
    return { ok: false, error, mayHaveApplied: !NOT_SENT.has(reason) };
  }
}

function exchange({ url, contentType, body, timeoutMs }: GatewayCall): Promise<HttpAnswer> {
  const bytes = Buffer.from(body);
  // Nothing here unpacks what comes compressed.
  const headers = {
    ...{ 'content-type': contentType, 'content-length': bytes.length },
    'accept-encoding': 'identity',
  };
  const [{ request: open }, agent] = url.startsWith('https:') ? [https, AGENTS.https] : [http, AGENTS.http];
  return new Promise((resolve, reject) => {
    const request = open(url, { method: 'POST', headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      // Also where the connection ends in the middle of the answer.
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status, text, retryAfterMs: secondsHeaderMs(answered['retry-after']) });
      });
    });
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'TIMEOUT' }));
    }, timeoutMs);
    request.on('error', reject);
    request.on('close', () => clearTimeout(timer));
    request.end(bytes);
  });
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
  if (mayHaveApplied) {
    const unanswered = error.code === 'CHANNEL_UNREACHABLE';
    return { kind: 'unknown', message: wordsOf(error), ...(unanswered && { unanswered }) };
  }
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

/** The system's code for the failure. Asked by shape: it is no Error of ours. */
function reasonOf(error: unknown): string {
  const { code, name }: { code?: unknown; name?: unknown } = typeof error === 'object' && error !== null ? error : {};
  return [code, name].find((each): each is string => typeof each === 'string') ?? 'unknown';
}

function secondsHeaderMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
