import { receivePush } from '../../functions/order-ingestion/receive-push';
import type { PlatformOrder } from '../../shared/domain/order/platform-order';
import type { QuarantinedItem, ReceivedOrder } from '../../shared/domain/order/received-order';
import type { ErrorCode } from '../../shared/errors';
import { AppError } from '../../shared/errors';
import type { Store, Stored } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { platformOrder } from '../unit/domain/order/samples';
import { ListLog } from './list-log';
import { SHOP, StubChannel, StubRun } from './stub-run';

/** A platform with orders of which some cannot be had: each number answers its order, or fails with its error. */
class Pushing extends StubChannel {
  override readonly intake = {
    kind: 'push',
    verify: () => true,
    orderNos: (body: Uint8Array) => ({ orderNos: [Buffer.from(body).toString()], shopIds: [] }),
    ...{ acceptedBody: 'ok', refusedBody: 'again' },
  } as const;
  readonly orders = new Map<string, PlatformOrder | ErrorCode>();
  fetched: string[] = [];

  override fetchOrder = async (_access: unknown, orderNo: string) => {
    this.fetched.push(orderNo);
    const order = this.orders.get(orderNo) ?? 'NOT_FOUND';
    if (typeof order === 'string') throw new AppError(order, { orderNo });
    return { orderNo, text: JSON.stringify(order) };
  };

  override readOrder(rawText: string): PlatformOrder {
    const order = JSON.parse(rawText) as PlatformOrder;
    if (order.buyerMemo === 'unreadable') throw new AppError('ORDER_UNREADABLE', { field: 'memo' });
    return order;
  }

  has(orderNo: string, order: Partial<PlatformOrder> | ErrorCode, atMs: number): void {
    const facts = { orderNo, modifiedAtMs: atMs };
    this.orders.set(orderNo, typeof order === 'string' ? order : platformOrder({ ...order, ...facts }));
    this.modified = [
      ...this.modified.filter((stamp) => stamp.orderNo !== orderNo),
      { orderNo, modifiedAtMs: atMs, platformStatus: 'WAIT_SELLER_SEND_GOODS' },
    ];
  }
}

/** One shop on such a platform, and what stands in its quarantine. */
export class QuarantineBench extends StubRun {
  override readonly channel = new Pushing();
  readonly log = new ListLog();

  constructor(store?: Store) {
    super(store);
    Object.assign(this.ports.channels, { taobao: this.channel });
    Object.assign(this.ports, { log: this.log });
  }

  has(orderNo: string, order: Partial<PlatformOrder> | ErrorCode): void {
    this.channel.has(orderNo, order, this.clock.nowMs() - 60_000);
  }

  async held(orderNo: string): Promise<ReceivedOrder | undefined> {
    return (await this.store.get<ReceivedOrder>(keys.platformOrder(SHOP.id, orderNo)))?.value;
  }

  /** What the list shows. */
  async aside(): Promise<Stored<QuarantinedItem>[]> {
    const hits = await this.store.queryIndex('list', 'quarantine', { limit: 200 });
    const items = await this.store.getMany<QuarantinedItem>(hits.map(({ key }) => key));
    return items.flatMap((item) => item ?? []);
  }

  push(orderNo: string) {
    const path = `/webhooks/taobao/${SHOP.id}`;
    return receivePush({ method: 'POST', path, query: {}, headers: {}, rawBody: Buffer.from(orderNo) }, this.ports);
  }
}
