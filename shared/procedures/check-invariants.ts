import { logFaults } from '../domain/kernel/log-faults';
import { deliveryOrderId } from '../domain/kernel/ids';
import { auditFaults } from '../domain/order/audit-faults';
import type { AuditStrategy } from '../domain/order/audit-order';
import { strategyFor } from '../domain/order/audit-order';
import { deliveryFaults, unsettledHolds } from '../domain/order/delivery-faults';
import type { DeliveryOrder } from '../domain/order/delivery-order';
import { lackingSkus } from '../domain/order/delivery-order';
import { DELIVERY_MOVES } from '../domain/order/delivery-states';
import { conversionStates, headFaults } from '../domain/order/head-faults';
import type { ItemMapping } from '../domain/order/item-mapping';
import type { ChannelId } from '../domain/order/platform-order';
import type { ReceivedOrder } from '../domain/order/received-order';
import type { Shop, Sku } from '../domain/settings';
import type { AllocationOrder } from '../domain/stock/allocation-order';
import type { LedgerEntry } from '../domain/stock/ledger';
import { availableQty, EMPTY_BALANCE } from '../domain/stock/ledger';
import { LedgerReplay } from '../domain/stock/ledger-replay';
import { stockKeyText } from '../domain/stock/movement';
import type { StockEntry } from '../domain/stock/stock-entry';
import type { SyncRecord } from '../domain/sync/sync-record';
import type { Channel, ListingRef } from '../ports/channel';
import type { Key, Store, Stored } from '../ports/store';
import type { SyncSettings } from './compute-quantities';
import { computeTargets, loadSyncSettings } from './compute-quantities';
import type { HoldingDocument } from './held-claims';
import { heldByDocument, heldIn, sourceKey } from './held-claims';
import { keys, ledgerEntryOf } from './keys';
import { readLedgers } from './post-movements';
import { loadAuditStrategies } from './settings';
import { movedByLines, movedByStockDocuments, StockTally } from './stock-tally';
import { readSummaries } from './summarise-stock';
import { SummaryTally } from './summary-tally';

/** Something that must hold and does not. `invariant` is its number in {@link checkInvariants}. */
export interface Violation {
  readonly invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** Key of the document. */
  readonly where: string;
  readonly what: string;
}

export interface CheckOptions {
  readonly channels: Readonly<Record<ChannelId, Pick<Channel, 'readOrder'>>>;
  readonly nowMs: number;
  /** True where nothing is in motion and every timer has run: only then must everything have been driven to its end. */
  readonly atRest: boolean;
  /** What the platform shows of a listing now; compared at rest. */
  readonly readShown?: (shop: Shop, listing: ListingRef) => Promise<number>;
}

/** Documents read in one go. */
const PAGE = 500;

/**
 * Checks everything that must hold over a store in which nobody writes meanwhile, partition by partition: memory grows
 * with the number of ledgers and with the longest one, never with the store.
 *
 * 1. Ledgers have no gaps, their movements give their balances, on hand ≥ held ≥ 0, no movement is entered twice. What is
 *    summed up of them, and what is not yet, are their last balances by warehouse.
 * 2. What a ledger holds is what its documents hold, each for itself and in sum.
 * 3. A converted platform order has its one delivery order, which says what its newest version says; none without one. At
 *    rest each order that takes stock, by its newest version, has one or waits for a mapping.
 * 4. The head of a platform order says what its newest version says, and every version that was kept is behind it, so that
 *    conversion sees it (at rest).
 * 5. The log of each document explains its status.
 * 6. At rest nothing waits that could go on (an audit included), and each synced shop shows what the ledgers' last entries
 *    give.
 * 7. At rest no intended movement is left open, each document holds what it wants, and the stock documents that ended have
 *    moved what their lines say. (That none is applied twice is 1.)
 */
