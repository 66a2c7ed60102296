import { doudianChannel } from '../../shared/adapters/channels/doudian/doudian';
import { taobaoChannel } from '../../shared/adapters/channels/taobao/taobao';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { ChannelId } from '../../shared/domain/order/platform-order';
import { AppError } from '../../shared/errors';
import type {
  Channel,
  ListingRef,
  OrderStamp,
  RawOrder,
  StockWrite,
  StockWriteResult,
} from '../../shared/ports/channel';
import type { Clock } from '../../shared/ports/clock';

/**
 * Both platforms in memory, behind the channel port: what goes over the wire is the platform's, so a call costs nothing
 * here and is counted. Everything that is ours (signatures, shapes, mapping of orders) is done by the real adapters.
 */
export class PlatformStandIn {
  /** Calls so far, by method. */
  readonly calls = new Map<string, number>();
  /** Writes so far: a call may hold several. */
  writes = 0;
  private readonly orders = new Map<string, RawOrder & { stamp: OrderStamp }>();
  private readonly shown = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly onCall: (method: string) => Promise<void> = async () => undefined,
  ) {}

  /** Makes an order known to the shops. */
  place(raw: RawOrder, modifiedAtMs: number): void {
    // 2: paid and to be shipped, in Doudian's numbers.
    this.orders.set(raw.orderNo, { ...raw, stamp: { orderNo: raw.orderNo, modifiedAtMs, platformStatus: '2' } });
  }

  /** A buyer takes one piece: the platform shows that much less at once. */
  buy(shopId: string, listing: ListingRef): void {
    this.shown.set(`${shopId}#${listingKey(listing)}`, this.shownQty(shopId, listing) - 1);
  }

  /** What a listing shows, pieces. */
  shownQty(shopId: string, listing: ListingRef): number {
    return this.shown.get(`${shopId}#${listingKey(listing)}`) ?? 0;
  }

  channels(): Readonly<Record<ChannelId, Channel>> {
    const options = { gatewayUrl: 'http://unused.invalid', timeoutMs: 1_000, clock: this.clock };
    const taobao = taobaoChannel(options);
    return {
      doudian: this.standFor(doudianChannel(options)),
      taobao: {
        ...this.standFor(taobao),
        intake: {
          kind: 'poll',
          consume: async () => {
            await this.count('consume');
            return [];
          },
          confirm: () => this.count('confirm'),
        },
      },
    };
  }

  private count(method: string): Promise<void> {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    return this.onCall(method);
  }

  private standFor(real: Channel): Channel {
    return {
      ...real,
      fetchOrder: async (_access, orderNo) => {
        await this.count('fetchOrder');
        const known = this.orders.get(orderNo);
        if (!known) throw new AppError('NOT_FOUND', { channel: real.id, orderNo });
        return { orderNo, text: known.text };
      },
      listModified: (_access, window) => this.listModified(real.id, window),
      readStock: async ({ shopId }, listing) => {
        await this.count('readStock');
        return this.shownQty(shopId, listing);
      },
      writeStock: ({ shopId }, writes) => this.write(shopId, writes),
    };
  }

  /** Orders of the bench are Doudian's. A platform tells the number of orders with the first page: one call for a page. */
  private async *listModified(
    channel: ChannelId,
    { fromMs, toMs }: { fromMs: number; toMs: number },
  ): AsyncGenerator<readonly OrderStamp[]> {
    await this.count('listModified');
    const stamps = channel === 'doudian' ? [...this.orders.values()].map(({ stamp }) => stamp) : [];
    const within = stamps.filter(({ modifiedAtMs }) => modifiedAtMs >= fromMs && modifiedAtMs <= toMs);
    // A page of either platform: 100.
    for (let from = 0; from < within.length; from += 100) {
      if (from > 0) await this.count('listModified');
      yield within.slice(from, from + 100);
    }
  }

  private async write(shopId: string, writes: readonly StockWrite[]): Promise<StockWriteResult[]> {
    await this.count('writeStock');
    this.writes += writes.length;
    return writes.map(({ listing, mode, qty }) => {
      const shownQty = mode === 'set' ? qty : this.shownQty(shopId, listing) + qty;
      this.shown.set(`${shopId}#${listingKey(listing)}`, shownQty);
      return { kind: 'applied', shownQty };
    });
  }
}
