import type { Coverage } from '../../functions/order-ingestion/pull-modified';
import type { LogLine } from '../../shared/domain/kernel/log-line';
import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { QuarantinedItem, ReceivedOrder } from '../../shared/domain/order/received-order';
import type { Shop } from '../../shared/domain/settings';
import type { AllocationOrder } from '../../shared/domain/stock/allocation-order';
import type { LedgerEntry, LedgerMovement } from '../../shared/domain/stock/ledger';
import type { StockEntry } from '../../shared/domain/stock/stock-entry';
import type { RatioException, RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
import type { Key, Stored } from '../../shared/ports/store';
import { kindOf } from './unreliable-ports';

/** Name of a document in the trace: its key, without the zeros that its numbers are padded with. */
export const nameOf = ({ pk, sk }: Key): string => `${pk}/${sk.replace(/(^|#)0+(?=\d)/g, '$1')}`;

/** Of other kinds: so much of what the document says. */
const OTHERS_MAX = 100;

/** What a saved document says, in a few words: its status, quantities, movements, and the last line of its log. */
export function wordsOf({ key, value }: Stored<unknown>): string {
  const words = WORDS[kindOf(key)];
  return words ? words(value) : JSON.stringify(value).slice(0, OTHERS_MAX);
}

/** A kind of document, and what to say of one: the store keeps under a kind nothing else. */
const words = <T>(say: (value: T) => readonly (string | false | null | undefined)[]): ((value: unknown) => string) => {
  return (value) =>
    say(value as T)
      .filter((word) => typeof word === 'string' && word !== '')
      .join(', ');
};

const WORDS: Readonly<Record<string, ((value: unknown) => string) | undefined>> = {
  'platform-order': words<ReceivedOrder>((order) => [
    `${order.platformStatus} of ${order.modifiedAtMs}`,
    order.conversion,
    order.unmapped.length > 0 && `unmapped ${order.unmapped.join(' ')}`,
    lastLine(order.log),
  ]),
  'platform-order/raw': words<{ text: string }>(({ text }) => [`as it came, ${text.length} letters`]),
  'delivery-order': words<DeliveryOrder>((order) => [
    `${order.status} in ${order.warehouseId}`,
    order.goal !== 'hold' && `to ${order.goal}`,
    ...order.holds.map(
      ({ skuId, heldQty, wantedQty, intent, lacking }) =>
        `${skuId} ${heldQty} of ${wantedQty}${intent ? ` (intends ${intent.kind} ${intent.qty})` : ''}${lacking ? ' lacking' : ''}`,
    ),
    `platform ${order.platform.status} of ${order.platform.modifiedAtMs}`,
    lastLine(order.log),
  ]),
  ledger: words<LedgerEntry>(({ movements, balance }) => [
    ...movements.map(wordsOfMovement),
    `then ${balance.onHandQty} on hand, ${balance.heldQty} held`,
  ]),
  'allocation-order': words<AllocationOrder>((order) => [
    `${order.status} ${order.sourceWarehouseId} → ${order.targetWarehouseId}`,
    ...wordsOfStockDocument(order),
  ]),
  'stock-entry': words<StockEntry>((entry) => [
    `${entry.status} ${entry.type} ${entry.warehouseId}`,
    ...wordsOfStockDocument(entry),
  ]),
  sync: words<SyncRecord>((record) => [
    `${record.skuId} shall show ${record.qty}`,
    record.reason.balances.map(({ warehouseId, ledgerNumber }) => `${warehouseId} at #${ledgerNumber}`).join(' '),
    record.write && `${record.write.mode} ${record.write.qty}`,
    record.status,
    `shows ${record.shownQty ?? '?'}`,
    record.suspectQty !== null && `suspect ${record.suspectQty}`,
    record.failure?.code,
    record.retryAtMs !== null && `again at ${record.retryAtMs}`,
    record.recheckAtMs !== null && `looked at again at ${record.recheckAtMs}`,
  ]),
  mapping: words<ItemMapping>(({ skuId, source, resync }) => [
    skuId ?? 'no SKU',
    source,
    resync !== null && 'to compute',
  ]),
  shop: words<Shop>(({ active, warehouseIds, resync }) => [
    active ? 'on' : 'off',
    `ships from ${warehouseIds.join(' ')}`,
    resync ? 'to compute' : '',
  ]),
  'shop-strategy': words<ShopStrategy>(({ stockSyncEnabled, reserveQty, maxQty, resync }) => [
    `sync ${stockSyncEnabled ? 'on' : 'off'}`,
    `reserve ${reserveQty}`,
    maxQty !== null && `at most ${maxQty}`,
    resync !== null && 'to compute',
  ]),
  'ratio-strategy': words<RatioStrategy>((strategy) => [
    strategy.enabled ? 'on' : 'off',
    `${strategy.ratioBp / 100} % of ${strategy.warehouseIds.join(' ')} for ${strategy.shopIds.join(' ')}`,
    strategy.skuIds && `only ${strategy.skuIds.join(' ')}`,
    strategy.validFromMs !== null && `from ${strategy.validFromMs}`,
    strategy.validToMs !== null && `to ${strategy.validToMs}`,
    strategy.resync !== null && 'to compute',
  ]),
  'ratio-exception': words<RatioException>(({ enabled, ratioBp, resync }) => [
    enabled ? `${ratioBp / 100} %` : 'off',
    resync !== null && 'to compute',
  ]),
  coverage: words<Coverage>(({ toMs }) => [`covered up to ${toMs}`]),
  quarantine: words<QuarantinedItem>(({ orderNo, source, reason }) => [`${source} ${orderNo ?? ''}`, reason]),
};

function wordsOfMovement({ kind, qty, void: why, source }: LedgerMovement): string {
  return `${why ? `void ${kind} (${why})` : `${kind} ${qty}`} for ${source.type} ${source.id}`;
}

function wordsOfStockDocument({ lines, work, lacking, log }: AllocationOrder | StockEntry): string[] {
  return [
    lines.map(({ skuId, qty }) => `${skuId}×${qty}`).join(' '),
    work ? `in motion: ${work.phase}` : '',
    lacking.length > 0 ? `lacking ${lacking.join(' ')}` : '',
    lastLine(log),
  ];
}

/** The newest line of a log, by its text. */
function lastLine(log: readonly LogLine[]): string {
  const last = log.at(-1);
  return last ? `“${last.type} ${last.content}”` : '';
}
