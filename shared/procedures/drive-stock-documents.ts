import { assert } from '../domain/kernel/assert';
import { sortable } from '../domain/kernel/ids';
import type { Actor } from '../domain/kernel/log-line';
import type { AllocationOrder } from '../domain/stock/allocation-order';
import { allocationPlan, endAllocationAudit } from '../domain/stock/allocation-order';
import type { MovementSource } from '../domain/stock/movement';
import type { StockEntry } from '../domain/stock/stock-entry';
import { endStockEntry, stockEntryPlan } from '../domain/stock/stock-entry';
import type { StockPlan, StockWork } from '../domain/stock/stock-work';
import { advanceStockWork } from '../domain/stock/stock-work';
import type { Ports } from '../ports/ports';
import type { IndexPlaces, Key, Stored } from '../ports/store';
import { stockChanged } from './drive-delivery-orders';
import { keys, openPlace } from './keys';
import type { KnownLedgers } from './post-movements';
import { learnLedgers, postMovements, seenIn } from './post-movements';

type StockPorts = Pick<Ports, 'store' | 'clock' | 'bus'>;

/** A stock document in motion is swept up after this time. */
const SWEEP_AFTER_MS = 10_000;

/** hold → take-out → bring-in, and the end. */
const PHASES_MAX = 6;

/** A kind of document that moves stock in phases. */
interface StockDocumentKind<T extends { work: StockWork | null }> {
  readonly key: (document: T) => Key;
  readonly plan: (document: T) => StockPlan;
  readonly source: (document: T) => MovementSource;
  readonly end: (
    document: T,
    end: { kind: 'done' } | { kind: 'refused'; lacking: readonly string[] },
    by: { actor: Actor; atMs: number },
  ) => T;
  readonly places: (document: T, nowMs: number) => IndexPlaces;
}

const ALLOCATION: StockDocumentKind<AllocationOrder> = {
  key: (order) => keys.allocationOrder(order.id),
  plan: allocationPlan,
  source: (order) => ({ type: 'allocation-order', id: order.id }),
  end: endAllocationAudit,
  places: (order, nowMs) => stockDocumentPlaces('allocation-order', keys.allocationOrder(order.id), order, nowMs),
};

const ENTRY: StockDocumentKind<StockEntry> = {
  key: (entry) => keys.stockEntry(entry.id),
  plan: stockEntryPlan,
  source: (entry) => ({ type: entry.type, id: entry.id }),
  end: endStockEntry,
  places: (entry, nowMs) => stockDocumentPlaces('stock-entry', keys.stockEntry(entry.id), entry, nowMs),
};

/** A stock document is listed by time, and open while its stock is in motion. */
export function stockDocumentPlaces(
  list: 'allocation-order' | 'stock-entry',
  key: Key,
  document: { id: string; createdAtMs: number; work: StockWork | null },
  nowMs: number,
): IndexPlaces {
  const row = { partition: list, sort: `${sortable(document.createdAtMs)}#${document.id}` };
  return document.work ? { list: row, open: openPlace('stock-work', key, nowMs + SWEEP_AFTER_MS) } : { list: row };
}

export const driveAllocationOrder = (
  ports: StockPorts,
  order: Stored<AllocationOrder>,
  known?: KnownLedgers,
): Promise<AllocationOrder> => drive(ports, ALLOCATION, order, known);

export const driveStockEntry = (
  ports: StockPorts,
  entry: Stored<StockEntry>,
  known?: KnownLedgers,
): Promise<StockEntry> => drive(ports, ENTRY, entry, known);

/** Drives on a document found by the sweep. */
export async function driveStockDocument(ports: StockPorts, key: Key): Promise<void> {
  const stored = await ports.store.get<AllocationOrder | StockEntry>(key);
  if (!stored) return;
  if ('type' in stored.value) await driveStockEntry(ports, stored as Stored<StockEntry>);
  else await driveAllocationOrder(ports, stored as Stored<AllocationOrder>);
}

/**
 * Moves a saved document's stock phase by phase until it ends. Each phase is saved before its movements are entered, so
 * anybody can go on after a crash; who finds that another has gone on meanwhile reads again. `known` are ledgers that the
 * caller has read to open the first phase: they need not be read again.
 */
async function drive<T extends { work: StockWork | null }>(
  ports: StockPorts,
  kind: StockDocumentKind<T>,
  from: Stored<T>,
  known: KnownLedgers = new Map(),
): Promise<T> {
  const { store, clock, bus } = ports;
  const actor: Actor = { kind: 'system', id: 'stock' };
  const ledgers = new Map(known);
  const { outgoing, incoming } = kind.plan(from.value);
  if (from.value.work) await learnLedgers(store, [...outgoing, ...incoming], ledgers);
  let current = from;
  for (let step = 0; current.value.work; step += 1) {
    assert(step < PHASES_MAX * 5, 'a stock document ends after its few phases');
    const document = current.value;
    const work = current.value.work;
    const source = kind.source(document);
    const plan = kind.plan(document);
    const posted = await postMovements(
      ports,
      work.intents.map((intent) => ({ intent, source, wanted: true })),
      ledgers,
    );
    await bus.publish(stockChanged(posted.entries));
    const next = advanceStockWork(plan, work, posted.outcomes, seenIn(ledgers));
    const atMs = clock.nowMs();
    const value: T =
      next.kind === 'next' ? { ...document, work: next.work } : kind.end(document, next, { actor, atMs });
    const saved = await store.put({
      key: current.key,
      expect: current.version,
      value,
      places: kind.places(value, atMs),
    });
    if (saved === 'saved') {
      current = { ...current, version: current.version + 1, value };
    } else {
      const read = await store.get<T>(kind.key(document));
      assert(read !== undefined, 'a stock document does not vanish');
      current = read;
    }
  }
  return current.value;
}
