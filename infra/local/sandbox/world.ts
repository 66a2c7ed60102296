import { AppliedKeys } from './applied-keys';
import { Catalogue } from './catalogue';
import type { DoudianShopConfig, SandboxConfig, ShopConfig, TaobaoShopConfig } from './config';
import { DEFAULT_REDELIVER_AFTER_MS } from './config';
import { GatewayCounters, ShopCounters } from './counters';
import { Dice, hash } from './dice';
import { doudianMessages, isPushAccepted, pushEnvelope } from './doudian/messages';
import type { Faults } from './faults';
import { NO_FAULTS } from './faults';
import { IdSource } from './ids';
import type { MessageDraft, Outbox } from './messages/message';
import { PollOutbox, PollQueue } from './messages/poll-queue';
import { PushOutbox } from './messages/push-outbox';
import type { Order, OrderEvent } from './order';
import { OrderBook } from './order-book';
import { OrderIndex } from './order-index';
import { unixSeconds } from './platform-time';
import type { DoudianShop, Shop, TaobaoShop } from './shop';
import { topMessage } from './taobao/messages';

/** First digits that tell families of ids apart. */
const TAOBAO_DIGIT = 3;
const DOUDIAN_DIGIT = 6;
const MESSAGE_DIGIT = 7;

/** Everything there is: shops, faults in force, counters. Lives in memory only. */
export class World {
  readonly shops: ReadonlyMap<string, Shop>;
  readonly orders = new OrderIndex();
  readonly gatewayCounters = new GatewayCounters();
  readonly dice: Dice;
  private readonly ids: IdSource;
  private readonly queues = new Map<string, PollQueue>();
  private readonly redeliverAfterMs: number;
  private faultsInForce = NO_FAULTS;

  constructor(
    config: SandboxConfig,
    readonly nowMs: () => number,
  ) {
    this.dice = new Dice(config.seed ?? 1);
    this.ids = new IdSource(nowMs());
    this.redeliverAfterMs = config.redeliverAfterMs ?? DEFAULT_REDELIVER_AFTER_MS;
    this.shops = new Map(config.shops.map((shop) => [shop.shopId, this.open(shop)]));
  }

  get faults(): Faults {
    return this.faultsInForce;
  }

  /** Chance starts again with new faults, so that the same faults and calls go the same way. */
  setFaults(faults: Faults): void {
    this.faultsInForce = faults;
    this.dice.reset();
  }

  close(): void {
    for (const shop of this.shops.values()) shop.outbox.close();
  }

  private open(config: ShopConfig): Shop {
    return config.channel === 'taobao' ? this.openTaobao(config) : this.openDoudian(config);
  }

  private openTaobao(config: TaobaoShopConfig): TaobaoShop {
    const counters = new ShopCounters();
    const queue = this.queueOf(config.appKey);
    const seller = { id: (2_200_000_000_000 + hash(config.shopId)).toString(), nick: config.title };
    const outbox = new PollOutbox(queue, seller, counters);
    const draft = (order: Order, event: OrderEvent): MessageDraft[] => {
      const message = topMessage({ shopId: config.shopId, nick: seller.nick }, order, event);
      return [{ ...message, messageId: this.ids.next(MESSAGE_DIGIT) }];
    };
    const catalogue = new Catalogue();
    const orders = this.bookOf(catalogue, outbox, draft, { leadingDigit: TAOBAO_DIGIT, loneLineSharesNumber: true });
    return { channel: 'taobao', config, catalogue, orders, counters, outbox, queue, appliedKeys: new AppliedKeys() };
  }

  private openDoudian(config: DoudianShopConfig): DoudianShop {
    const counters = new ShopCounters();
    const outbox = new PushOutbox(
      {
        nowMs: this.nowMs,
        faults: () => this.faultsInForce,
        dice: this.dice,
        counters,
        envelope: (messages) => pushEnvelope(config, messages),
        isAccepted: isPushAccepted,
      },
      config.pushUrl,
    );
    const draft = (order: Order, event: OrderEvent): MessageDraft[] =>
      doudianMessages(config, order, event).map(({ tag, data }) => {
        const seconds = unixSeconds(order.modifiedAtMs);
        const messageId = `${order.orderNo}${tag}:${seconds}:${order.orderNo}:${this.ids.next(MESSAGE_DIGIT)}`;
        return { messageId, topic: tag, content: data };
      });
    const catalogue = new Catalogue();
    const orders = this.bookOf(catalogue, outbox, draft, { leadingDigit: DOUDIAN_DIGIT, loneLineSharesNumber: false });
    return { channel: 'doudian', config, catalogue, orders, counters, outbox, appliedKeys: new AppliedKeys() };
  }

  private bookOf(
    catalogue: Catalogue,
    outbox: Outbox,
    drafts: (order: Order, event: OrderEvent) => MessageDraft[],
    numbering: { leadingDigit: number; loneLineSharesNumber: boolean },
  ): OrderBook {
    return new OrderBook({
      catalogue,
      ids: this.ids,
      ...numbering,
      nowMs: this.nowMs,
      publish: (order, event) => {
        for (const draft of drafts(order, event)) order.messages.push(outbox.send(draft));
      },
    });
  }

  private queueOf(appKey: string): PollQueue {
    const queue =
      this.queues.get(appKey) ??
      new PollQueue({
        nowMs: this.nowMs,
        redeliverAfterMs: this.redeliverAfterMs,
        faults: () => this.faultsInForce,
        dice: this.dice,
      });
    this.queues.set(appKey, queue);
    return queue;
  }
}
