import { createHash, createHmac } from 'node:crypto';

export interface SignedFields {
  readonly appKey: string;
  readonly method: string;
  readonly paramJson: string;
  readonly timestamp: string;
  readonly v: string;
}

/** The signature of a call: five fields wrapped in the secret. Any other sign method than HMAC-SHA256 means MD5. */
export function doudianSign(fields: SignedFields, appSecret: string, signMethod: string): string {
  const { appKey, method, paramJson, timestamp, v } = fields;
  const text = `app_key${appKey}method${method}param_json${paramJson}timestamp${timestamp}v${v}`;
  const wrapped = appSecret + text + appSecret;
  return signMethod === 'hmac-sha256'
    ? createHmac('sha256', appSecret).update(wrapped).digest('hex')
    : createHash('md5').update(wrapped).digest('hex');
}

/** The proof on a push: over the body exactly as sent. */
export function eventSign(appKey: string, rawBody: string, appSecret: string): string {
  return createHash('md5')
    .update(appKey + rawBody + appSecret)
    .digest('hex');
}
