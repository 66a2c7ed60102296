import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { assert } from '../../../domain/kernel/assert';

/** What a request's parameters may hold. 64-bit ids are bigint: a JavaScript number would round them. */
export type CanonicalValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

/**
 * `param_json`: names sorted in byte order at every depth (in objects inside arrays too; arrays keep their order),
 * compact, raw UTF-8, no escaping of `/ < > &`, integers digit for digit; `{}` where there are no parameters. It is
 * both what is signed and what is sent, byte for byte.
 *
 * Sorting happens while writing: an object built with sorted names would not do, since JavaScript moves names that look
 * like integers to the front. Source: op.jinritemai.com, signing; same result as the official Go SDK.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    assert(Number.isFinite(value), 'a parameter is a finite number');
    assert(!Number.isInteger(value) || Number.isSafeInteger(value), 'an integer beyond 2^53 is a bigint');
    return JSON.stringify(value);
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort(byBytes)
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

/**
 * Signature of a gateway call: lower-case hex HMAC-SHA256 over five fields in fixed order, wrapped in the secret that
 * is also the key. `access_token`, `sign` and `sign_method` are not signed. Source: op.jinritemai.com, signing.
 */
export function signDoudian(
  call: { appKey: string; method: string; paramJson: string; timestamp: string },
  secret: string,
): string {
  const fields = `app_key${call.appKey}method${call.method}param_json${call.paramJson}timestamp${call.timestamp}v2`;
  return createHmac('sha256', secret).update(`${secret}${fields}${secret}`, 'utf8').digest('hex');
}

/**
 * True where a push is genuine: `app-id` is our app's key and `event-sign` is lower-case hex
 * MD5(app key + raw body + secret), compared in constant time. Source: op.jinritemai.com, message push. One library
 * strips white space from the body first; the platform sends compact bodies, for which both agree.
 */
export function verifyPush(
  keys: { appKey: string; appSecret: string },
  headers: Readonly<Record<string, string>>,
  rawBody: Uint8Array,
): boolean {
  const appId = headerOf(headers, 'app-id');
  const sent = headerOf(headers, 'event-sign');
  if (appId === undefined || sent === undefined || appId !== keys.appKey) return false;
  const hash = createHash('md5').update(keys.appKey, 'utf8').update(rawBody).update(keys.appSecret, 'utf8');
  const expected = Buffer.from(hash.digest('hex'), 'utf8');
  const actual = Buffer.from(sent, 'utf8');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
}

/** Array.isArray does not narrow a readonly array. */
function isList(
  value: readonly CanonicalValue[] | { readonly [name: string]: CanonicalValue },
): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
