import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A signature is good for so long around its date, as at Huawei's gateway. */
const AGE_MS_MAX = 15 * 60_000;

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * Checks SDK-HMAC-SHA256 by its published rules, with code of its own: undefined for a good signature. The canonical path has every
 * segment encoded (`:` and `!`, too, which travel as they are) and ends with a slash, the key is the secret key itself.
 */
export function signatureFault(
  request: IncomingMessage,
  body: Buffer,
  keys: { readonly accessKey: string; readonly secretKey: string },
  nowMs = Date.now(),
): Refusal | undefined {
  const refuse = (code: string, message: string): Refusal => ({ status: 401, code, message });
  const [, access, names, signature] =
    /^SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers['authorization'] ?? '',
    ) ?? [];
  if (access === undefined || names === undefined) {
    return refuse('APIGW.0301', 'Incorrect IAM authentication information: no signature');
  }
  if (access !== keys.accessKey) return refuse('APIGW.0301', `Incorrect IAM authentication information: AK ${access}`);
  const date = String(request.headers['x-sdk-date']);
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(nowMs - atMs) <= AGE_MS_MAX)) return refuse('APIGW.0302', 'Request time expired');
  const signed = names.split(';');
  for (const needed of ['host', 'x-sdk-date', 'x-project-id']) {
    if (!signed.includes(needed)) return refuse('APIGW.0301', `header ${needed} is not signed`);
  }
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const canonical = [
    request.method,
    canonicalPath(request.url ?? '/'),
    [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    signed.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join(''),
    names,
    sha256(body),
  ].join('\n');
  const toSign = `SDK-HMAC-SHA256\n${date}\n${sha256(Buffer.from(canonical))}`;
  const expected = createHmac('sha256', keys.secretKey).update(toSign).digest('hex');
  return expected === signature
    ? undefined
    : refuse('APIGW.0301', 'Incorrect IAM authentication information: signature');
}

function canonicalPath(url: string): string {
  const path = url.replace(/\?.*$/, '').split('/').map(decodeURIComponent).map(encode).join('/');
  return path.endsWith('/') ? path : `${path}/`;
}

/** RFC 3986: all but letters, digits and -._~ */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
