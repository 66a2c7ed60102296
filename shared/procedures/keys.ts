import { sortable } from '../domain/kernel/ids';
import { listingKey } from '../domain/order/item-mapping';
import type { LedgerEntry } from '../domain/stock/ledger';
import type { StockKey } from '../domain/stock/movement';
import { stockKeyText } from '../domain/stock/movement';
import type { IndexPlace, Key } from '../ports/store';

/**
 * Every key and index place of the store, in one file: what is kept where. Parts never contain `#` (checked at the edge).
 *
 * | pk | sk | document |
 * | --- | --- | --- |
 * | shop · warehouse · ratio-strategy · shop-strategy · audit-strategy | id | settings, few, read together |
 * | user | id | people who may log in, few, read together |
 * | login#‹id› | login | password hash, failed attempts and sessions of a user |
 * | admin-guard | lowering | the admin who is being lowered: one at a time, so that one is left |
 * | sku#‹id› | sku | SKU |
 * | mapping#‹shop› | item[#sku] | platform item ↔ SKU |
 * | ratio-exception#‹sku› | shop | ratio for one SKU in one shop |
 * | platform-order#‹shop›#‹no› | head · raw#‹modified›#‹hash› | state and versions of a platform order |
 * | delivery-order#‹shop›#‹no› | order | delivery order |
 * | ledger#‹warehouse›#‹sku› | 1, 2, 3 … | stock ledger |
 * | allocation-order#‹id› · stock-entry#‹id› | order · entry | stock documents |
 * | sync#‹shop›#item[#sku] | 1, 2, 3 … | sync records of a listing |
 * | quarantine#‹shop› | hash | what could not be read or had |
 * | parked#‹function› | hash | messages that a function could not do, where the queue takes none back |
 * | coverage | shop | which time the pull has covered |
 * | progress | name | how far a sweep or walk has come |
 * | stock-summary | shard of the recent ledger entries | what its ledgers sum up to, and how far they are counted |
 */
export const keys = {
  shop: (id: string): Key => ({ pk: 'shop', sk: id }),
  warehouse: (id: string): Key => ({ pk: 'warehouse', sk: id }),
  ratioStrategy: (id: string): Key => ({ pk: 'ratio-strategy', sk: id }),
  shopStrategy: (shopId: string): Key => ({ pk: 'shop-strategy', sk: shopId }),
  auditStrategy: (id: string): Key => ({ pk: 'audit-strategy', sk: id }),
  user: (id: string): Key => ({ pk: 'user', sk: id }),
  login: (userId: string): Key => ({ pk: `login#${userId}`, sk: 'login' }),
  adminGuard: (): Key => ({ pk: 'admin-guard', sk: 'lowering' }),
  sku: (id: string): Key => ({ pk: `sku#${id}`, sk: 'sku' }),
  mapping: (shopId: string, listing: { itemId: string; platformSkuId: string | null }): Key => ({
    pk: `mapping#${shopId}`,
    sk: listingKey(listing),
  }),
  mappingAt: (shopId: string, listing: string): Key => ({ pk: `mapping#${shopId}`, sk: listing }),
  ratioException: (skuId: string, shopId: string): Key => ({ pk: `ratio-exception#${skuId}`, sk: shopId }),
  platformOrder: (shopId: string, orderNo: string): Key => ({ pk: `platform-order#${shopId}#${orderNo}`, sk: 'head' }),
  rawOrder: (shopId: string, orderNo: string, modifiedAtMs: number, hash: string): Key => ({
    pk: `platform-order#${shopId}#${orderNo}`,
    sk: `raw#${sortable(modifiedAtMs)}#${hash}`,
  }),
  deliveryOrder: (id: string): Key => ({ pk: `delivery-order#${id}`, sk: 'order' }),
  ledgerPartition: (key: StockKey): string => `ledger#${stockKeyText(key)}`,
  ledgerEntry: (key: StockKey, number: number): Key => ({ pk: `ledger#${stockKeyText(key)}`, sk: sortable(number) }),
  allocationOrder: (id: string): Key => ({ pk: `allocation-order#${id}`, sk: 'order' }),
  stockEntry: (id: string): Key => ({ pk: `stock-entry#${id}`, sk: 'entry' }),
  syncPartition: (shopId: string, listing: { itemId: string; platformSkuId: string | null }): string =>
    `sync#${shopId}#${listingKey(listing)}`,
  syncRecord: (shopId: string, listing: { itemId: string; platformSkuId: string | null }, number: number): Key => ({
    pk: `sync#${shopId}#${listingKey(listing)}`,
    sk: sortable(number),
  }),
  quarantine: (shopId: string, hash: string): Key => ({ pk: `quarantine#${shopId}`, sk: hash }),
  parked: (functionName: string, hash: string): Key => ({ pk: `parked#${functionName}`, sk: hash }),
  coverage: (shopId: string): Key => ({ pk: 'coverage', sk: shopId }),
  progress: (name: string): Key => ({ pk: 'progress', sk: name }),
  stockSummary: (shard: number): Key => ({ pk: 'stock-summary', sk: String(shard) }),
};

