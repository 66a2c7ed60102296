import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import type { RatioStrategy } from '../../shared/domain/sync/ratio-strategy';
import { AppError } from '../../shared/errors';
import type { ListingRef, StockWrite, StockWriteResult } from '../../shared/ports/channel';
import type { IndexPlaces, Key } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { mappingPlaces } from '../../shared/procedures/map-listings';
import { SHOP, StubChannel, StubRun } from './stub-run';

/** A platform with a shelf of many listings, whose calls take as long as a test says. */
export class ShelfChannel extends StubChannel {
  readonly shelf = new Map<string, number>();
  readonly begunAtMs: number[] = [];
  tookMs = 0;
  /** Called when the time of a call is over; throws where it comes to nothing. */
  then: (itemIds: readonly string[]) => void = () => undefined;

  constructor(private readonly clock: StubRun['clock']) {
    super();
  }

  /** Every call runs into its time limit, so long. */
  hang(tookMs: number): void {
    this.tookMs = tookMs;
    this.then = () => {
      throw new AppError('CHANNEL_UNREACHABLE', { reason: 'TIMEOUT' });
    };
  }

  answersAgain(): void {
    this.tookMs = 0;
    this.then = () => undefined;
  }

  private async called(...listings: readonly ListingRef[]): Promise<void> {
    this.begunAtMs.push(this.clock.nowMs());
    if (this.tookMs > 0) await this.clock.sleep(this.tookMs);
    this.then(listings.map(({ itemId }) => itemId));
  }

  override async readStock(_access?: unknown, listing?: ListingRef): Promise<number> {
    if (listing) await this.called(listing);
    return this.shelf.get(listing?.itemId ?? '') ?? 0;
  }

  override async writeStock(_access: unknown, writes: readonly StockWrite[]): Promise<StockWriteResult[]> {
    await this.called(...writes.map(({ listing }) => listing));
    this.written.push(...writes);
    return writes.map(({ listing: { itemId }, mode, qty }) => {
      const shownQty = mode === 'add' ? (this.shelf.get(itemId) ?? 0) + qty : qty;
      this.shelf.set(itemId, shownQty);
      return { kind: 'applied', shownQty };
    });
  }
}

export const RUN_MS = 60_000;

/** Two shops that show all of what is in DC: `tb` takes plain sets, `dy` keyed additions, so that it is read first. */
export class TwoShops extends StubRun {
  readonly tb = new ShelfChannel(this.clock);
  readonly dy = new ShelfChannel(this.clock);
  private endsAtMs = Number.POSITIVE_INFINITY;

  override remainingMs(): number {
    return this.endsAtMs - this.clock.nowMs();
  }

  async begin(): Promise<this> {
    this.dy.stockWrite = { set: true, idempotentAdd: true, writesPerCallMax: 50, oneItemPerCall: false };
    Object.assign(this.ports.channels, { taobao: this.tb, doudian: this.dy });
    await this.addShop('tb', 'taobao');
    await this.addShop('dy', 'doudian');
    return this;
  }

  async addShop(id: string, channel: 'taobao' | 'doudian'): Promise<void> {
    await this.save(keys.shop(id), { ...SHOP, id, channel });
    const switches = { shopId: id, stockSyncEnabled: true, reserveQty: 0, maxQty: null, version: 1, resync: null };
    await this.save(keys.shopStrategy(id), switches);
    const strategy: RatioStrategy = {
      ...{ id: `R-${id}`, name: id, enabled: true, shopIds: [id], skuIds: null, warehouseIds: ['DC'], ratioBp: 10_000 },
      ...{ priority: 0, validFromMs: null, validToMs: null, version: 1, resync: null },
    };
    await this.save(keys.ratioStrategy(`R-${id}`), strategy);
  }

  /** So many SKUs with 5 pieces each, listed as item `‹shop›001`, … in one shop. */
  async list(shopId: string, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, n) => `${shopId}${String(n + 1).padStart(3, '0')}`);
    for (const id of ids) await this.map(shopId, id, id);
    return ids;
  }

  async map(shopId: string, itemId: string, skuId: string): Promise<void> {
    const mapping: ItemMapping = {
      ...{ shopId, itemId, platformSkuId: '1', skuId, source: 'manual', merchantCode: null, title: '短袖' },
      ...{ version: 1, resync: null },
    };
    await this.save(keys.mapping(shopId, mapping), mapping, mappingPlaces(mapping, this.clock.nowMs()));
    const balance = { onHandQty: 5, heldQty: 0 };
    const entry: LedgerEntry = { number: 1, movements: [], balance, atMs: this.clock.nowMs() };
    await this.save(keys.ledgerEntry({ warehouseId: 'DC', skuId }, 1), entry);
  }

  async save<T>(key: Key, value: T, places: IndexPlaces = {}): Promise<void> {
    const stored = await this.store.get(key);
    await this.store.put({ key, expect: stored?.version ?? 0, value, places });
  }

  async moved(...skuIds: readonly string[]): Promise<void> {
    await this.ports.pool.touch(skuIds.map((skuId) => ({ skuId, atMs: this.clock.nowMs() })));
  }

  async waiting(): Promise<string[]> {
    return (await this.ports.pool.list(1_000)).map(({ skuId }) => skuId);
  }

  /** One call of the function: it has a minute, and nothing that it does takes longer. */
  async timer<R>(step: (run: TwoShops) => Promise<R>): Promise<R> {
    const startedMs = this.clock.nowMs();
    this.endsAtMs = startedMs + RUN_MS;
    let tookMs = Number.POSITIVE_INFINITY;
    const run = step(this).finally(() => (tookMs = this.clock.nowMs() - startedMs));
    // Where it fails, the test learns of it below.
    run.catch(() => undefined);
    await this.clock.advance(RUN_MS);
    if (tookMs > RUN_MS) throw new Error('the run was killed');
    return run;
  }
}
