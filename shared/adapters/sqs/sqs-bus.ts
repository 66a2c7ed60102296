import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { AppError } from '../../errors';
import type { Bus, BusMessage, Topic } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { Random } from '../../ports/random';
import type { EnvelopeWriter, SealedMessage } from '../envelopes';
import { pack } from '../envelopes';
import { failureOf } from './sqs-failure';

/** What SendMessageBatch takes: ten entries, 256 KB in all. (AWS takes 1 MiB since 2025; what is sent here needs less.) */
const BATCH = { countMax: 10, bytesMax: 256 * 1024 };

/** Batches of one publish in the air at once: 4 × 10 messages in some 10 ms keep up with any batch of a function. */
const REQUESTS_AT_ONCE = 4;

/** Tries of a batch in all, and the longest pause before the next: 100, 200, 400 ms, of which chance takes a part. */
const TRIES_MAX = 4;
const FIRST_PAUSE_MS = 100;

/**
 * A publish ends after this time at the latest: longer would hold up an answer that a platform waits for (Doudian some
 * seconds), while the sweep finds within a minute what the message would have told.
 */
const PUBLISH_MS_MAX = 4_000;

/** Left for the run to end in. */
const SPARE_MS = 1_000;

export interface SqsConnection {
  readonly client: SQSClient;
  readonly queueUrls: Readonly<Record<Topic, string>>;
  readonly envelopes: EnvelopeWriter;
  readonly clock: Clock;
  readonly random: Random;
}

/** What of a batch was not accepted, and why. */
interface Left {
  readonly topic: Topic;
  readonly count: number;
  readonly reason: string;
}

/**
 * {@link Bus} on Amazon SQS, standard queues, one a topic. They cost less than FIFO queues and have no limit of 300
 * calls a second; order within a key is none of what the functions need. A batch accepted in part is sent again with what
 * failed alone, after a pause of chance; a time-out is sent again too, since a message that comes twice does no harm.
 */
export class SqsBus implements Bus {
  constructor(
    private readonly connection: SqsConnection,
    private readonly remainingMs: () => number,
  ) {}

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const { envelopes, clock } = this.connection;
    const sealed = envelopes.seal(messages);
    const untilMs = clock.nowMs() + Math.min(PUBLISH_MS_MAX, this.remainingMs() - SPARE_MS);
    const topics = [...new Set(sealed.map(({ envelope }) => envelope.topic))];
    const batches = topics.flatMap((topic) =>
      pack(
        sealed.filter(({ envelope }) => envelope.topic === topic),
        BATCH,
      ).map((batch) => ({ topic, batch })),
    );
    const limit = pLimit(REQUESTS_AT_ONCE);
    const sent = await Promise.all(batches.map(({ topic, batch }) => limit(() => this.send(topic, batch, untilMs))));
    const left = sent.filter((each) => each !== undefined);
    const [first] = left;
    if (!first) return;
    const notSent = left.reduce((sum, { count }) => sum + count, 0);
    const { topic, reason } = first;
    throw new AppError('BUS_UNAVAILABLE', { topic, reason, messages: messages.length, notSent });
  }

  /** Sends until all is accepted, or no other try can help or has time. */
  private async send(topic: Topic, batch: readonly SealedMessage[], untilMs: number): Promise<Left | undefined> {
    const { clock, random } = this.connection;
    let refused = 0;
    let open = batch;
    let reason = 'no time';
    for (let tried = 0; open.length > 0 && clock.nowMs() < untilMs; ) {
      const outcome = await this.attempt(topic, open, untilMs - clock.nowMs());
      refused += outcome.refused;
      open = outcome.again;
      reason = outcome.reason ?? reason;
      tried += 1;
      if (open.length === 0 || tried >= TRIES_MAX) break;
      const pauseMs = random.next() * FIRST_PAUSE_MS * 2 ** (tried - 1);
      if (clock.nowMs() + pauseMs >= untilMs) break;
      await clock.sleep(pauseMs);
    }
    const count = refused + open.length;
    return count === 0 ? undefined : { topic, count, reason };
  }

  private async attempt(
    topic: Topic,
    batch: readonly SealedMessage[],
    leftMs: number,
  ): Promise<{ again: readonly SealedMessage[]; refused: number; reason?: string }> {
    const { client, queueUrls } = this.connection;
    const entries = batch.map(({ text }, i) => ({ Id: String(i), MessageBody: text }));
    try {
      const { Failed: failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrls[topic], Entries: entries }),
        { abortSignal: AbortSignal.timeout(Math.ceil(leftMs)) },
      );
      // What SQS calls the sender's fault would be one at the next try, too.
      const again = failed.filter(({ SenderFault: ours }) => ours !== true);
      const [first] = failed;
      return {
        again: again.flatMap(({ Id: id }) => batch[Number(id)] ?? []),
        refused: failed.length - again.length,
        ...(first && { reason: first.Code ?? 'unknown' }),
      };
    } catch (error) {
      const { mayHelp, reason } = failureOf(error);
      return mayHelp ? { again: batch, refused: 0, reason } : { again: [], refused: batch.length, reason };
    }
  }
}
