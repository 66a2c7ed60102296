import type { ShopCounters } from '../counters';
import type { Dice } from '../dice';
import type { Faults } from '../faults';
import { DueQueue } from './due-queue';
import type { Copy, MessageDraft, Outbox, SentMessage } from './message';
import { settleCopy } from './message';
import { copiesOf } from './misdelivery';

export interface PolledMessage {
  readonly sellerId: string;
  readonly sellerNick: string;
  readonly message: SentMessage;
}

interface PolledCopy extends Copy {
  readonly from: PollOutbox;
}

interface PollQueueDeps {
  readonly nowMs: () => number;
  readonly redeliverAfterMs: number;
  readonly faults: () => Faults;
  readonly dice: Dice;
}

/**
 * Taobao's message queue of one app: all its sellers share it. A copy handed out and not confirmed comes back after
 * the redelivery time, for as long as it takes.
 */
export class PollQueue {
  private readonly due = new DueQueue<PolledCopy>();
  private readonly handedOut = new Map<string, Set<PolledCopy>>();

  constructor(readonly deps: PollQueueDeps) {}

  add(copy: PolledCopy): void {
    this.due.push(copy);
  }

  consume(quantityMax: number): PolledMessage[] {
    const nowMs = this.deps.nowMs();
    const taken: PolledCopy[] = [];
    while (taken.length < quantityMax) {
      const copy = this.due.takeDue(nowMs);
      if (copy === undefined) break;
      if (!copy.done) taken.push(copy);
    }
    return taken.map((copy) => this.handOut(copy, nowMs));
  }

  /** Confirms the copies handed out under this id; a duplicate still on its way stays on its way. */
  confirm(messageId: string): void {
    const copies = this.handedOut.get(messageId);
    this.handedOut.delete(messageId);
    for (const copy of copies ?? []) copy.from.confirmed(copy);
  }

  hurry(from: PollOutbox): void {
    this.due.hurry(this.deps.nowMs(), (copy) => copy.from === from && copy.attempts === 0);
  }

  private handOut(copy: PolledCopy, nowMs: number): PolledMessage {
    const { message, from } = copy;
    copy.attempts += 1;
    copy.dueAtMs = nowMs + this.deps.redeliverAfterMs;
    this.due.push(copy);
    const copies = this.handedOut.get(message.messageId) ?? new Set();
    this.handedOut.set(message.messageId, copies.add(copy));
    message.deliveries += 1;
    from.counters.messagesDelivered += 1;
    return { sellerId: from.seller.id, sellerNick: from.seller.nick, message };
  }
}

/** One seller's way into the queue of the app it authorised. */
export class PollOutbox implements Outbox {
  waiting = 0;

  constructor(
    private readonly queue: PollQueue,
    readonly seller: { readonly id: string; readonly nick: string },
    readonly counters: ShopCounters,
  ) {}

  send(draft: MessageDraft): SentMessage {
    const { nowMs, faults, dice } = this.queue.deps;
    const { message, copies } = copiesOf(draft, nowMs(), { faults: faults(), dice, counters: this.counters });
    for (const copy of copies) this.queue.add({ ...copy, from: this });
    this.waiting += copies.length;
    return message;
  }

  confirmed(copy: Copy): void {
    settleCopy(copy, 'confirmed');
    this.waiting -= 1;
    this.counters.messagesConfirmed += 1;
  }

  hurry(): void {
    this.queue.hurry(this);
  }

  close(): void {
    // Nothing runs by itself here: messages leave only when someone asks.
  }
}
