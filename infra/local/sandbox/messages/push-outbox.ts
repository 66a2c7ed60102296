import { Agent } from 'node:http';
import type { ShopCounters } from '../counters';
import type { Dice } from '../dice';
import type { Faults } from '../faults';
import { DueQueue } from './due-queue';
import type { Copy, MessageDraft, Outbox, SentMessage } from './message';
import { settleCopy } from './message';
import { copiesOf } from './misdelivery';
import type { PostOutcome } from './post-json';
import { postJson } from './post-json';

const MESSAGES_A_PUSH_MAX = 20;
const PUSHES_IN_FLIGHT_MAX = 8;
const PUSH_TIMEOUT_MS = 5_000;
const BACK_OFF_MS_MIN = 500;
const BACK_OFF_MS_MAX = 30_000;
/** After this many refusals or time-outs a message is given up. A receiver that is not there does not count. */
const REFUSALS_MAX = 12;

export interface PushOutboxDeps {
  readonly nowMs: () => number;
  readonly faults: () => Faults;
  readonly dice: Dice;
  readonly counters: ShopCounters;
  /** Body and headers of a push that carries these messages. */
  readonly envelope: (messages: readonly SentMessage[]) => { body: string; headers: Readonly<Record<string, string>> };
  readonly isAccepted: (status: number, body: string) => boolean;
}

/** Posts messages to the seller's URL until they are accepted; several pushes run at once, so order is not kept. */
export class PushOutbox implements Outbox {
  waiting = 0;
  private readonly due = new DueQueue<Copy>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: PUSHES_IN_FLIGHT_MAX });
  private inFlight = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly deps: PushOutboxDeps,
    private url: string | undefined,
  ) {}

  get pushUrl(): string | undefined {
    return this.url;
  }

  /** A new address is tried at once with everything that waits. */
  setPushUrl(url: string): void {
    this.url = url;
    this.hurry();
  }

  send(draft: MessageDraft): SentMessage {
    const { nowMs, faults, dice, counters } = this.deps;
    const { message, copies } = copiesOf(draft, nowMs(), { faults: faults(), dice, counters });
    for (const copy of copies) this.due.push(copy);
    this.waiting += copies.length;
    this.wakeUp();
    return message;
  }

  hurry(): void {
    this.due.hurry(this.deps.nowMs(), () => true);
    this.wakeUp();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.agent.destroy();
  }

  private wakeUp(): void {
    clearTimeout(this.timer);
    const nextDueAtMs = this.due.nextDueAtMs;
    if (this.closed || this.url === undefined || nextDueAtMs === undefined) return;
    if (this.inFlight >= PUSHES_IN_FLIGHT_MAX) return; // the next answer wakes us up
    this.timer = setTimeout(() => this.pushDue(), Math.max(0, nextDueAtMs - this.deps.nowMs()));
    this.timer.unref();
  }

  private pushDue(): void {
    while (this.inFlight < PUSHES_IN_FLIGHT_MAX) {
      const batch = this.takeBatch();
      if (batch.length === 0) break;
      void this.push(batch);
    }
    this.wakeUp();
  }

  private takeBatch(): Copy[] {
    const batch: Copy[] = [];
    while (batch.length < MESSAGES_A_PUSH_MAX) {
      const copy = this.due.takeDue(this.deps.nowMs());
      if (copy === undefined) break;
      batch.push(copy);
    }
    return batch;
  }

  private async push(batch: readonly Copy[]): Promise<void> {
    this.inFlight += 1;
    for (const copy of batch) {
      copy.attempts += 1;
      copy.message.deliveries += 1;
    }
    this.deps.counters.messagesDelivered += batch.length;
    const envelope = this.deps.envelope(batch.map((copy) => copy.message));
    const post = { ...envelope, url: this.url ?? '', agent: this.agent, timeoutMs: PUSH_TIMEOUT_MS };
    const outcome = await postJson(post);
    this.inFlight -= 1;
    if (this.closed) return;
    this.settle(batch, outcome);
    this.wakeUp();
  }

  private settle(batch: readonly Copy[], outcome: PostOutcome): void {
    const { counters, isAccepted } = this.deps;
    if (outcome.kind === 'answered' && isAccepted(outcome.status, outcome.body)) {
      counters.pushesOk += 1;
      for (const copy of batch) this.done(copy, 'confirmed');
      return;
    }
    const unreachable = outcome.kind === 'unreachable';
    if (unreachable) counters.pushesUnreachable += 1;
    else counters.pushesRefused += 1;
    for (const copy of batch) this.tryAgain(copy, unreachable);
  }

  private tryAgain(copy: Copy, unreachable: boolean): void {
    if (!unreachable) copy.refusals += 1;
    if (copy.refusals >= REFUSALS_MAX) {
      this.done(copy, 'given-up');
      return;
    }
    copy.dueAtMs = this.deps.nowMs() + Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** (copy.attempts - 1));
    this.due.push(copy);
  }

  private done(copy: Copy, state: 'confirmed' | 'given-up'): void {
    settleCopy(copy, state);
    if (state === 'confirmed') this.deps.counters.messagesConfirmed += 1;
    else this.deps.counters.messagesGivenUp += 1;
    this.waiting -= 1;
  }
}
