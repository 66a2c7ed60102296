import type { Bus, BusEnvelope, BusMessage, Topic } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { Random } from '../../ports/random';
import { EnvelopeWriter } from '../envelopes';

/** Handles a batch; resolves with the event ids that failed. */
export type BusConsumer = (batch: readonly BusEnvelope[]) => Promise<readonly string[]>;

export interface ConsumerOptions {
  readonly batchMax: number;
  /** Batches in the air at once. */
  readonly parallel: number;
}

/**
 * Messages that wait in memory at most, per topic. Beyond, the newest are dropped: they are hints, and the sweep finds
 * what they would have told.
 */
const WAITING_MAX = 100_000;

/** Times that a failing message is tried before it is left to the sweep, and the pause between. */
const TRIES_MAX = 3;
const RETRY_AFTER_MS = 500;

interface Waiting {
  readonly envelope: BusEnvelope;
  readonly tries: number;
}

interface Line {
  readonly consumer: BusConsumer;
  readonly options: ConsumerOptions;
  waiting: Waiting[];
  readonly keysInFlight: Set<string>;
  inFlight: number;
}

/**
 * {@link Bus} of the embedded profile: queues in the process's memory, keyed and batched. A restart loses them; the
 * sweep at start drives on what was left open. Without a consumer (one function run alone) messages are dropped.
 */
export class InProcessBus implements Bus {
  private readonly lines = new Map<Topic, Line>();
  private readonly envelopes: EnvelopeWriter;
  private closed = false;

  constructor(private readonly ports: { clock: Clock; random: Random; log: Log }) {
    this.envelopes = new EnvelopeWriter(ports);
  }

  consume(topic: Topic, consumer: BusConsumer, options: ConsumerOptions): void {
    this.lines.set(topic, { consumer, options, waiting: [], keysInFlight: new Set(), inFlight: 0 });
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const touched = new Set<Line>();
    for (const { envelope } of this.envelopes.seal(messages)) {
      const { topic } = envelope;
      const line = this.lines.get(topic);
      if (!line || this.closed) continue;
      if (line.waiting.length >= WAITING_MAX) {
        this.ports.log.count('bus.dropped', 1, { topic });
        continue;
      }
      line.waiting.push({ envelope, tries: 0 });
      touched.add(line);
    }
    for (const line of touched) this.pump(line);
  }

  /** Messages that wait or are being handled. */
  size(): number {
    return [...this.lines.values()].reduce((sum, line) => sum + line.waiting.length + line.keysInFlight.size, 0);
  }

  /** Takes no more messages and resolves when the batches in the air have ended. */
  async close(): Promise<void> {
    this.closed = true;
    while ([...this.lines.values()].some((line) => line.inFlight > 0)) await this.ports.clock.sleep(5);
  }

  private pump(line: Line): void {
    while (!this.closed && line.inFlight < line.options.parallel) {
      const batch = takeBatch(line);
      if (batch.length === 0) return;
      line.inFlight += 1;
      void this.handle(line, batch);
    }
  }

  private async handle(line: Line, batch: readonly Waiting[]): Promise<void> {
    let failed: ReadonlySet<string>;
    try {
      failed = new Set(await line.consumer(batch.map((item) => item.envelope)));
    } catch (error) {
      this.ports.log.error('bus.batch-failed', { topic: batch[0]?.envelope.topic ?? '', reason: String(error) });
      failed = new Set(batch.map((item) => item.envelope.eventId));
    }
    for (const item of batch) line.keysInFlight.delete(item.envelope.key);
    line.inFlight -= 1;
    const again = batch.filter((item) => failed.has(item.envelope.eventId) && item.tries + 1 < TRIES_MAX);
    if (again.length > 0) {
      void this.ports.clock.sleep(RETRY_AFTER_MS).then(() => {
        line.waiting.push(...again.map((item) => ({ ...item, tries: item.tries + 1 })));
        this.pump(line);
      });
    }
    this.pump(line);
  }
}

/** Oldest messages whose key is not being handled; several of one key go in one batch, in order. */
function takeBatch(line: Line): Waiting[] {
  const batch: Waiting[] = [];
  const mine = new Set<string>();
  const left: Waiting[] = [];
  let i = 0;
  for (; i < line.waiting.length && batch.length < line.options.batchMax; i += 1) {
    const item = line.waiting[i];
    if (!item) continue;
    if (line.keysInFlight.has(item.envelope.key) && !mine.has(item.envelope.key)) {
      left.push(item);
    } else {
      mine.add(item.envelope.key);
      line.keysInFlight.add(item.envelope.key);
      batch.push(item);
    }
  }
  line.waiting = [...left, ...line.waiting.slice(i)];
  return batch;
}
