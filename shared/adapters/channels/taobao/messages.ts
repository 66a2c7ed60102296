import * as z from 'zod/mini';
import { AppError } from '../../../errors';
import type { ChannelMessage, ShopAccess } from '../../../ports/channel';
import { badAnswer, valueOf } from '../http';
import { idText, tryParseJson64 } from '../json64';
import { callTaobao, type TaobaoOptions } from './client';

/** Bounds of one consume, by the platform. */
const CONSUME_MIN = 10;
const CONSUME_MAX = 200;
/** Message ids of one confirm at most, by the platform. */
const CONFIRM_MAX = 200;

const consumeAnswer = z.object({
  // Absent, null or without a list where the queue is empty.
  messages: z.nullish(
    z.object({
      tmc_message: z.nullish(
        z.array(
          z.object({ id: idText, topic: z.string(), content: z.nullish(z.string()), user_id: z.nullish(idText) }),
        ),
      ),
    }),
  ),
});
const confirmAnswer = z.object({ is_success: z.nullish(z.boolean()) });
const orderContent = z.object({ tid: idText });

/**
 * Takes messages from the queue (`taobao.tmc.messages.consume`). What is not confirmed comes again; the platform
 * promises no order, and the same message may come twice. After an empty answer the caller pauses (≥ 100 ms).
 *
 * No `group_name` is sent: that reads the default group (TMC 消息服务), while naming a group is an error for an app that has
 * never set one up. The queue belongs to the app: it holds the messages of all sellers who authorised it.
 */
export async function consumeMessages(
  options: TaobaoOptions,
  access: ShopAccess,
  maxMessages: number,
): Promise<ChannelMessage[]> {
  const method = 'taobao.tmc.messages.consume';
  const quantity = Math.min(CONSUME_MAX, Math.max(CONSUME_MIN, Math.floor(maxMessages)));
  const answer = valueOf(await callTaobao(options, access, method, { quantity: String(quantity) }));
  const read = consumeAnswer.safeParse(answer.response);
  if (!read.success) return valueOf(badAnswer({ channel: 'taobao', method }, 'messages of unknown shape'));
  return (read.data.messages?.tmc_message ?? []).map((message) => ({
    messageId: message.id,
    sellerId: message.user_id ?? '',
    topic: message.topic,
    orderNo: orderNoOf(message.topic, message.content ?? ''),
  }));
}

/** Confirms messages, in several calls where they are many (`taobao.tmc.messages.confirm`). */
export async function confirmMessages(
  options: TaobaoOptions,
  access: ShopAccess,
  messageIds: readonly string[],
): Promise<void> {
  const method = 'taobao.tmc.messages.confirm';
  for (let start = 0; start < messageIds.length; start += CONFIRM_MAX) {
    const ids = messageIds.slice(start, start + CONFIRM_MAX).join(',');
    const answer = valueOf(await callTaobao(options, access, method, { s_message_ids: ids }));
    const read = confirmAnswer.safeParse(answer.response);
    if (!read.success || read.data.is_success === false) {
      throw new AppError('CHANNEL_BUSY', { channel: 'taobao', method, reason: 'the messages were not confirmed' });
    }
  }
}

/**
 * Trade and refund topics carry the trade's number as `tid`, a bare number beyond 2^53. A content that cannot be read
 * names no order: refusing it would bring it back for ever, and the pull by modified time finds the order anyway.
 */
function orderNoOf(topic: string, content: string): string | null {
  if (!topic.startsWith('taobao_trade_') && !topic.startsWith('taobao_refund_')) return null;
  const read = orderContent.safeParse(tryParseJson64(content));
  return read.success ? read.data.tid : null;
}