export async function* checkInvariants(store: Store, options: CheckOptions): AsyncGenerator<Violation> {
  const check: Check = {
    ...{ store, options, held: new StockTally(), moved: new StockTally(), settings: await loadSyncSettings(store) },
    auditStrategies: (await loadAuditStrategies(store)).map(({ value }) => value),
    summary: new SummaryTally((await readSummaries(store)).map(({ value }) => value)),
  };
  let open: { pk: string; partition: PartitionCheck } | undefined;
  for (let after: Key | undefined; ; ) {
    const page = await store.scan(after, PAGE);
    for (const document of page) {
      if (open?.pk !== document.key.pk) {
        if (open) yield* await open.partition.end();
        open = { pk: document.key.pk, partition: partitionCheck(check, document.key.pk) };
      }
      yield* await open.partition.take(document);
      if (options.atRest) yield* waitingFaults(document, options.nowMs);
    }
    after = page.at(-1)?.key;
    if (after === undefined) break;
  }
  if (open) yield* await open.partition.end();
  for (const { shard, what } of check.summary.differences()) {
    yield { invariant: 1, where: `stock-summary/${shard}`, what };
  }
  for (const { ledger, inLedger, inDocuments } of check.held.differences()) {
    const what = `the ledger holds ${inLedger}, all documents together ${inDocuments}`;
    yield { invariant: 2, where: `ledger#${ledger}`, what };
  }
  for (const { ledger, inLedger, inDocuments } of options.atRest ? check.moved.differences() : []) {
    const what = `stock documents moved ${inLedger} pieces, their lines say ${inDocuments}`;
    yield { invariant: 7, where: `ledger#${ledger}`, what };
  }
}

interface Check {
  readonly store: Store;
  readonly options: CheckOptions;
  readonly settings: SyncSettings;
  readonly auditStrategies: readonly AuditStrategy[];
  /** Pieces held. */
  readonly held: StockTally;
  /** What the stock summaries count. */
  readonly summary: SummaryTally;
  /** Pieces that allocation orders, receipts and adjustments moved. */
  readonly moved: StockTally;
}

/** Checks one partition: takes its documents in order of their sort keys, then ends. */
interface PartitionCheck {
  take(document: Stored<unknown>): Promise<Violation[]>;
  end(): Promise<Violation[]>;
}

const NOTHING = async (): Promise<Violation[]> => [];

function partitionCheck(check: Check, pk: string): PartitionCheck {
  const each = <T>(take: (value: T, where: string) => Promise<Violation[]>): PartitionCheck => ({
    take: ({ key, value }) => take(value as T, `${key.pk}/${key.sk}`),
    end: NOTHING,
  });
  const [kind = ''] = pk.split('#');
  switch (kind) {
    case 'ledger':
      return ledgerCheck(check, pk);
    case 'platform-order':
      return platformOrderCheck(check, pk);
    case 'sync':
      return syncCheck();
    case 'delivery-order':
      return each<DeliveryOrder>((order, where) => deliveryOrderCheck(check, order, where));
    case 'allocation-order':
      return each<AllocationOrder>((order, where) => stockDocumentCheck(check, order, ALLOCATION_MOVES, where));
    case 'stock-entry':
      return each<StockEntry>((entry, where) => stockDocumentCheck(check, entry, ENTRY_MOVES, where));
    case 'mapping':
      return check.options.atRest
        ? each<ItemMapping>((mapping, where) => unmappedFaults(check, mapping, where))
        : { take: NOTHING, end: NOTHING };
    case 'sku':
      return check.options.atRest
        ? each<Sku>((sku, where) => targetCheck(check, sku.id, where))
        : { take: NOTHING, end: NOTHING };
    default:
      return { take: NOTHING, end: NOTHING };
  }
}

/** 1, and 2 by document. */
function ledgerCheck(check: Check, pk: string): PartitionCheck {
  const ledger = pk.slice('ledger#'.length);
  const replay = new LedgerReplay();
  let last: Stored<LedgerEntry> | undefined;
  return {
    take: async (stored) => {
      const { value, key, places } = stored;
      last = stored as Stored<LedgerEntry>;
      check.summary.entry({ ...ledgerEntryOf(key), entry: last.value, places });
      check.moved.add(ledger, 'inLedger', movedByStockDocuments(value as LedgerEntry));
      return replay.next(value as LedgerEntry).map((what) => ({ invariant: 1, where: `${key.pk}/${key.sk}`, what }));
    },
    end: async () => {
      check.held.add(ledger, 'inLedger', replay.heldQty);
      if (last) check.summary.lastBalance(ledgerEntryOf(last.key).warehouseId, last.value.balance, last.places);
      const found: Violation[] = [];
      for (const { source, qty } of replay.heldBySource()) {
        const document = await check.store.get<HoldingDocument>(sourceKey(source));
        const claimed = document ? heldIn(document.value, ledger, (intent) => replay.hasApplied(intent.id)) : 0;
        if (claimed !== qty)
          found.push({
            invariant: 2,
            where: pk,
            what: `holds ${qty} for ${source.type} ${source.id}, which counts ${claimed}`,
          });
      }
      return found;
    },
  };
}

