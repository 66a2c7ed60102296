import { sortable } from '../domain/kernel/ids';
import { assert } from '../domain/kernel/assert';
import type { LedgerEntry } from '../domain/stock/ledger';
import type { PlacedEntry, StockOverview, StockSummary } from '../domain/stock/stock-summary';
import { countEntries, EMPTY_SUMMARY, overviewOf } from '../domain/stock/stock-summary';
import type { Ports } from '../ports/ports';
import type { Store } from '../ports/store';
import { keys, ledgerEntryOf, recentLedgerPartitions } from './keys';

type SummaryPorts = Pick<Ports, 'store' | 'clock'>;

/**
 * A ledger entry is saved so long after the time that it carries at most, ms: longer than a writer may take from deciding
 * an entry to saving it (a function lives 60 s) and clocks of writers and readers may differ, together. The index may
 * show it later still, by its own lag.
 */
export const LATE_ENTRY_MS = 150_000;

/** Entries counted by one put: a summary is some 30 KB, so that catching up writes 60 bytes for each. */
const ENTRIES_PER_PUT = 500;

const SUMMARY_KEYS = recentLedgerPartitions().map((_, shard) => keys.stockSummary(shard));

/** The summary of each shard as it is stored, in order of {@link recentLedgerPartitions}. */
export async function readSummaries(store: Store): Promise<{ version: number; value: StockSummary }[]> {
  const stored = await store.getMany<StockSummary>(SUMMARY_KEYS);
  return stored.map((document) => document ?? { version: 0, value: EMPTY_SUMMARY });
}

export interface Summarised {
  /** Entries counted by this run. */
  readonly entries: number;
  /** Everything before is counted, epoch ms; how far an old store's first runs have come. */
  readonly upToMs: number;
}

/**
 * Counts the ledger entries of every shard into its summary, each exactly once: the sums and the place up to which they
 * are counted are saved in one version-checked put, so that a crash leaves both or neither, and of two runs that overlap
 * one is refused. Entries are counted in order of their times, and only up to where no earlier one can appear any more.
 * That order is that of the index, which the sweep walks under the same assumption ({@link LATE_ENTRY_MS}).
 * Ends after about `entriesMax`, or when it may not go on; the next run goes on there. Costs what has moved: nothing is
 * written where nothing has.
 */
export async function summariseStock(
  ports: SummaryPorts,
  entriesMax: number,
  mayGoOn: () => boolean,
): Promise<Summarised> {
  const upToMs = Math.max(0, ports.clock.nowMs() - ports.store.indexLagMs - LATE_ENTRY_MS);
  const summaries = await readSummaries(ports.store);
  const shards = await Promise.all(
    summaries.map((stored, shard) =>
      summariseShard(ports, { shard, ...stored }, { upToMs, entriesMax: entriesMax / summaries.length, mayGoOn }),
    ),
  );
  return {
    entries: shards.reduce((sum, shard) => sum + shard.entries, 0),
    upToMs: Math.min(...shards.map((shard) => shard.upToMs)),
  };
}

async function summariseShard(
  { store, clock }: SummaryPorts,
  from: { shard: number; version: number; value: StockSummary },
  until: { upToMs: number; entriesMax: number; mayGoOn: () => boolean },
): Promise<Summarised> {
  let { version, value } = from;
  for (let entries = 0; ; ) {
    if (entries >= until.entriesMax || !until.mayGoOn()) return { entries, upToMs: timeOf(value.readTo) };
    const batch = await readEntries(store, from.shard, {
      ...{ after: value.readTo, upTo: sortable(until.upToMs), limit: ENTRIES_PER_PUT },
    });
    const next = countEntries(value, batch, clock.nowMs());
    if (next === value) return { entries, upToMs: until.upToMs };
    const saved = await store.put({ key: keys.stockSummary(from.shard), expect: version, value: next });
    // Another run is counting here: it goes on, and this one has counted nothing.
    if (saved === 'conflict') return { entries, upToMs: timeOf(value.readTo) };
    version += 1;
    value = next;
    entries += batch.length;
  }
}

const timeOf = (sort: string): number => Number(sort.split('#')[0]);

/** Entries of a shard behind a place, in order of the index. */
async function readEntries(
  store: Store,
  shard: number,
  { after, upTo, limit }: { after: string; upTo?: string; limit: number },
): Promise<PlacedEntry[]> {
  const partition = recentLedgerPartitions()[shard] ?? '';
  const range = { ...(after !== '' && { after }), ...(upTo !== undefined && { upTo }), limit };
  const hits = await store.queryIndex('list', partition, range);
  const entries = await store.getMany<LedgerEntry>(hits.map((hit) => hit.key));
  return hits.map(({ key, sort }, i) => {
    const stored = entries[i];
    assert(stored !== undefined, 'a ledger entry that an index shows is there for ever');
    return { ...ledgerEntryOf(key), sort, entry: stored.value };
  });
}

/** Stock as the summaries and what they have not counted yet say together. */
export interface LiveStock {
  readonly overview: StockOverview;
  /** Everything that moved before is in it, as far as the index shows it; epoch ms. */
  readonly asOfMs: number;
  /** False where more than the bound is not counted yet. */
  readonly complete: boolean;
}

/**
 * The stock of now: the summaries and, for each shard, the entries behind them, at most `tailMax` in all. Where there are
 * more, it is the stock of `asOfMs`.
 */
export async function readLiveStock({ store, clock }: SummaryPorts, tailMax: number): Promise<LiveStock> {
  const nowMs = clock.nowMs();
  const summaries = await readSummaries(store);
  const limit = Math.floor(tailMax / summaries.length);
  const shards = await Promise.all(
    summaries.map(async ({ value }, shard) => {
      const tail = await readEntries(store, shard, { after: value.readTo, limit });
      const cut = tail.length === limit;
      return { summary: countEntries(value, tail, nowMs), asOfMs: cut ? (tail.at(-1)?.entry.atMs ?? 0) : nowMs, cut };
    }),
  );
  return {
    overview: overviewOf(
      shards.map(({ summary }) => summary),
      nowMs,
    ),
    asOfMs: Math.min(...shards.map(({ asOfMs }) => asOfMs)),
    complete: !shards.some(({ cut }) => cut),
  };
}
