import type { AppError } from '../errors';
import { ERRORS } from '../errors';

/** An HTTP request as functions see it, whatever gateway it came through. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes that were sent: signatures are checked on these. */
  readonly rawBody: Buffer;
}

/** The four members that FunctionGraph demands and Lambda takes. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** For whatever is answered, refusals too: taken for what it says it is, framed by nobody, told to no other site. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // Browsers heed it where it came by TLS only.
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** An answer in JSON. */
export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    statusCode,
    headers: {
      ...{ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      ...{ ...SAFE_HEADERS, ...headers },
    },
    body: text,
    isBase64Encoded: false,
  };
}

/** The body of every refused request: a code that programs compare, and a sentence in both languages for people. */
export function errorBody(error: AppError, requestId: string): Record<string, unknown> {
  const { zh, en } = ERRORS[error.code];
  return { code: error.code, message: zh, messageEn: en, facts: error.facts, requestId };
}