/** 2 in sum. */
async function countHeld(check: Check, document: HoldingDocument): Promise<void> {
  for (const { ledger, qty } of await heldByDocument(check.store, document)) check.held.add(ledger, 'inDocuments', qty);
}

/** 3, 4 and 5 of a platform order: its head stands before its raw versions. */
function platformOrderCheck(check: Check, pk: string): PartitionCheck {
  let head: ReceivedOrder | undefined;
  let newestText: string | undefined;
  return {
    take: async ({ key, value }) => {
      if (key.sk === 'head') {
        head = value as ReceivedOrder;
        return logFaults(head.log, head.conversion, () => true).map((what) => ({ invariant: 5, where: pk, what }));
      }
      const modifiedAtMs = Number(key.sk.split('#')[1]);
      if (head && key.sk === keys.rawOrder(head.shopId, head.orderNo, head.modifiedAtMs, head.rawHash).sk) {
        newestText = (value as { text: string }).text;
      }
      // A kept version without its head was not acknowledged: the platform tells of it again, until then it may stand.
      const ahead = check.options.atRest && (!head || head.modifiedAtMs < modifiedAtMs);
      return ahead
        ? [
            {
              invariant: 4,
              where: `${pk}/${key.sk}`,
              what: `this version is kept, the head is ${head ? 'older' : 'missing'}`,
            },
          ]
        : [];
    },
    end: async () => {
      if (!head) return [];
      if (newestText === undefined)
        return [{ invariant: 4, where: pk, what: 'the raw version that the head names is missing' }];
      const faults = [...(await conversionFaults(check, head, newestText)), ...(await parkedFaults(check, head))];
      return faults.map(({ invariant, what }) => ({ invariant, where: pk, what }));
    },
  };
}

type Fault = Pick<Violation, 'invariant' | 'what'>;

async function conversionFaults({ store, options }: Check, head: ReceivedOrder, text: string): Promise<Fault[]> {
  const newest = options.channels[head.channel].readOrder(text);
  const faults: Fault[] = headFaults(head, newest).map((what) => ({ invariant: 4, what }));
  const delivery = await store.get<DeliveryOrder>(keys.deliveryOrder(deliveryOrderId(head.shopId, head.orderNo)));
  if (head.conversion === 'converted' && !delivery)
    faults.push({ invariant: 3, what: 'it is converted and has no delivery order' });
  else if (options.atRest && !conversionStates(newest, delivery !== undefined).includes(head.conversion))
    faults.push({ invariant: 3, what: `it is ${newest.status} on the platform, its conversion is ${head.conversion}` });
  // A slow worker may have made a delivery order from an older version just now: it is cancelled before it is audited.
  const comparable = head.conversion === 'converted' || (head.conversion === 'closed' && options.atRest);
  if (!delivery || !comparable) return faults;
  const differing = deliveryFaults(newest, delivery.value);
  return [...faults, ...differing.map((what): Fault => ({ invariant: 3, what: `delivery order: ${what}` }))];
}

/** An order parked for a listing that has its SKU now waits for nothing. */
async function parkedFaults({ store, options }: Check, head: ReceivedOrder): Promise<Fault[]> {
  const [listing] = head.unmapped;
  if (!options.atRest || listing === undefined) return [];
  const mapping = await store.get<ItemMapping>(keys.mappingAt(head.shopId, listing));
  return mapping?.value.skuId
    ? [{ invariant: 6, what: `it is parked for ${listing}, which is ${mapping.value.skuId}` }]
    : [];
}

/** A listing that carries the code of a SKU of ours is that SKU's, unless the sweep is still to look for it. */
async function unmappedFaults({ store }: Check, mapping: ItemMapping, where: string): Promise<Violation[]> {
  if (mapping.skuId !== null || mapping.merchantCode === null) return [];
  const sku = await store.get<Sku>(keys.sku(mapping.merchantCode));
  if (!sku || sku.value.seekAtMs !== undefined) return [];
  return [{ invariant: 6, where, what: `it is unmapped, though ${sku.value.id} is a SKU of ours` }];
}

