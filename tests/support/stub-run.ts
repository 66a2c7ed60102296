import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import { MemoryStore } from '../../shared/adapters/memory/memory-store';
import type { PlatformOrder } from '../../shared/domain/order/platform-order';
import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import type { BusMessage } from '../../shared/ports/bus';
import type {
  Channel,
  ListingRef,
  ListingsPart,
  OrderStamp,
  StockWrite,
  StockWriteResult,
} from '../../shared/ports/channel';
import type { Store } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { ListLog } from './list-log';
import { stepConfig } from './step-config';
import { ManualClock } from './manual-clock';
import { SeededRandom } from './seeded-random';

const never = async (): Promise<never> => {
  throw new Error('not called in this test');
};

/** One shop on a platform that a test answers for. Orders are their own JSON. */
export class StubChannel implements Channel {
  readonly id = 'taobao';
  readonly intake: Channel['intake'] = { kind: 'poll', consume: never, confirm: never };
  stockWrite: Channel['stockWrite'] = { set: true, idempotentAdd: false, writesPerCallMax: 10, oneItemPerCall: false };
  readonly written: StockWrite[] = [];
  shownQty = 0;
  /** Called before each answer to a read or a write. */
  before: () => Promise<void> = async () => undefined;
  /** Answers all writes, where set. */
  answer: StockWriteResult | undefined;

  /** Orders that the list by modified time tells of. */
  modified: readonly OrderStamp[] = [];
  fetchOrder: Channel['fetchOrder'] = never;

  readOrder(rawText: string): PlatformOrder {
    return JSON.parse(rawText) as PlatformOrder;
  }

  async *listModified(): AsyncGenerator<readonly OrderStamp[]> {
    yield this.modified;
  }

  async *listListings(): AsyncGenerator<ListingsPart> {
    // Nothing is on sale.
  }

  async readStock(): Promise<number> {
    await this.before();
    return this.shownQty;
  }

  async writeStock(_access: unknown, writes: readonly StockWrite[]): Promise<StockWriteResult[]> {
    await this.before();
    this.written.push(...writes);
    if (this.answer) return writes.map(() => this.answer as StockWriteResult);
    return writes.map(({ mode, qty }) => {
      this.shownQty = mode === 'add' ? this.shownQty + qty : qty;
      return { kind: 'applied', shownQty: this.shownQty };
    });
  }
}

export const SHOP: Shop = {
  ...{ id: 'tb', channel: 'taobao', title: '旗舰店', platformShopId: '', warehouseIds: ['DC'], active: true },
  ...{ writesPerSecond: 100, writeBurst: 100, version: 1 },
};

export const LISTING: ListingRef = { itemId: '654321', platformSkuId: '4711' };

/** Everything that a step needs, in memory, and what a test looks at. */
export class StubRun implements Run {
  readonly clock = new ManualClock();
  readonly channel = new StubChannel();
  readonly published: BusMessage[] = [];
  readonly requestId = 'r1';
  readonly config = stepConfig();
  readonly ports: Run['ports'];

  constructor(readonly store: Store = new MemoryStore()) {
    this.ports = {
      ...{
        store,
        clock: this.clock,
        random: new SeededRandom(1),
        log: new ListLog(),
        pool: new InProcessPool(this.clock, new SeededRandom(2)),
      },
      bus: { publish: async (messages) => void this.published.push(...messages) },
      channels: { taobao: this.channel, doudian: this.channel },
      access: ({ id, platformShopId }) => ({ shopId: id, platformShopId, appKey: '', appSecret: '', accessToken: '' }),
    };
  }

  remainingMs(): number {
    return 60_000;
  }

  /** The shop, and one of our SKUs. */
  async withShop(): Promise<this> {
    await this.store.put({ key: keys.shop(SHOP.id), expect: 0, value: SHOP });
    await this.store.put({ key: keys.sku('TEE'), expect: 0, value: { id: 'TEE', title: '短袖', version: 1 } });
    return this;
  }
}
