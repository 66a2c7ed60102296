import type { ShopCounters } from '../counters';
import type { Dice } from '../dice';
import type { Faults } from '../faults';
import type { Copy, MessageDraft, SentMessage } from './message';

/** How far a message that is let overtaken falls behind. */
const REORDER_DELAY_MS = [50, 1_500] as const;
/** A duplicate comes late enough to arrive after the first copy was confirmed, or together with it. */
const DUPLICATE_DELAY_MS = [0, 1_000] as const;

/** Applies the message faults in force: which copies of a new message will exist, and when each is due. */
export function copiesOf(
  draft: MessageDraft,
  nowMs: number,
  chance: { readonly faults: Faults; readonly dice: Dice; readonly counters: ShopCounters },
): { message: SentMessage; copies: Copy[] } {
  const { faults, dice, counters } = chance;
  const message: SentMessage = { ...draft, emittedAtMs: nowMs, state: 'waiting', deliveries: 0, copiesLeft: 0 };
  counters.messagesEmitted += 1;
  if (dice.roll('lose', faults.loseMessages)) {
    counters.messagesLost += 1;
    message.state = 'lost';
    message.content = '';
    return { message, copies: [] };
  }
  let dueAtMs = nowMs;
  if (faults.delayMessagesMs[1] > 0) dueAtMs += dice.between('delay', ...faults.delayMessagesMs);
  if (dice.roll('reorder', faults.reorderMessages)) dueAtMs += dice.between('reorder by', ...REORDER_DELAY_MS);
  const copies = [copyOf(message, dueAtMs)];
  if (dice.roll('duplicate', faults.duplicateMessages)) {
    counters.messagesDuplicated += 1;
    copies.push(copyOf(message, dueAtMs + dice.between('duplicate by', ...DUPLICATE_DELAY_MS)));
  }
  message.copiesLeft = copies.length;
  return { message, copies };
}

function copyOf(message: SentMessage, dueAtMs: number): Copy {
  return { message, dueAtMs, done: false, attempts: 0, refusals: 0 };
}