/**
 * What a document in the `open` index waits for; each kind is swept by one function, but for `holding`: delivery orders
 * that wait for their stock (document-conversion) and then, in the same place, for their first audit (auto-audit).
 */
export type WaitingKind = 'conversion' | 'holding' | 'audit' | 'stock-work' | 'resync' | 'sync';

/** With those that are only looked at once more, by document-conversion: nothing need be amiss with them. */
export type OpenKind = WaitingKind | 'new-sku';

/**
 * Each kind of waiting document is spread over so many index partitions: one partition takes 1,000 writes a second on
 * DynamoDB, an order enters and leaves about four times.
 */
export const OPEN_SHARDS = 4;

/** Index partitions of a kind of waiting documents. */
export function openPartitions(kind: OpenKind): string[] {
  return Array.from({ length: OPEN_SHARDS }, (_, shard) => `${kind}#${shard}`);
}

/** A place among the documents that wait: to be looked at from `dueMs` on, if nothing else has moved it before. */
export function openPlace(kind: OpenKind, key: Key, dueMs: number): IndexPlace {
  return { partition: `${kind}#${shardOf(key.pk + key.sk)}`, sort: `${sortable(dueMs)}#${key.pk}#${key.sk}` };
}

/** Index partitions of the orders that wait for stock 缺货; few, so that they can be counted. */
export function waitingStockPartitions(): string[] {
  return Array.from({ length: OPEN_SHARDS }, (_, shard) => `waiting-stock#${shard}`);
}

/** A place among the orders that wait for stock of one SKU in one warehouse; `byAge` orders them. */
export function waitingStockPlace(key: StockKey, byAge: string): IndexPlace {
  const id = stockKeyText(key);
  return { partition: `waiting-stock#${shardOf(id)}`, sort: `${id}#${byAge}` };
}

/** Where the orders that wait for one SKU in one warehouse stand, oldest first. */
export function waitingStockRange(key: StockKey): { partition: string; after: string; upTo: string } {
  const { partition, sort } = waitingStockPlace(key, '');
  return { partition, after: sort, upTo: `${sort}\uffff` };
}

/** The SKU and warehouse that a place among the waiting orders is of. */
export function waitingStockKey(sort: string): StockKey {
  const [warehouseId = '', skuId = ''] = sort.split('#');
  return { warehouseId, skuId };
}

/** Where orders that 0.2 and earlier saved wait for one SKU; each moves to the range above when it is next saved. */
export function formerWaitingStockPartition(key: StockKey): string {
  return `waiting-stock#${stockKeyText(key)}`;
}

/** Platform orders parked for one unmapped listing of a shop. */
export function unmappedPartition(shopId: string, listing: string): string {
  return `unmapped-order#${shopId}#${listing}`;
}

/** Delivery orders of a shop that the audit rules stopped. */
export function auditStoppedPartition(shopId: string): string {
  return `audit-stopped#${shopId}`;
}

/** Delivery orders of a shop that need a person: exceptions 异常. */
export function exceptionPartition(shopId: string): string {
  return `exception#${shopId}`;
}

/** Orders of a shop in quarantine, sorted by when they are to be asked for again. */
export function quarantinedOrdersPartition(shopId: string): string {
  return `quarantined-order#${shopId}`;
}

/** Sync records of a shop whose push failed and is not tried again: only a person can help. */
export function stuckPushPartition(shopId: string): string {
  return `push-stuck#${shopId}`;
}

/** Ledger entries by time, for the sweep that fills the stock change pool. */
export function recentLedgerPartitions(): string[] {
  return Array.from({ length: OPEN_SHARDS }, (_, shard) => `ledger-recent#${shard}`);
}

export function recentLedgerPlace(key: StockKey, entry: LedgerEntry): IndexPlace {
  const id = stockKeyText(key);
  return { partition: `ledger-recent#${shardOf(id)}`, sort: `${sortable(entry.atMs)}#${id}#${sortable(entry.number)}` };
}

/** The ledger and the number that a key of a ledger entry names: `ledger#‹warehouse›#‹sku›` and the number. */
export function ledgerEntryOf({ pk, sk }: Key): StockKey & { readonly number: number } {
  const [, warehouseId = '', skuId = ''] = pk.split('#');
  return { warehouseId, skuId, number: Number(sk) };
}

/** Listings of one SKU over all shops. */
export function listingsPartition(skuId: string): string {
  return `listing#${skuId}`;
}

/** FNV-1a: spreads keys over shards, the same everywhere and for ever. */
function shardOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash % OPEN_SHARDS;
}
