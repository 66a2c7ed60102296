import { isLosslessNumber } from 'lossless-json';
import { beijingText } from '../../../infra/local/sandbox/platform-time';
import type { SandboxConfig } from '../../../infra/local/sandbox/config';
import { doudianSign } from '../../../infra/local/sandbox/doudian/sign';
import { parseExact } from '../../../infra/local/sandbox/json';
import type { Sandbox, SandboxOptions } from '../../../infra/local/sandbox/sandbox';
import { startSandbox } from '../../../infra/local/sandbox/sandbox';
import { signMethodOf, topSign } from '../../../infra/local/sandbox/taobao/sign';

export const TAOBAO = { appKey: '23400001', appSecret: 'secret-of-the-top-app', accessToken: 'session-of-tmall-1' };
export const DOUDIAN = {
  appKey: '7012345678901234567',
  appSecret: 'secret-of-the-dy-app',
  accessToken: 'token-of-dy-1',
};

export const CONFIG: SandboxConfig = {
  shops: [
    { shopId: 'tmall-1', channel: 'taobao', title: '一盘货旗舰店', ...TAOBAO },
    { shopId: 'dy-1', channel: 'doudian', title: '一盘货抖音店', platformShopId: '4463798', ...DOUDIAN },
  ],
  seed: 1,
};

/** Item with two SKUs, and an item that sells itself. Ids above 2^53 on purpose: 9007199254740993 is 2^53 + 1. */
export const SHIRT = '9007199254740993001';
export const SHIRT_WHITE = '9007199254740993101';
export const SHIRT_BLACK = '9007199254740993102';
export const BAG = '9007199254740993002';

/** A sandbox with both items in both shops: 10 white and 3 black shirts, 5 bags. */
export class TestBench {
  private constructor(
    readonly sandbox: Sandbox,
    private readonly nowMs: () => number,
  ) {}

  static async open(config: Partial<SandboxConfig> = {}, options: SandboxOptions = {}): Promise<TestBench> {
    const bench = new TestBench(await startSandbox({ ...CONFIG, ...config }, options), options.nowMs ?? Date.now);
    for (const shopId of ['tmall-1', 'dy-1']) {
      await bench.post('/sandbox/items', {
        shopId,
        items: [
          {
            itemId: SHIRT,
            title: '纯棉T恤',
            merchantCode: 'SHIRT',
            priceFen: 9_900,
            skus: [
              { skuId: SHIRT_WHITE, merchantCode: 'SHIRT-W', title: '白色 L', priceFen: 9_900, stockQty: 10 },
              { skuId: SHIRT_BLACK, merchantCode: 'SHIRT-B', title: '黑色 L', priceFen: 10_900, stockQty: 3 },
            ],
          },
          { itemId: BAG, title: '帆布包', merchantCode: 'BAG', priceFen: 4_550, stockQty: 5 },
        ],
      });
    }
    return bench;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  async post(path: string, body: unknown = {}): Promise<{ status: number; body: Tree }> {
    return this.control(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async put(path: string, body: unknown): Promise<{ status: number; body: Tree }> {
    return this.control(path, { method: 'PUT', body: JSON.stringify(body) });
  }

  async get(path: string): Promise<Tree> {
    return (await this.control(path, {})).body;
  }

  /** Places an order that must succeed; returns its number. */
  async buy(shopId: string, order: Record<string, unknown>): Promise<string> {
    const { status, body } = await this.post('/sandbox/orders', { shopId, ...order });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return String(body['orderNo']);
  }

  /** The stock a shop shows of one SKU, or of an item that sells itself. */
  async stock(shopId: string, itemId: string, skuId?: string): Promise<number> {
    const { items } = await this.get(`/sandbox/items?shopId=${shopId}`);
    const item = list(items).find((candidate) => candidate['itemId'] === itemId);
    const unit = skuId === undefined ? item : list(item?.['skus']).find((sku) => sku['skuId'] === skuId);
    return Number(unit?.['stockQty']);
  }

  /** A properly signed Taobao call; `change` may spoil it. */
  async top(method: string, params: Record<string, string>, change: TopChange = {}): Promise<string> {
    const all = new Map(
      Object.entries({
        method,
        app_key: TAOBAO.appKey,
        session: TAOBAO.accessToken,
        timestamp: beijingText(this.nowMs()),
        format: 'json',
        v: '2.0',
        sign_method: 'hmac-sha256',
        ...params,
        ...change.params,
      }),
    );
    for (const name of change.without ?? []) all.delete(name);
    const signMethod = signMethodOf(all.get('sign_method') ?? '') ?? 'md5';
    if (!all.has('sign')) all.set('sign', topSign(all, TAOBAO.appSecret, signMethod));
    if (change.without?.includes('sign') === true) all.delete('sign');
    const response = await fetch(`${this.sandbox.url}/router/rest`, {
      method: 'POST',
      body: new URLSearchParams([...all]),
      signal: change.signal ?? null,
    });
    return response.text();
  }

  async topJson(method: string, params: Record<string, string>, change: TopChange = {}): Promise<Tree> {
    return exact(await this.top(method, params, change));
  }

  /** `code` and `sub_code` of a refused call, as text. */
  async topError(method: string, params: Record<string, string>, change: TopChange = {}): Promise<string> {
    const error = tree((await this.topJson(method, params, change))['error_response']) as Record<string, string>;
    return [error['code'], error['sub_code']].filter((part) => part !== undefined).join(' ');
  }

  /** A properly signed Doudian call. `paramJson` must be canonical. */
  async doudian(method: string, paramJson: string, change: Record<string, string> = {}): Promise<Tree> {
    const timestamp = Math.floor(this.nowMs() / 1_000).toString();
    const sign = doudianSign(
      { appKey: DOUDIAN.appKey, method, paramJson, timestamp, v: '2' },
      DOUDIAN.appSecret,
      change['sign_method'] ?? 'hmac-sha256',
    );
    const query = new URLSearchParams({
      app_key: DOUDIAN.appKey,
      method,
      access_token: DOUDIAN.accessToken,
      timestamp,
      v: '2',
      sign,
      sign_method: 'hmac-sha256',
      ...change,
    });
    const path = `/doudian/${method.replaceAll('.', '/')}`;
    const response = await fetch(`${this.sandbox.url}${path}?${query.toString()}`, { method: 'POST', body: paramJson });
    return exact(await response.text());
  }

  private async control(path: string, init: RequestInit): Promise<{ status: number; body: Tree }> {
    const response = await fetch(`${this.sandbox.url}${path}`, init);
    return { status: response.status, body: tree(await response.json()) };
  }
}

interface TopChange {
  readonly params?: Record<string, string>;
  readonly without?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A JSON object of unknown make-up. */
export type Tree = Readonly<Record<string, unknown>>;

export function tree(value: unknown): Tree {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${String(value)}`);
  return value as Tree;
}

export function list(value: unknown): Tree[] {
  return Array.isArray(value) ? value.map(tree) : [];
}

/** Parses with every number kept as text, so that ids above 2^53 can be compared. */
export function exact(text: string): Tree {
  return tree(numbersAsText(parseExact(text)));
}

function numbersAsText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (typeof value !== 'object' || value === null) return value;
  if (isLosslessNumber(value)) return value.toString();
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, numbersAsText(member)]));
}

/** Follows member names and list positions; undefined where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inside, step) =>
      typeof inside === 'object' && inside !== null ? (inside as Record<string, unknown>)[step] : undefined,
    value,
  );
}

export async function until(isSo: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const giveUpAtMs = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > giveUpAtMs) throw new Error('waited too long');
    await sleep(10);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
