import * as z from 'zod/mini';
import { AppError, type ErrorCode, type ErrorFacts } from '../../../errors';
import { looseText, wholeNumber } from '../json64';

/** Head of every answer. Old endpoints write `err_no` and `message` instead of `code` and `msg`. */
export const doudianHead = z.object({
  code: z.optional(wholeNumber),
  err_no: z.optional(wholeNumber),
  msg: looseText,
  message: looseText,
  sub_code: looseText,
  sub_msg: looseText,
  log_id: looseText,
});
export type DoudianHead = z.infer<typeof doudianHead>;

const SUCCESS = 10_000;

/** True for code 10000, or err_no 0 of old endpoints. */
export function isSuccess(head: DoudianHead): boolean {
  return head.code === undefined ? head.err_no === 0 : head.code === SUCCESS;
}

/**
 * The catalogue's error for a gateway's error. Source: op.jinritemai.com, basic error codes (guide-docs/212/1427), read
 * in a library's copy of the table; the words of limits are general knowledge.
 *
 * | code or sub_code | means | becomes |
 * | --- | --- | --- |
 * | 60000; `isp.*` that speaks of a limit; `…app-call-limited` | calls too often | CHANNEL_THROTTLED |
 * | 20000, 20001; `isp.*`, `dop.service-error`; 50001, 90000 | the platform has a fault | CHANNEL_BUSY |
 * | 30001–30005; `isv.access-token-*`, `*.authorization-*`, `dop.token-*` | grant missing, expired, closed | CHANNEL_AUTH |
 * | 70000 | the API is gone for good, though its sub_code reads `isp.api-service-off` | CHANNEL_REFUSED |
 * | an order, product or SKU 不存在 or 找不到 | no such thing | NOT_FOUND |
 * | any other, `isv.*` | our call is wrong | CHANNEL_REFUSED |
 */
export function mapDoudianError(method: string, head: DoudianHead): AppError {
  const facts: ErrorFacts = {
    channel: 'doudian',
    method,
    code: codeOf(head),
    msg: short(head.msg || head.message),
    sub_code: head.sub_code,
    sub_msg: short(head.sub_msg),
    log_id: head.log_id,
  };
  return new AppError(catalogueCode(head), facts);
}

/** True where a service behind the gateway ran out of time (20001): a write may have been carried out. */
export function mayHaveApplied(head: DoudianHead): boolean {
  return codeOf(head) === 20_001 || (head.sub_code.startsWith('isp.') && /time-?out/.test(head.sub_code));
}

/**
 * True where an addition is refused because its key was used before: the earlier call with this key is the addition, so
 * the refusal says that the work is done. Written `isv.parameter-invalid:40010` by sku.syncStock ([idempotent_id]重复，
 * 操作已执行) and `isv.idempotent-id-existed` in the table of basic codes.
 */
export function isRepeatedKey(head: DoudianHead): boolean {
  return /^isv\.(parameter-invalid:40010$|idempotent-id-existed)/.test(head.sub_code);
}

/**
 * True where a call of several writes may have been carried out in part though it is refused as a whole: the business
 * behind the gateway failed (50xxx), or the key of these writes was used before, which sku.syncStockBatchMultiProducts
 * calls `isv.business-failed:-20002`, Token已被使用. What is wrong with parameters, signature or grant comes before.
 */
export function mayHaveBegun(head: DoudianHead): boolean {
  const code = codeOf(head);
  return isRepeatedKey(head) || (code >= 50_000 && code < 60_000) || head.sub_code.startsWith('isv.business-failed');
}

function catalogueCode(head: DoudianHead): ErrorCode {
  const code = codeOf(head);
  const subCode = head.sub_code;
  if (code === 60_000 || /^(isp|dop|isv)\..*limit/.test(subCode)) return 'CHANNEL_THROTTLED';
  if (subCode.startsWith('isp.') && /限流|频率|too many|rate limit/i.test(head.sub_msg)) return 'CHANNEL_THROTTLED';
  if (code >= 30_001 && code <= 30_005) return 'CHANNEL_AUTH';
  if (/^(isv\.access-token-|(isv|dop)\.authorization-|dop\.token-)/.test(subCode)) return 'CHANNEL_AUTH';
  if (code === 70_000) return 'CHANNEL_REFUSED';
  if (subCode.startsWith('isp.') || subCode.startsWith('dop.')) return 'CHANNEL_BUSY';
  if (code === 20_000 || code === 20_001) return 'CHANNEL_BUSY';
  if (/(订单|商品|规格|sku)[^，。]{0,6}不存在|找不到对应的sku/i.test(`${head.sub_msg} ${head.msg}`)) return 'NOT_FOUND';
  if (/^isv\.(order|product|sku)-not-(exist|found)/.test(subCode)) return 'NOT_FOUND';
  if (subCode === '' && (code === 50_001 || code === 90_000)) return 'CHANNEL_BUSY';
  return 'CHANNEL_REFUSED';
}

function codeOf(head: DoudianHead): number {
  return head.code ?? head.err_no ?? 0;
}

/** Messages are for people and short; what is longer would only swell the log. */
function short(text: string): string {
  return text.slice(0, 200);
}
