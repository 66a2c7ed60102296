import { createHash, createHmac } from 'node:crypto';
import { byUtf8Bytes } from '../json';

const SIGN_METHODS = ['md5', 'hmac', 'hmac-sha256'] as const;
export type SignMethod = (typeof SIGN_METHODS)[number];

export function signMethodOf(text: string): SignMethod | undefined {
  return SIGN_METHODS.find((method) => method === text);
}

/**
 * The signature of a request: all parameters but `sign`, ordered by name in bytes, name and value joined without
 * separators. `hmac` is HMAC-MD5. Empty values are signed like any other.
 */
export function topSign(params: ReadonlyMap<string, string>, appSecret: string, method: SignMethod): string {
  const names = [...params.keys()].filter((name) => name !== 'sign').sort(byUtf8Bytes);
  const joined = names.map((name) => name + (params.get(name) ?? '')).join('');
  return digest(joined, appSecret, method).toUpperCase();
}

function digest(joined: string, appSecret: string, method: SignMethod): string {
  switch (method) {
    case 'md5':
      return createHash('md5')
        .update(appSecret + joined + appSecret)
        .digest('hex');
    case 'hmac':
      return createHmac('md5', appSecret).update(joined).digest('hex');
    case 'hmac-sha256':
      return createHmac('sha256', appSecret).update(joined).digest('hex');
  }
}
