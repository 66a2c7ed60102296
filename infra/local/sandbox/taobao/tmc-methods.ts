import { beijingText } from '../platform-time';
import type { TopMethod } from './method';
import { invalidArgument } from './top-error';

const CONFIRM_MAX = 200;

/** Every group name reads the one queue of the app. Nothing to hand out is an empty `messages` object. */
export const consumeMessages: TopMethod = {
  of: 'app',
  run: (params, queue) => {
    const messages = queue.consume(params.wholeNumber('quantity', { min: 10, max: 200, fallback: 100 }));
    if (messages.length === 0) return { messages: {} };
    return {
      messages: {
        tmc_message: messages.map(({ message, sellerId, sellerNick }) => ({
          id: BigInt(message.messageId),
          topic: message.topic,
          user_id: BigInt(sellerId),
          user_nick: sellerNick,
          content: message.content,
          pub_time: beijingText(message.emittedAtMs),
          pub_app_key: '12497914',
        })),
      },
    };
  },
};

/** Ids that are unknown or confirmed before are no error. `f_message_ids` (failed) are left to come again. */
export const confirmMessages: TopMethod = {
  of: 'app',
  run: (params, queue) => {
    const messageIds = params.list('s_message_ids');
    if (messageIds.length > CONFIRM_MAX) throw invalidArgument('s_message_ids', `一次最多确认 ${CONFIRM_MAX} 条`);
    for (const messageId of messageIds) queue.confirm(messageId);
    return { is_success: true };
  },
};
