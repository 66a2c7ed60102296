import { sortable } from '../../shared/domain/kernel/ids';
import type { Run } from '../../shared/platform/define-function';
import { keys, ledgerEntryOf, recentLedgerPartitions } from '../../shared/procedures/keys';
import { LATE_ENTRY_MS } from '../../shared/procedures/summarise-stock';
import type { SyncProgress } from '../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../shared/procedures/sync-progress';
import { captureChanges } from './capture-changes';

/** Ledger entries handed on in one go. */
const PAGE = 200;

/** Pages behind which the place is written down: what a killed run repeats at most, for one write per 5,000 entries. */
const PAGES_PER_SAVE = 25;

/** Name of the document that says how far a fill has come for which one run had not the time. */
const FILL_PROGRESS = 'pool-fill';

/** Where a fill goes on. Everything before is in the pool of this token, whoever has put it in. */
interface FillProgress {
  /** Token of the pool: one that was lost and is filled anew has another. */
  readonly fill: string;
  /** When the first run began: what the pool is filled up to in the end. Later runs may pass by what came since. */
  readonly startedAtMs: number;
  readonly fromMs: number;
  /** Partitions that are through; where all are, the fill has ended. */
  readonly through: number;
  /** The last place read in the next partition. */
  readonly after: string;
}

/**
 * Fills the pool with every ledger entry since the time up to which the shops' quantities are known to be computed. Ends
 * however much that is: a run that has no more time writes down where it is, and the next one goes on there, in the same pool
 * or not at all. Of runs that overlap each has read, or found written down, all that comes before its own place; so whichever
 * ends the fill has skipped nothing. Answers how many entries it looked at.
 */
export async function fillPool(run: Run, mayGoOn: () => boolean): Promise<number> {
  const { store, clock, pool } = run.ports;
  const startedAtMs = clock.nowMs();
  // Before anything is put in: if the pool is lost on the way, what it was given is lost with it, and it is not filled.
  const fill = await pool.beginFill();
  const stored = await store.get<FillProgress>(keys.progress(FILL_PROGRESS));
  const partitions = recentLedgerPartitions();
  const goesOn = stored?.value.fill === fill && stored.value.through < partitions.length;
  let at = goesOn ? stored.value : await beginning(store, fill, startedAtMs);
  let version = stored?.version ?? 0;
  const save = async (): Promise<boolean> => {
    const saved = await store.put<FillProgress>({ key: keys.progress(FILL_PROGRESS), expect: version, value: at });
    version += 1;
    return saved === 'saved';
  };
  // Bounded, or a busy store would grow as fast as it is read; a clock that is ahead may have written a little later.
  const upTo = `${sortable(at.startedAtMs + LATE_ENTRY_MS)}#\uffff`;
  const woken = new Set<string>();
  let entries = 0;
  for (let pages = 0; ; pages += 1) {
    const partition = partitions[at.through];
    if (partition === undefined) break;
    const pause = !mayGoOn();
    // Who is overtaken leaves the rest to the one who was faster, or to the next run.
    if (pages > 0 && (pause || pages % PAGES_PER_SAVE === 0) && !(await save())) return entries;
    if (pause) return entries;
    const hits = await store.queryIndex('list', partition, { after: at.after, upTo, limit: PAGE });
    const last = hits.at(-1);
    if (last) {
      const changed = hits.map((hit) => ledgerEntryOf(hit.key));
      await captureChanges(run.ports, changed, mayGoOn, woken);
      entries += hits.length;
      at = { ...at, after: last.sort };
    } else {
      at = { ...at, through: at.through + 1, after: sortable(at.fromMs) };
    }
  }
  await pool.endFill(fill, at.startedAtMs);
  // Behind it: who dies in between ends it once more. A fill that one run could do leaves nothing written down.
  if (goesOn || version !== (stored?.version ?? 0)) await save();
  return entries;
}

async function beginning(store: Run['ports']['store'], fill: string, startedAtMs: number): Promise<FillProgress> {
  const progress = await store.get<SyncProgress>(keys.progress(SYNC_PROGRESS));
  // Entries may show so much later than their time says: they are read again from so far back.
  const fromMs = Math.max(0, (progress?.value.computedUpToMs ?? 0) - LATE_ENTRY_MS - store.indexLagMs);
  return { fill, startedAtMs, fromMs, through: 0, after: sortable(fromMs) };
}
