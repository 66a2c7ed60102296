import * as fc from 'fast-check';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import { decideEntry } from '../../../shared/domain/stock/ledger';
import type { MovementKind, StockKey } from '../../../shared/domain/stock/movement';
import { stockKeyText } from '../../../shared/domain/stock/movement';
import { AppError } from '../../../shared/errors';
import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../../shared/ports/store';
import { keys, recentLedgerPlace } from '../../../shared/procedures/keys';
import { readLiveStock, readSummaries, summariseStock } from '../../../shared/procedures/summarise-stock';
import { SummaryTally } from '../../../shared/procedures/summary-tally';

const T = Date.UTC(2026, 2, 8, 6, 0, 0);
const LAG_MS = 120_000;
/** A writer is 60 s late at most, and a clock 45 s off; writer and reader together make 150 s. */
const [SAVE_MS_MAX, SKEW_MS_MAX] = [60_000, 45_000];
const ALWAYS = (): boolean => true;

/** A store whose index shows each document as late as a test says, and whose puts may fail. */
class LateStore implements Store {
  readonly indexLagMs = LAG_MS;
  readonly documents = new MemoryStore();
  nowMs = T;
  fault: 'before' | 'after' | undefined;
  puts = 0;
  private readonly visibleFromMs = new Map<string, number>();

  get = <T>(key: Key): Promise<Stored<T> | undefined> => this.documents.get<T>(key);
  getMany = <T>(wanted: readonly Key[]): Promise<(Stored<T> | undefined)[]> => this.documents.getMany<T>(wanted);
  query = <T>(pk: string, range: Range): Promise<Stored<T>[]> => this.documents.query<T>(pk, range);
  scan = (after: Key | undefined, limit: number): Promise<Stored<unknown>[]> => this.documents.scan(after, limit);
  close = (): Promise<void> => this.documents.close();

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const all = await this.documents.queryIndex(index, partition, { ...range, limit: 100_000 });
    return all
      .filter(({ key }) => (this.visibleFromMs.get(`${key.pk}/${key.sk}`) ?? 0) <= this.nowMs)
      .slice(0, range.limit);
  }

  async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    const { fault } = this;
    this.fault = undefined;
    if (fault === 'before') throw new AppError('STORE_UNAVAILABLE', { fault });
    const result = await this.documents.put(put);
    this.puts += result === 'saved' ? 1 : 0;
    if (fault === 'after') throw new AppError('STORE_UNAVAILABLE', { fault });
    return result;
  }

  /** Appends to a ledger what was decided `lateMs` ago by a clock that is `skewMs` off. */
  async append(ledger: StockKey, entry: LedgerEntry, lagMs: number): Promise<void> {
    const key = keys.ledgerEntry(ledger, entry.number);
    this.visibleFromMs.set(`${key.pk}/${key.sk}`, this.nowMs + lagMs);
    const places = { list: recentLedgerPlace(ledger, entry) };
    expect(await this.documents.put({ key, expect: 0, value: entry, places })).toBe('saved');
  }
}

/** Ledgers as a test keeps them beside the store. */
class Books {
  readonly entries: { ledger: StockKey; entry: LedgerEntry }[] = [];
  private readonly last = new Map<string, LedgerEntry>();
  private movements = 0;

  next(ledger: StockKey, wanted: MovementKind, qty: number, atMs: number): LedgerEntry {
    const last = this.last.get(stockKeyText(ledger));
    const gives = wanted === 'release' || wanted === 'ship';
    // What is not held cannot be given back or sent.
    const kind = gives && (last?.balance.heldQty ?? 0) < qty ? 'receipt' : wanted;
    this.movements += 1;
    const source = { type: 'delivery-order', id: `tb#${this.movements}` } as const;
    const intent = { ...ledger, id: `m${this.movements}`, kind, qty, seenNumber: 0 };
    const entry = decideEntry(last, [{ intent, source, wanted: true }], atMs);
    this.last.set(stockKeyText(ledger), entry);
    this.entries.push({ ledger, entry });
    return entry;
  }

