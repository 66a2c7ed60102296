import type { Run } from '../../shared/platform/define-function';
import { handleQueueBatch } from '../../shared/platform/queue-batch';
import type { BusEnvelope, BusMessage, Topic } from '../../shared/ports/bus';
import type { SeededRandom } from '../support/seeded-random';
import type { Faults } from './faults';
import type { End } from './scheduler';

/** Times that a message is brought again to a consumer that failed or crashed. */
const TRIES_MAX = 3;

/** A message is at most so late: longer than a sweep waits before it takes up what a message told of. */
const LATE_MS_MAX = 120_000;

/** The function that a queue's messages go to: its answer is the events that failed. */
interface Consumer {
  readonly functionName: string;
  readonly handle: (batch: readonly BusEnvelope[], run: Run) => Promise<ReadonlyMap<string, unknown>>;
}

interface Waiting {
  readonly envelope: BusEnvelope;
  readonly tries: number;
}

/** What surrounds the queue. */
interface QueueWorld {
  readonly random: SeededRandom;
  readonly faults: Faults;
  /** Faults have ended. */
  readonly healed: boolean;
  nowMs(): number;
  after(ms: number, label: string, go: () => void): void;
  spawn<T>(name: string, step: (run: Run) => Promise<T>, then: (end: End<T>) => void): void;
}

/** The queue between the functions: messages come late, twice, and in any order. */
export class BusQueue {
  private readonly consumers = new Map<Topic, Consumer>();
  private readonly waiting: Waiting[] = [];
  private eventNo = 0;

  constructor(
    private readonly world: QueueWorld,
    private readonly partialFailure: boolean,
  ) {}

  consume(topic: Topic, consumer: Consumer): void {
    this.consumers.set(topic, consumer);
  }

  accept(message: BusMessage): void {
    this.eventNo += 1;
    this.bring({
      envelope: { eventId: String(this.eventNo), sequence: this.eventNo, atMs: this.world.nowMs(), ...message },
      tries: 0,
    });
  }

  /** What waits is brought, whatever has delayed it. */
  bringAll(): void {
    for (const waiting of this.waiting.splice(0)) this.bring(waiting);
  }

  /** What was on its way is lost with the process that kept it. */
  clear(): void {
    this.waiting.length = 0;
  }

  /**
   * Those of one topic that wait go in one batch. One may be passed over and wait for the next of its topic; in peace none
   * is, since there may be no next.
   */
  private bring(item: Waiting): void {
    const { random, faults } = this.world;
    this.waiting.push(item);
    const { topic } = item.envelope;
    const delayMs = faults.happens('late')
      ? random.below(LATE_MS_MAX)
      : random.below(random.chance(0.2) ? 15_000 : 300);
    this.world.after(delayMs, `deliver ${topic}`, () => {
      const batch = this.waiting
        .filter(({ envelope }) => envelope.topic === topic && (this.world.healed || random.chance(0.9)))
        .slice(0, 8);
      const consumer = this.consumers.get(topic);
      if (batch.length === 0 || !consumer) return;
      for (const taken of batch) this.waiting.splice(this.waiting.indexOf(taken), 1);
      this.world.spawn(
        topic,
        (run) => this.handOver(consumer, batch, run),
        (end) => {
          for (const taken of batch) {
            const again = end.kind !== 'done' || end.value.has(taken.envelope.eventId);
            // A queue forgets now and then that a message was done.
            if ((again || faults.happens('twice')) && taken.tries + 1 < TRIES_MAX)
              this.bring({ ...taken, tries: taken.tries + 1 });
          }
        },
      );
    });
  }

  /** A batch as its function's trigger brings it; the events that are to come again. */
  private async handOver(
    { functionName, handle }: Consumer,
    batch: readonly Waiting[],
    run: Run,
  ): Promise<ReadonlySet<string>> {
    const items = batch.map(({ envelope }) => ({ itemId: envelope.eventId, text: JSON.stringify(envelope) }));
    const trigger = { kind: 'queue', items, partialFailure: this.partialFailure } as const;
    const answer = await handleQueueBatch(functionName, trigger, run, handle);
    const { batchItemFailures = [] } = answer as { batchItemFailures?: { itemIdentifier: string }[] };
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  }
}