async function deliveryOrderCheck(check: Check, order: DeliveryOrder, where: string): Promise<Violation[]> {
  await countHeld(check, order);
  const found: Violation[] = logFaults(order.log, order.status, mayMove(DELIVERY_MOVES)).map((what) => ({
    invariant: 5,
    where,
    what,
  }));
  const head = await check.store.get<ReceivedOrder>(keys.platformOrder(order.shopId, order.orderNo));
  if (!head) found.push({ invariant: 3, where, what: 'no platform order stands behind it' });
  if (!check.options.atRest) return found;
  for (const what of unsettledHolds(order)) found.push({ invariant: 7, where, what });
  const strategy = strategyFor(check.auditStrategies, order.shopId);
  for (const what of auditFaults(order, strategy, check.options.nowMs)) found.push({ invariant: 6, where, what });
  const [skuId] = lackingSkus(order);
  if (order.status !== 'out-of-stock' || skuId === undefined) return found;
  const ledger = { warehouseId: order.warehouseId, skuId };
  const available = availableQty(
    (await readLedgers(check.store, [ledger])).get(stockKeyText(ledger))?.balance ?? EMPTY_BALANCE,
  );
  const lack = order.holds.reduce((sum, hold) => (hold.skuId === skuId ? sum + hold.wantedQty - hold.heldQty : sum), 0);
  if (lack <= available)
    found.push({ invariant: 6, where, what: `it waits for ${lack} of ${skuId}, ${available} are available` });
  return found;
}

const ALLOCATION_MOVES = {
  draft: ['saved'],
  saved: ['draft', 'auditing'],
  auditing: ['saved', 'audited'],
  audited: [],
};
const ENTRY_MOVES = { posting: ['posted', 'refused'], posted: [], refused: [] };

async function stockDocumentCheck(
  check: Check,
  document: AllocationOrder | StockEntry,
  moves: Readonly<Record<string, readonly string[]>>,
  where: string,
): Promise<Violation[]> {
  await countHeld(check, document);
  for (const { ledger, qty } of movedByLines(document)) check.moved.add(ledger, 'inDocuments', qty);
  const found: Violation[] = logFaults(document.log, document.status, mayMove(moves)).map((what) => ({
    invariant: 5,
    where,
    what,
  }));
  if (check.options.atRest && document.work)
    found.push({ invariant: 7, where, what: `its stock is left in motion (${document.work.phase})` });
  return found;
}

/** The steps that a table of moves (by event, or a plain list) allows. */
const mayMove =
  (moves: Readonly<Record<string, object>>) =>
  (from: string, to: string): boolean =>
    Object.values(moves[from] ?? {}).includes(to);

/** 6: records of a listing are numbered without a gap. */
function syncCheck(): PartitionCheck {
  let number = 0;
  return {
    take: async ({ key, value }) => {
      number += 1;
      const record = value as SyncRecord;
      return record.number === number
        ? []
        : [{ invariant: 6, where: `${key.pk}/${key.sk}`, what: `record ${number} has number ${record.number}` }];
    },
    end: NOTHING,
  };
}

/** 6: the newest record of each synced listing is settled on the quantity of now, and the platform shows it. */
async function targetCheck({ store, options, settings }: Check, skuId: string, where: string): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { shop, mapping, qty } of await computeTargets(store, settings, skuId, options.nowMs)) {
    const say = (what: string): void =>
      void found.push({ invariant: 6, where: keys.syncPartition(shop.id, mapping), what });
    const [last] = await store.query<SyncRecord>(keys.syncPartition(shop.id, mapping), { limit: 1, descending: true });
    const settled = last?.value.status === 'pushed' || last?.value.status === 'shown';
    if (!last) say(`${skuId} shall show ${qty} and was never pushed (${where})`);
    else if (!settled || last.value.qty !== qty)
      say(`${skuId} shall show ${qty}, record ${last.value.number} is ${last.value.status} with ${last.value.qty}`);
    const shown = await options.readShown?.(shop, mapping);
    if (shown !== undefined && shown !== qty) say(`${skuId} shall show ${qty}, the platform shows ${shown}`);
  }
  return found;
}

/** Documents that a queue or a sweep drives on at once, and those whose time may lie ahead for good reasons. */
const DRIVEN = /^(conversion|holding|stock-work)#\d+$/;
const TIMED = /^(audit|resync|sync)#\d+$/;

/** 6: nothing waits to be driven on. */
function waitingFaults({ key, places }: Stored<unknown>, nowMs: number): Violation[] {
  if (!places.open) return [];
  const { partition, sort } = places.open;
  const due = TIMED.test(partition) && Number(sort.split('#')[0]) <= nowMs;
  return due || DRIVEN.test(partition)
    ? [
        {
          invariant: 6,
          where: `${key.pk}/${key.sk}`,
          what: `it waits in ${partition}, due ${sort.split('#')[0] ?? ''}`,
        },
      ]
    : [];
}
