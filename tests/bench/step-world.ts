import { auditBatch } from '../../functions/auto-audit/audit-delivery-orders';
import { convertBatch } from '../../functions/document-conversion/convert-batch';
import { receivePush } from '../../functions/order-ingestion/receive-push';
import { captureBatch } from '../../functions/stock-change-capture/capture-changes';
import { QUEUES } from '../../infra/local/host/queues';
import { AppError } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import type { BusEnvelope, BusMessage, Topic } from '../../shared/ports/bus';
import type { Clock } from '../../shared/ports/clock';
import type { Log } from '../../shared/ports/log';
import type { Pool } from '../../shared/ports/pool';
import type { Random } from '../../shared/ports/random';
import type { Store } from '../../shared/ports/store';
import { DOUDIAN_SHOP } from './brand';
import type { DoudianOrder } from './doudian-orders';
import { PUSH_PATH } from './doudian-orders';
import type { PlatformStandIn } from './platform-stand-in';
import { stepConfig } from '../support/step-config';

export const BENCH_USER = { token: 'bench-user-token-0000', id: 'ops', name: '运营', role: 'admin' } as const;

const CONFIG = stepConfig([BENCH_USER]);

/** For what measures speed: no line and no metric is kept. */
const SILENT: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  count: () => undefined,
  gauge: () => undefined,
};

/** A function's time, as deployed. */
const RUN_MS = 60_000;

/** What listens to each topic. */
const CONSUMERS: Readonly<
  Record<Topic, (batch: readonly BusEnvelope[], run: Run) => Promise<ReadonlyMap<string, unknown>>>
> = {
  'platform-order-changed': convertBatch,
  'delivery-order-ready': auditBatch,
  'stock-changed': captureBatch,
};

/** What a world is made of. */
export interface WorldParts {
  readonly store: Store;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly random: Random;
  readonly platform: PlatformStandIn;
  readonly log?: Log;
  /** Told of messages as they are sent; sending ends with it. */
  readonly sent?: (messages: number) => Promise<void>;
  /** Around every call of a function. */
  readonly around?: <R>(functionName: string, call: () => Promise<R>) => Promise<R>;
}

/**
 * The steps of the functions, called as their triggers call them, without a process or a wire between: pushes go in,
 * messages are brought in batches of the size that the queues are deployed with, timers run when they are told to.
 */
export class StepWorld {
  readonly run: Run;
  private readonly queues = new Map<Topic, BusEnvelope[]>();
  private eventNo = 0;

  constructor(private readonly parts: WorldParts) {
    const { store, pool, clock, random, platform, log = SILENT } = parts;
    this.run = {
      config: CONFIG,
      requestId: 'bench',
      remainingMs: () => RUN_MS,
      ports: {
        ...{ store, pool, clock, random, log, channels: platform.channels() },
        bus: { publish: (messages) => this.accept(messages) },
        access: ({ id, platformShopId }) => {
          const { appKey, appSecret, accessToken } = DOUDIAN_SHOP;
          return { shopId: id, platformShopId, appKey, appSecret, accessToken };
        },
      },
    };
  }

  /** A platform pushes a message of this order, which its shop has. Throws where it is not acknowledged. */
  async push(order: DoudianOrder): Promise<void> {
    const request = { method: 'POST', path: PUSH_PATH, query: {}, headers: order.push.headers };
    const answer = await this.call('order-ingestion', () =>
      receivePush({ ...request, rawBody: Buffer.from(order.push.body) }, this.run.ports),
    );
    if (answer.statusCode !== 200) throw new Error(`the push of order ${order.orderNo} got ${answer.statusCode}`);
  }

  /** Brings what waits until nothing does, one batch after the other. Throws where a message failed. */
  async deliver(): Promise<void> {
    for (;;) {
      const topic = QUEUES.find((queue) => (this.queues.get(queue.topic)?.length ?? 0) > 0);
      if (!topic) return;
      const batch = this.queues.get(topic.topic)?.splice(0, topic.batchMax) ?? [];
      const failures = await this.call(topic.functionName, () => CONSUMERS[topic.topic](batch, this.run));
      for (const error of failures.values())
        throw error instanceof AppError ? error : new Error('a message failed', { cause: error });
    }
  }

  /** Calls a function's step: a timer's, or that of a person's request. */
  async invoke(functionName: string, step: (run: Run) => Promise<unknown>): Promise<void> {
    await this.call(functionName, () => step(this.run));
  }

  private call<R>(functionName: string, step: () => Promise<R>): Promise<R> {
    return this.parts.around ? this.parts.around(functionName, step) : step();
  }

  private async accept(messages: readonly BusMessage[]): Promise<void> {
    for (const topic of new Set(messages.map((message) => message.topic))) {
      const ofTopic = messages.filter((message) => message.topic === topic);
      await this.parts.sent?.(ofTopic.length);
      const queue = this.queues.get(topic) ?? [];
      this.queues.set(topic, queue);
      for (const message of ofTopic) {
        this.eventNo += 1;
        queue.push({
          ...{ eventId: `bench-${this.eventNo}`, sequence: this.eventNo, atMs: this.parts.clock.nowMs() },
          ...message,
        });
      }
    }
  }
}
