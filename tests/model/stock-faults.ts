import { unsettledHolds } from '../../shared/domain/order/delivery-faults';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { AllocationOrder } from '../../shared/domain/stock/allocation-order';
import type { LedgerEntry, LedgerMovement } from '../../shared/domain/stock/ledger';
import { LedgerReplay } from '../../shared/domain/stock/ledger-replay';
import type { Stored } from '../../shared/ports/store';
import { heldIn } from '../../shared/procedures/held-claims';
import { WAREHOUSE } from '../unit/domain/order/samples';
import { TARGET } from './stock-workers';

// What must hold of the ledgers and the documents of a model: after every step, and where nobody goes on any more.

interface Stock {
  readonly orders: readonly DeliveryOrder[];
  readonly allocations: readonly AllocationOrder[];
  /** By ledger, oldest first. */
  readonly ledgers: ReadonlyMap<string, readonly LedgerEntry[]>;
}

function stockIn(stored: readonly Stored<unknown>[]): Stock {
  const valuesOf = <T>(kind: string): T[] =>
    stored.filter(({ key }) => key.pk.startsWith(`${kind}#`)).map(({ value }) => value as T);
  const ledgers = new Map<string, LedgerEntry[]>();
  for (const { key, value } of stored) {
    if (!key.pk.startsWith('ledger#')) continue;
    const ledger = key.pk.slice('ledger#'.length);
    ledgers.set(ledger, [...(ledgers.get(ledger) ?? []), value as LedgerEntry]);
  }
  return { orders: valuesOf('delivery-order'), allocations: valuesOf('allocation-order'), ledgers };
}

/**
 * At any time: each ledger replays from its first entry on, each movement is in it once, 0 ≤ held ≤ on hand, and it holds
 * for each document what the document says, with the movement on its way counted in.
 */
export function faultsNow(stored: readonly Stored<unknown>[]): string[] {
  const { orders, allocations, ledgers } = stockIn(stored);
  return [...ledgers].flatMap(([ledger, entries]) => {
    const replay = new LedgerReplay();
    const faults = entries.flatMap((entry) => replay.next(entry));
    const held = new Map(replay.heldBySource().map(({ source, qty }) => [`${source.type} ${source.id}`, qty]));
    for (const document of [...orders, ...allocations]) {
      const name = nameOf(document);
      const said = heldIn(document, ledger, ({ id }) => replay.hasApplied(id));
      const has = held.get(name) ?? 0;
      if (said !== has) faults.push(`${name} says that it holds ${said} of ${ledger}, the ledger has ${has}`);
      held.delete(name);
    }
    for (const [name, qty] of held) faults.push(`${ledger} holds ${qty} for ${name}, which is no document`);
    return faults;
  });
}

const nameOf = (document: DeliveryOrder | AllocationOrder): string =>
  `${'holds' in document ? 'delivery-order' : 'allocation-order'} ${document.id}`;

/**
 * At rest, too: nothing is left open, every attempt has its one movement, and what is on hand is what came in, less what
 * orders shipped, and moved from one warehouse to the other by allocation orders that were audited.
 */
export function faultsAtRest(stored: readonly Stored<unknown>[]): string[] {
  const { orders, allocations, ledgers } = stockIn(stored);
  const faults = faultsNow(stored);
  for (const order of orders) {
    faults.push(...unsettledHolds(order).map((what) => `${nameOf(order)}: ${what}`));
    for (const { skuId, attempt } of order.holds) {
      const made = movementsFor(ledgers.get(`${WAREHOUSE}#${skuId}`), order.id).length;
      if (made !== attempt) faults.push(`${nameOf(order)} has tried ${skuId} ${attempt} times, its ledger has ${made}`);
    }
  }
  for (const order of allocations) if (order.work) faults.push(`${nameOf(order)} is left in motion`);
  const skuIds = new Set([...ledgers.keys()].map((ledger) => ledger.split('#')[1] ?? ''));
  for (const skuId of skuIds) {
    const received = [...(ledgers.get(`${WAREHOUSE}#${skuId}`) ?? [])]
      .flatMap(({ movements }) => movements)
      .reduce((sum, { source, qty }) => sum + (source.type === 'receipt' ? qty : 0), 0);
    const shipped = sumOf(orders, ({ status, holds }) =>
      status === 'shipped' ? sumOf(holds, (hold) => (hold.skuId === skuId ? hold.wantedQty : 0)) : 0,
    );
    const moved = sumOf(allocations, ({ status, lines }) =>
      status === 'audited' ? sumOf(lines, (line) => (line.skuId === skuId ? line.qty : 0)) : 0,
    );
    const held = sumOf(orders, ({ holds }) => sumOf(holds, (hold) => (hold.skuId === skuId ? hold.heldQty : 0)));
    if (held + shipped + moved > received)
      faults.push(`${held + shipped + moved} of ${received} ${skuId} are promised`);
    for (const [warehouseId, qty] of [
      [WAREHOUSE, received - shipped - moved],
      [TARGET, moved],
    ] as const) {
      const said = ledgers.get(`${warehouseId}#${skuId}`)?.at(-1)?.balance.onHandQty ?? 0;
      if (said !== qty) faults.push(`${said} of ${skuId} are on hand in ${warehouseId}, by the documents ${qty}`);
    }
  }
  return faults;
}

const movementsFor = (entries: readonly LedgerEntry[] | undefined, id: string): LedgerMovement[] =>
  (entries ?? []).flatMap(({ movements }) => movements).filter(({ source }) => source.id === id);

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}