  /** Σ last balances by warehouse, as `on hand/held`. */
  balances(): Record<string, string> {
    const sums = new Map<string, { onHand: number; held: number }>();
    for (const [text, { balance }] of this.last) {
      const [warehouseId = ''] = text.split('#');
      const sum = sums.get(warehouseId) ?? { onHand: 0, held: 0 };
      sums.set(warehouseId, { onHand: sum.onHand + balance.onHandQty, held: sum.held + balance.heldQty });
    }
    return Object.fromEntries([...sums].map(([id, { onHand, held }]) => [id, `${onHand}/${held}`]));
  }
}

async function faultsOf(store: LateStore, books: Books): Promise<string[]> {
  const tally = new SummaryTally((await readSummaries(store)).map(({ value }) => value));
  const last = new Map<string, { ledger: StockKey; entry: LedgerEntry }>();
  for (const row of books.entries) {
    tally.entry({ ...row.ledger, entry: row.entry, places: { list: recentLedgerPlace(row.ledger, row.entry) } });
    last.set(stockKeyText(row.ledger), row);
  }
  for (const { ledger, entry } of last.values()) {
    tally.lastBalance(ledger.warehouseId, entry.balance, { list: recentLedgerPlace(ledger, entry) });
  }
  return tally.differences().map(({ what }) => what);
}

async function shown(store: Store, nowMs: number): Promise<Record<string, string>> {
  const live = await readLiveStock({ store, clock: clockAt(nowMs) }, 8_000);
  expect(live).toMatchObject({ complete: true, asOfMs: nowMs });
  const rows = live.overview.warehouses.map(({ warehouseId, onHandQty, heldQty }) => [
    warehouseId,
    `${onHandQty}/${heldQty}`,
  ]);
  return Object.fromEntries(rows) as Record<string, string>;
}

const clockAt = (ms: number) => ({ nowMs: () => ms, sleep: async () => undefined });
const ledgerOf = (n: number): StockKey => ({ warehouseId: n % 2 === 0 ? 'DC' : 'SRC', skuId: `S${n}` });

/** As often as not the worst that may be. */
const orWorst = (min: number, max: number) => fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));

const aMovement = fc.record({
  atMs: fc.integer({ min: 0, max: 600_000 }),
  lateMs: orWorst(0, SAVE_MS_MAX),
  skewMs: orWorst(-SKEW_MS_MAX, SKEW_MS_MAX),
  lagMs: orWorst(0, LAG_MS),
  ledger: fc.integer({ min: 0, max: 7 }),
  kind: fc.constantFrom<MovementKind>('receipt', 'hold', 'release', 'ship', 'adjustment-in'),
  qty: fc.integer({ min: 1, max: 9 }),
});
const aRun = fc.record({
  atMs: fc.integer({ min: 200_000, max: 1_200_000 }),
  skewMs: orWorst(-SKEW_MS_MAX, SKEW_MS_MAX),
  fault: fc.constantFrom<'none' | 'before' | 'after' | 'beside another'>('none', 'before', 'after', 'beside another'),
  entriesMax: fc.constantFrom(1, 8, 1_000),
});

