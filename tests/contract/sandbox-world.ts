import { type Sandbox, startSandbox } from '../../infra/local/sandbox/sandbox';
import { doudianChannel } from '../../shared/adapters/channels/doudian/doudian';
import { taobaoChannel } from '../../shared/adapters/channels/taobao/taobao';
import type { Channel, ListingRef, ShopAccess } from '../../shared/ports/channel';
import type { Clock } from '../../shared/ports/clock';

export type ChannelUnderTest = 'taobao' | 'doudian';

/** 1 October 2026, 10:00 in Shanghai. */
const START_MS = Date.parse('2026-10-01T02:00:00Z');
/** Long enough for an answer on this machine, short enough to wait for one that never comes. */
const TIMEOUT_MS = 2_000;

const KEYS = {
  taobao: { shopId: 'tb-1', appKey: '23400001', appSecret: '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5', platformShopId: '' },
  doudian: {
    shopId: 'dd-1',
    appKey: '7012345678901234567',
    appSecret: '3f2b1a0c-1111-4222-8333-444455556666',
    platformShopId: '4463798',
  },
} as const;

/** Goods of the shop. Ids beyond 2^53, as on Doudian. */
export const TEE = '3473196049974326153';
export const TEE_RED: ListingRef = { itemId: TEE, platformSkuId: '1736502463777799123' };
export const TEE_BLUE: ListingRef = { itemId: TEE, platformSkuId: '1736502463777799124' };
export const MUG = '3473196049974326199';

export interface OrderView {
  readonly orderNo: string;
  readonly lines: readonly { readonly lineNo: string }[];
}

/** A platform on the wire, with one shop, and the adapter that speaks to it. Time stands still unless told. */
export class SandboxWorld {
  private nowMs = START_MS;

  private constructor(
    readonly id: ChannelUnderTest,
    private readonly sandbox: { value?: Sandbox },
  ) {}

  static async open(id: ChannelUnderTest): Promise<SandboxWorld> {
    const world = new SandboxWorld(id, {});
    const { platformShopId, ...account } = KEYS[id];
    const shop = { ...account, title: '测试店', accessToken: `token-${id}` };
    world.sandbox.value = await startSandbox(
      {
        shops: [id === 'doudian' ? { ...shop, channel: id, platformShopId } : { ...shop, channel: id }],
        redeliverAfterMs: 3_000,
      },
      { nowMs: () => world.nowMs },
    );
    const red = {
      skuId: '1736502463777799123',
      title: '红色 L',
      merchantCode: 'TEE-RED-L',
      priceFen: 9950,
      stockQty: 1000,
    };
    const blue = { ...red, skuId: '1736502463777799124', title: '蓝色 M', merchantCode: 'TEE-BLUE-M' };
    const tee = { itemId: TEE, title: '纯棉短袖T恤', merchantCode: 'TEE', priceFen: 9950, skus: [red, blue] };
    const mug = { itemId: MUG, title: '马克杯', merchantCode: 'MUG', priceFen: 2500, stockQty: 40 };
    await world.control('POST', '/items', { shopId: account.shopId, items: [tee, mug] });
    return world;
  }

  close(): Promise<void> {
    return this.url === '' ? Promise.resolve() : (this.sandbox.value?.close() ?? Promise.resolve());
  }

  get clock(): Clock {
    return { nowMs: () => this.nowMs, sleep: async () => undefined };
  }

  get access(): ShopAccess {
    return { ...KEYS[this.id], accessToken: `token-${this.id}` };
  }

  get channel(): Channel {
    const options = { timeoutMs: TIMEOUT_MS, clock: this.clock };
    return this.id === 'taobao'
      ? taobaoChannel({ ...options, gatewayUrl: `${this.url}/router/rest` })
      : doudianChannel({ ...options, gatewayUrl: `${this.url}/doudian` });
  }

  /** An item without SKUs: Doudian gives it one SKU that carries the item's id. */
  get mug(): ListingRef {
    return { itemId: MUG, platformSkuId: this.id === 'doudian' ? MUG : null };
  }

  passMs(ms: number): void {
    this.nowMs += ms;
  }

  /** A buyer orders; returns the order's number. */
  async buy(order: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const line = { itemId: TEE, skuId: TEE_RED.platformSkuId, quantity: 1 };
    const body = { shopId: KEYS[this.id].shopId, lines: [line], ...order };
    const { orderNo } = await this.control<{ orderNo: string }>('POST', '/orders', body);
    return orderNo;
  }

  order(orderNo: string): Promise<OrderView> {
    return this.control('GET', `/orders/${orderNo}`);
  }

  async changeMemo(orderNo: string, sellerMemo: string): Promise<void> {
    await this.control('POST', `/orders/${orderNo}/memo`, { sellerMemo });
  }

  /** Replaces the faults in force; none named, none left. */
  async fail(faults: Readonly<Record<string, unknown>>): Promise<void> {
    await this.control('PUT', '/faults', faults);
  }

  async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  private get url(): string {
    return this.sandbox.value?.url ?? '';
  }
}

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
