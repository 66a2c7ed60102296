import { createHash, createHmac } from 'node:crypto';

export type TaobaoSignMethod = 'md5' | 'hmac' | 'hmac-sha256';

/**
 * Signature of a gateway call: upper-case hex over all parameters, sorted by name in byte order, name and value joined
 * without separators, values as they are (not URL-encoded, not trimmed). `md5` wraps the text in the secret; `hmac` is
 * HMAC-MD5 and `hmac-sha256` HMAC-SHA256 with the secret as key alone. `sign` itself is not signed.
 *
 * Source: open.taobao.com, sign rules. Libraries differ on empty values (some sign them, some leave them out), so an
 * empty parameter must not be sent at all: {@link withoutEmpty}.
 */
export function signTaobao(params: Readonly<Record<string, string>>, secret: string, method: TaobaoSignMethod): string {
  const joined = Object.keys(params)
    .filter((name) => name !== 'sign')
    .sort(byBytes)
    .map((name) => name + (params[name] ?? ''))
    .join('');
  switch (method) {
    case 'md5':
      return createHash('md5').update(`${secret}${joined}${secret}`, 'utf8').digest('hex').toUpperCase();
    case 'hmac':
      return createHmac('md5', secret).update(joined, 'utf8').digest('hex').toUpperCase();
    case 'hmac-sha256':
      return createHmac('sha256', secret).update(joined, 'utf8').digest('hex').toUpperCase();
  }
}

/** The parameters that have a value. */
export function withoutEmpty(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => name !== '' && value !== ''));
}

/** Byte order, digits before upper case before `_` before lower case; `localeCompare` would order otherwise. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