describe('the stock summary', () => {
  it('counts each entry exactly once, however late it is saved or shown, whatever fails and overlaps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aMovement, { minLength: 20, maxLength: 80 }),
        fc.array(aRun, { minLength: 5, maxLength: 30 }),
        async (movements, runs) => {
          const [store, books] = [new LateStore(), new Books()];
          const actions = [
            ...movements.map((movement) => ({ atMs: movement.atMs + movement.lateMs, movement, run: null })),
            ...runs.map((run) => ({ atMs: run.atMs, movement: null, run })),
          ].sort((a, b) => a.atMs - b.atMs);
          for (const { atMs, movement, run } of actions) {
            store.nowMs = T + atMs;
            if (movement) {
              const ledger = ledgerOf(movement.ledger);
              const entry = books.next(ledger, movement.kind, movement.qty, T + movement.atMs + movement.skewMs);
              await store.append(ledger, entry, movement.lagMs);
              continue;
            }
            const clock = clockAt(store.nowMs + run.skewMs);
            store.fault = run.fault === 'before' || run.fault === 'after' ? run.fault : undefined;
            const all = Array.from({ length: run.fault === 'beside another' ? 2 : 1 }, () =>
              summariseStock({ store, clock }, run.entriesMax, ALWAYS),
            );
            await Promise.allSettled(all);
            store.fault = undefined;
            expect(await faultsOf(store, books)).toEqual([]);
          }
          store.nowMs = T + 3_600_000;
          expect(await shown(store, store.nowMs)).toEqual(books.balances());
          await summariseStock({ store, clock: clockAt(store.nowMs) }, 10_000, ALWAYS);
          expect(await faultsOf(store, books)).toEqual([]);
          const summaries = (await readSummaries(store)).map(({ value }) => value);
          expect(summaries.reduce((sum, { entries }) => sum + entries, 0)).toBe(books.entries.length);
          expect(await shown(store, store.nowMs)).toEqual(books.balances());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts nothing that an earlier entry may still appear before, and the page adds it all the same', async () => {
    const [store, books] = [new LateStore(), new Books()];
    await store.append(ledgerOf(0), books.next(ledgerOf(0), 'receipt', 5, T), 0);
    // 150 s of slow writers and 120 s of the index: at 270 s an entry of T may still come, after that none.
    const at = async (ms: number) => summariseStock({ store, clock: clockAt(T + ms) }, 100, ALWAYS);
    expect(await at(270_000)).toEqual({ entries: 0, upToMs: T });
    expect(await shown(store, T + 270_000)).toEqual({ DC: '5/0' });
    expect(await at(270_001)).toEqual({ entries: 1, upToMs: T + 1 });
    expect(await shown(store, T + 270_001)).toEqual({ DC: '5/0' });
  });

  it('writes nothing where nothing has moved', async () => {
    const [store, books] = [new LateStore(), new Books()];
    await store.append(ledgerOf(0), books.next(ledgerOf(0), 'receipt', 5, T), 0);
    for (const hours of [1, 2, 3]) {
      await summariseStock({ store, clock: clockAt(T + hours * 3_600_000) }, 100, ALWAYS);
    }
    expect(store.puts).toBe(1);
  });

  it('catches up with an old store in bounded steps, and says how far it has come', async () => {
    const [store, books] = [new LateStore(), new Books()];
    for (let n = 0; n < 3_000; n += 1) {
      await store.append(ledgerOf(0), books.next(ledgerOf(0), 'receipt', 1, T + n * 1_000), 0);
    }
    const nowMs = T + 7_200_000;
    const run = () => summariseStock({ store, clock: clockAt(nowMs) }, 4_000, ALWAYS);
    // All are of one shard, which has a quarter of the 4,000; two puts of 500.
    expect(await run()).toEqual({ entries: 1_000, upToMs: T + 999_000 });
    const live = await readLiveStock({ store, clock: clockAt(nowMs) }, 2_000);
    // 500 more are added: those up to number 1,500.
    expect(live).toMatchObject({ complete: false, asOfMs: T + 1_499_000 });
    expect(live.overview.warehouses).toEqual([{ warehouseId: 'DC', onHandQty: 1_500, heldQty: 0 }]);
    expect(await run()).toMatchObject({ entries: 1_000 });
    expect(await run()).toMatchObject({ entries: 1_000, upToMs: T + 2_999_000 });
    expect(await run()).toEqual({ entries: 0, upToMs: nowMs - 270_000 });
    expect(await faultsOf(store, books)).toEqual([]);
  });

  it('stops in time', async () => {
    const [store, books] = [new LateStore(), new Books()];
    await store.append(ledgerOf(0), books.next(ledgerOf(0), 'receipt', 5, T), 0);
    const clock = clockAt(T + 3_600_000);
    expect(await summariseStock({ store, clock }, 100, () => false)).toEqual({ entries: 0, upToMs: 0 });
  });
});
