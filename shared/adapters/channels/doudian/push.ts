import * as z from 'zod/mini';
import { AppError } from '../../../errors';
import { idText, parseJson64, tryParseJson64 } from '../json64';

/** Sent when the push address is saved, to see that it answers (general knowledge); its data is a time, not JSON. */
const ADDRESS_CHECK_TAG = '0';

const push = z.array(z.object({ tag: idText, data: z.union([z.string(), z.record(z.string(), z.unknown())]) }));
const orderData = z.object({ p_id: z.nullish(idText), shop_id: z.nullish(idText) });

/** Answers that make the platform stop sending, and send again. Source: op.jinritemai.com, message push. */
export const ACCEPTED_BODY = '{"code":0,"msg":"success"}';
export const REFUSED_BODY = '{"code":1,"msg":"fail"}';

/**
 * Orders and shops that a verified push names, each once. The body is an array of messages whose `data` is JSON text
 * once more, with 64-bit ids as bare numbers. Trade tags and after-sale tags carry the order as `p_id`; product tags
 * and tags of the future carry none and name no order. Throws BAD_PUSH with the reason.
 */
export function orderNosOfPush(rawBody: Uint8Array): { orderNos: string[]; shopIds: string[] } {
  const body = tryParseJson64(Buffer.from(rawBody).toString('utf8'));
  if (body === undefined) throw badPush('the body is not JSON');
  const read = z.safeParse(push, body);
  if (!read.success) throw badPush(Array.isArray(body) ? 'a message without tag or data' : 'the body is not an array');
  const orderNos = new Set<string>();
  const shopIds = new Set<string>();
  for (const message of read.data) {
    if (message.tag === ADDRESS_CHECK_TAG) continue;
    const { p_id: orderNo, shop_id: shopId } = dataOf(message);
    if (orderNo && orderNo !== '0') orderNos.add(orderNo);
    if (shopId && shopId !== '0') shopIds.add(shopId);
  }
  return { orderNos: [...orderNos], shopIds: [...shopIds] };
}

function dataOf(message: { tag: string; data: string | Record<string, unknown> }): z.infer<typeof orderData> {
  const { tag, data } = message;
  let content: unknown = data;
  if (typeof data === 'string') {
    try {
      content = parseJson64(data);
    } catch (cause) {
      throw badPush(`the data of tag ${tag} is not JSON`, cause);
    }
  }
  const read = z.safeParse(orderData, content);
  if (!read.success) throw badPush(`the data of tag ${tag} is not of the known shape`, read.error);
  return read.data;
}

function badPush(reason: string, cause?: unknown): AppError {
  return new AppError('BAD_PUSH', { channel: 'doudian', reason }, cause === undefined ? undefined : { cause });
}
