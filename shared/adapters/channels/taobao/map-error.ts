import * as z from 'zod/mini';
import { AppError, type ErrorCode, type ErrorFacts } from '../../../errors';
import { looseText, wholeNumber } from '../json64';

/** `error_response` of the gateway, sent with HTTP 200. */
export const taobaoError = z.object({
  code: wholeNumber,
  msg: looseText,
  sub_code: looseText,
  sub_msg: looseText,
  request_id: looseText,
});
export type TaobaoError = z.infer<typeof taobaoError>;

/**
 * The catalogue's error for a gateway's error. Source: open.taobao.com, error codes.
 *
 * | code | means | becomes |
 * | --- | --- | --- |
 * | 4–8 | user, session, partner or app calls too often | CHANNEL_THROTTLED |
 * | 10; sub_code `isp.*` | the platform has a fault | CHANNEL_BUSY |
 * | 26, 27 | session missing, invalid or expired | CHANNEL_AUTH |
 * | sub_code `isv.trade-not-exist` and its like | no such trade, item or SKU | NOT_FOUND |
 * | any other | our call is wrong | CHANNEL_REFUSED |
 *
 * `isp.call-limited` comes with code 15 and is a limit of rate all the same (general knowledge, not documented).
 */
export function mapTaobaoError(method: string, error: TaobaoError): AppError {
  const facts: ErrorFacts = {
    channel: 'taobao',
    method,
    code: error.code,
    msg: short(error.msg),
    sub_code: error.sub_code,
    sub_msg: short(error.sub_msg),
    request_id: error.request_id,
  };
  const code = catalogueCode(error);
  const retryAfterMs = code === 'CHANNEL_THROTTLED' ? banMs(error.sub_msg) : undefined;
  return new AppError(code, retryAfterMs === undefined ? facts : { ...facts, retryAfterMs });
}

/**
 * True where the gateway gave up waiting for the service behind it (`isp.top-remote-connection-timeout`,
 * `isp.remote-service-timeout`): a write may have been carried out.
 */
export function mayHaveApplied(error: TaobaoError): boolean {
  return error.sub_code.startsWith('isp.') && /time-?out/.test(error.sub_code);
}

function catalogueCode(error: TaobaoError): ErrorCode {
  const { code, sub_code: subCode } = error;
  if (code >= 4 && code <= 8) return 'CHANNEL_THROTTLED';
  if (subCode.startsWith('isp.')) return subCode.includes('limited') ? 'CHANNEL_THROTTLED' : 'CHANNEL_BUSY';
  if (code === 10) return 'CHANNEL_BUSY';
  if (code === 26 || code === 27) return 'CHANNEL_AUTH';
  if (/^isv\.(trade|order|item|sku)-not-(exist|found)/.test(subCode)) return 'NOT_FOUND';
  return 'CHANNEL_REFUSED';
}

/** `This ban will last for 1 more seconds`: how long an app is shut out (general knowledge, not documented). */
function banMs(subMessage: string): number | undefined {
  const seconds = /(\d{1,6})\s*(?:more\s+)?seconds?/i.exec(subMessage)?.[1] ?? /(\d{1,6})\s*秒/.exec(subMessage)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Messages are for people and short; what is longer would only swell the log. */
function short(text: string): string {
  return text.slice(0, 200);
}
