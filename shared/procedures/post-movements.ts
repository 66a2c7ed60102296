import { sortable } from '../domain/kernel/ids';
import type { LedgerEntry, MovementOutcome, MovementRequest } from '../domain/stock/ledger';
import { decideEntry, MOVEMENTS_PER_ENTRY_MAX, outcomesIn } from '../domain/stock/ledger';
import type { StockKey } from '../domain/stock/movement';
import { stockKeyText } from '../domain/stock/movement';
import { AppError } from '../errors';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';
import { keys, recentLedgerPlace } from './keys';

/** Lost races for one ledger after which a batch gives up. Each loss means that somebody else got on. */
const RACES_MAX = 200;

/** Ledger entries read in one page when a writer catches up. */
const PAGE = 100;

export interface PostedEntry extends StockKey {
  readonly entry: LedgerEntry;
}

/** Last entries by stock key text; a key that is present with undefined has an empty ledger. */
export type KnownLedgers = Map<string, LedgerEntry | undefined>;

/** Last ledger entries of the given stock keys, read strongly consistent. */
export async function readLedgers(store: Store, stockKeys: readonly StockKey[]): Promise<KnownLedgers> {
  const unique = new Map(stockKeys.map((key) => [stockKeyText(key), key]));
  const read = [...unique].map(async ([text, key]): Promise<[string, LedgerEntry | undefined]> => {
    const [last] = await store.query<LedgerEntry>(keys.ledgerPartition(key), { limit: 1, descending: true });
    return [text, last?.value];
  });
  return new Map(await Promise.all(read));
}

/** Reads the ledgers that are not among the known ones, and adds them there. */
export async function learnLedgers(store: Store, stockKeys: readonly StockKey[], known: KnownLedgers): Promise<void> {
  const missing = stockKeys.filter((key) => !known.has(stockKeyText(key)));
  for (const [text, last] of await readLedgers(store, missing)) known.set(text, last);
}

/** The number that a known ledger ends with, 0 where nothing is known of it: what an intent has seen. */
export function seenIn(known: KnownLedgers): (key: StockKey) => number {
  return (key) => known.get(stockKeyText(key))?.number ?? 0;
}

/**
 * Enters intended movements into their ledgers, exactly once each, whatever is repeated or raced: every id ends with
 * one entry, applied or void. All movements of the batch for one ledger share one append (group commit).
 *
 * The intents must have been **saved** in their documents before. Safe: an intent saw its ledger at `seenNumber`, so its
 * id can only be behind that. Where the ledger still ends there, the put-if-absent at the next number proves that the
 * id is new; where it does not, the entries in between are read first.
 *
 * `known` is brought up to the last entry that was seen of each ledger, whoever wrote it: an intent that follows must not
 * be decided on a balance from before the movement that it undoes.
 */
export async function postMovements(
  deps: { store: Store; clock: Clock },
  requests: readonly MovementRequest[],
  known: KnownLedgers = new Map(),
): Promise<{ outcomes: Map<string, MovementOutcome>; entries: PostedEntry[] }> {
  const byLedger = new Map<string, MovementRequest[]>();
  for (const request of requests) {
    const text = stockKeyText(request.intent);
    byLedger.set(text, [...(byLedger.get(text) ?? []), request]);
  }
  const outcomes = new Map<string, MovementOutcome>();
  const entries: PostedEntry[] = [];
  await Promise.all(
    [...byLedger].map(async ([text, batch]) => {
      const posted = await postToLedger(deps, batch, known.has(text) ? { last: known.get(text) } : undefined);
      known.set(text, posted.last);
      for (const outcome of posted.outcomes) outcomes.set(outcome.id, outcome);
      entries.push(...posted.entries);
    }),
  );
  return { outcomes, entries };
}

async function postToLedger(
  deps: { store: Store; clock: Clock },
  batch: readonly MovementRequest[],
  known: { readonly last: LedgerEntry | undefined } | undefined,
): Promise<{ outcomes: MovementOutcome[]; entries: PostedEntry[]; last: LedgerEntry | undefined }> {
  const first = batch[0];
  if (!first) return { outcomes: [], entries: [], last: known?.last };
  const { warehouseId, skuId } = first.intent;
  const ledger = { warehouseId, skuId };
  const outcomes: MovementOutcome[] = [];
  const entries: PostedEntry[] = [];
  let pending = [...batch];
  const settle = (entry: LedgerEntry): void => {
    const found = outcomesIn(entry).filter((outcome) => pending.some((request) => request.intent.id === outcome.id));
    outcomes.push(...found);
    pending = pending.filter((request) => !found.some((outcome) => outcome.id === request.intent.id));
  };
  const seen = Math.min(...batch.map((request) => request.intent.seenNumber));
  let last: LedgerEntry | undefined;
  if (known && (known.last?.number ?? 0) === seen) {
    last = known.last;
  } else {
    const read = await readBehind(deps.store, ledger, seen);
    read.forEach(settle);
    last =
      read.at(-1) ??
      (seen > 0 ? (await deps.store.get<LedgerEntry>(keys.ledgerEntry(ledger, seen)))?.value : undefined);
  }
  for (let race = 0; pending.length > 0; ) {
    const chunk = pending.slice(0, MOVEMENTS_PER_ENTRY_MAX);
    const entry = decideEntry(last, chunk, deps.clock.nowMs());
    const result = await deps.store.put({
      key: keys.ledgerEntry(ledger, entry.number),
      expect: 0,
      value: entry,
      places: { list: recentLedgerPlace(ledger, entry) },
    });
    if (result === 'saved') {
      settle(entry);
      entries.push({ ...ledger, entry });
      last = entry;
      continue;
    }
    race += 1;
    if (race > RACES_MAX) throw new AppError('STOCK_CONTENDED', { ...ledger, races: race });
    const read = await readBehind(deps.store, ledger, last?.number ?? 0);
    read.forEach(settle);
    last = read.at(-1) ?? last;
  }
  return { outcomes, entries, last };
}

/** Entries of a ledger behind a number, oldest first. */
export async function readBehind(store: Store, ledger: StockKey, number: number): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let after = number; ; ) {
    const page = await store.query<LedgerEntry>(keys.ledgerPartition(ledger), { after: sortable(after), limit: PAGE });
    entries.push(...page.map((stored) => stored.value));
    const newest = entries.at(-1);
    if (page.length < PAGE || !newest) return entries;
    after = newest.number;
  }
}
