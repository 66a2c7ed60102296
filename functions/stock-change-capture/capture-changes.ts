import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import { availableDelta, availableQty, EMPTY_BALANCE } from '../../shared/domain/stock/ledger';
import type { StockKey } from '../../shared/domain/stock/movement';
import { stockKeyText } from '../../shared/domain/stock/movement';
import type { Run } from '../../shared/platform/define-function';
import type { BatchFailures } from '../../shared/platform/try-batch';
import type { BusEnvelope, BusMessage } from '../../shared/ports/bus';
import type { Ports } from '../../shared/ports/ports';
import { keys } from '../../shared/procedures/keys';
import { readLedgers } from '../../shared/procedures/post-movements';
import type { WaitingLook } from '../../shared/procedures/waiting-orders';
import { lookAtWaiting, nextCurable } from '../../shared/procedures/waiting-orders';

type CapturePorts = Pick<Ports, 'store' | 'pool' | 'bus'>;

/** What is to be known of a ledger entry here. */
interface EntryFacts {
  readonly atMs: number;
  /** Whether it left more pieces available than before. */
  readonly freed: boolean;
}

/** A ledger entry as the queue or the sweep names it; `facts` where the message tells them. */
export interface ChangedLedger extends StockKey {
  readonly number: number;
  readonly facts?: EntryFacts;
}

/** Orders that wait for one SKU and are looked at in one go. */
const PAGE = 100;

/** A batch wakes no more orders with this much time left. */
const SPARE_MS = 10_000;

/** Marks the SKUs of a batch of ledger entries in the stock change pool. */
export async function captureBatch(batch: readonly BusEnvelope[], run: Run): Promise<BatchFailures> {
  await captureChanges(
    run.ports,
    batch.map(({ body }) => changedLedger(body)),
    () => run.remainingMs() > SPARE_MS,
  );
  return new Map();
}

/** Messages of 0.3 and before name the entry alone. */
function changedLedger(body: BusMessage['body']): ChangedLedger {
  const { atMs, freed } = body;
  return {
    warehouseId: String(body['warehouseId']),
    skuId: String(body['skuId']),
    number: Number(body['number']),
    ...(typeof atMs === 'number' && typeof freed === 'boolean' && { facts: { atMs, freed } }),
  };
}

/**
 * Ledger entries → stock change pool 库存异动计算缓存池, and a hint to the orders out of stock 缺货 that an entry may cure: once
 * for each ledger in `woken`, which a caller keeps that hands on many entries of one ledger.
 */
export async function captureChanges(
  ports: CapturePorts,
  changed: readonly ChangedLedger[],
  mayGoOn: () => boolean,
  woken = new Set<string>(),
): Promise<void> {
  const known = await withFacts(ports.store, changed);
  await ports.pool.touch(known.map(({ change, facts }) => ({ skuId: change.skuId, atMs: facts.atMs })));
  // Only an entry that freed pieces can cure a lack. A refused hold is an entry too: reviving on that would go round.
  const freed = known.flatMap(({ change, facts }) => {
    const ledger = keys.ledgerPartition(change);
    if (!facts.freed || woken.has(ledger)) return [];
    woken.add(ledger);
    return [change];
  });
  const ledgers = await readLedgers(ports.store, freed);
  const looks = freed.map((change) =>
    lookAtWaiting(change, availableQty(ledgers.get(stockKeyText(change))?.balance ?? EMPTY_BALANCE)),
  );
  await wakeWaiting(ports, looks, mayGoOn);
}

/** Reads the entries of which nothing was told; what is not there is left out. */
async function withFacts(
  store: CapturePorts['store'],
  changed: readonly ChangedLedger[],
): Promise<{ change: ChangedLedger; facts: EntryFacts }[]> {
  const told = changed.flatMap((change) => (change.facts ? [{ change, facts: change.facts }] : []));
  const untold = changed.filter((change) => !change.facts);
  const entries = await store.getMany<LedgerEntry>(untold.map((change) => keys.ledgerEntry(change, change.number)));
  const read = untold.flatMap((change, i) => {
    const entry = entries[i]?.value;
    return entry ? [{ change, facts: { atMs: entry.atMs, freed: availableDelta(entry) > 0 } }] : [];
  });
  return [...told, ...read];
}

/**
 * Tells of the orders that what is available can serve, the oldest of each SKU first, page by page: the pieces or the orders
 * come to their end, however many wait. Where the run's time ends before, a message is lost or the process dies between two
 * pages, document-conversion's walk over the waiting orders finds the rest.
 */
async function wakeWaiting(
  { store, bus }: CapturePorts,
  looks: readonly WaitingLook[],
  mayGoOn: () => boolean,
): Promise<void> {
  for (let open = looks; open.length > 0 && mayGoOn(); ) {
    const pages = await Promise.all(open.map((look) => nextCurable(store, look, PAGE)));
    const hints = pages.flatMap(({ curable }) =>
      curable.map(({ order: { id, shopId, orderNo } }): BusMessage => {
        return { topic: 'platform-order-changed', key: id, body: { shopId, orderNo } };
      }),
    );
    if (hints.length > 0) await bus.publish(hints);
    open = pages.flatMap(({ next }) => next ?? []);
  }
}
