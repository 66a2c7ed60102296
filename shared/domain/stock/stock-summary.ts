import type { LedgerEntry, LedgerMovement } from './ledger';
import type { StockKey } from './movement';
import { effectOf } from './movement';
import type { DayMovers, Mover } from './top-movers';
import { addMoved, mergeMovers } from './top-movers';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Asia/Shanghai is UTC+8 all year: its midnight is at 16:00 UTC. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

/** Hours of which the pieces in and out are kept. */
export const FLOW_HOURS = 72;

/** Midnight in Asia/Shanghai before a time, epoch ms. */
export function shanghaiDayMs(atMs: number): number {
  return Math.floor((atMs + SHANGHAI_OFFSET_MS) / DAY_MS) * DAY_MS - SHANGHAI_OFFSET_MS;
}

/** Beginning of the hour that a time falls in, epoch ms; hours begin at the same time in Shanghai and in UTC. */
export function hourOfMs(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

/** Pieces of one warehouse over all its SKUs. */
export interface WarehouseStock {
  readonly warehouseId: string;
  readonly onHandQty: number;
  readonly heldQty: number;
}

/**
 * Pieces that came in (receipts, adjustments) and went out (shipments, adjustments) in one hour. What an allocation order
 * moves from one warehouse to another stands apart: it neither comes nor goes for the brand.
 */
export interface HourFlow {
  readonly hourMs: number;
  readonly inQty: number;
  readonly outQty: number;
  readonly transferredQty: number;
}

/**
 * What the ledgers 库存流水 of one shard sum up to, as far as they have been read: sums **and** the place up to which they
 * are counted, in one document, so that one put moves both and every entry counts exactly once.
 */
export interface StockSummary {
  /** Place in the shard's index of the last entry counted; '' before the first. */
  readonly readTo: string;
  /** Ledger entries counted. */
  readonly entries: number;
  readonly warehouses: readonly WarehouseStock[];
  /** The last {@link FLOW_HOURS} hours in which anything moved, oldest first. */
  readonly hours: readonly HourFlow[];
  /** Today and yesterday in Asia/Shanghai, oldest first. */
  readonly days: readonly DayMovers[];
}

export const EMPTY_SUMMARY: StockSummary = { readTo: '', entries: 0, warehouses: [], hours: [], days: [] };

/** A ledger entry and its place in the index. */
export interface PlacedEntry extends StockKey {
  readonly sort: string;
  readonly entry: LedgerEntry;
}

/**
 * The summary with more entries counted: those behind `readTo`, in order of the index, none left out. Sums of the whole
 * past are kept by warehouse; hours and days that `nowMs` has left behind are dropped, and entries as old leave no trace
 * there.
 */
export function countEntries(summary: StockSummary, entries: readonly PlacedEntry[], nowMs: number): StockSummary {
  const last = entries.at(-1);
  if (!last) return summary;
  const warehouses = new Map(summary.warehouses.map((sum) => [sum.warehouseId, { ...sum }]));
  const hours = new Map(summary.hours.map((flow) => [flow.hourMs, { ...flow }]));
  const moved: { dayMs: number; skuId: string; qty: number }[] = [];
  const [fromHourMs, fromDayMs] = [firstHourMs(nowMs), firstDayMs(nowMs)];
  for (const { warehouseId, skuId, entry } of entries) {
    const sum = warehouses.get(warehouseId) ?? { warehouseId, onHandQty: 0, heldQty: 0 };
    warehouses.set(warehouseId, sum);
    const hourMs = hourOfMs(entry.atMs);
    const flow = hours.get(hourMs) ?? { hourMs, inQty: 0, outQty: 0, transferredQty: 0 };
    for (const movement of entry.movements) {
      const { onHandDelta, heldDelta } = effectOf(movement.kind, movement.void ? 0 : movement.qty);
      sum.onHandQty += onHandDelta;
      sum.heldQty += heldDelta;
      if (movement.kind === 'transfer-in') flow.transferredQty += onHandDelta;
      else if (onHandDelta > 0) flow.inQty += onHandDelta;
      else if (movement.kind !== 'transfer-out') flow.outQty -= onHandDelta;
      if (heldForOrder(movement)) moved.push({ dayMs: shanghaiDayMs(entry.atMs), skuId, qty: movement.qty });
    }
    if (hourMs >= fromHourMs && flow.inQty + flow.outQty + flow.transferredQty > 0) hours.set(hourMs, flow);
  }
  return {
    readTo: last.sort,
    entries: summary.entries + entries.length,
    warehouses: [...warehouses.values()],
    hours: [...hours.values()].filter(({ hourMs }) => hourMs >= fromHourMs).sort((a, b) => a.hourMs - b.hourMs),
    days: addMoved(summary.days, moved, fromDayMs),
  };
}

/** A hold 占用 for an order, accepted: allocation orders hold pieces, too, before they move them. */
function heldForOrder({ kind, source, void: reason }: LedgerMovement): boolean {
  return kind === 'hold' && source.type === 'delivery-order' && reason === undefined;
}

const firstHourMs = (nowMs: number): number => hourOfMs(nowMs) - (FLOW_HOURS - 1) * HOUR_MS;
const firstDayMs = (nowMs: number): number => shanghaiDayMs(nowMs) - DAY_MS;

/** What all shards together say. */
export interface StockOverview {
  readonly warehouses: readonly WarehouseStock[];
  /** {@link FLOW_HOURS} hours up to the present one, oldest first, none left out. */
  readonly hours: readonly HourFlow[];
  readonly todayFromMs: number;
  readonly today: readonly Mover[];
  readonly yesterday: readonly Mover[];
}

/** Shards added up, heaviest movers first. */
export function overviewOf(shards: readonly StockSummary[], nowMs: number): StockOverview {
  const warehouses = new Map<string, WarehouseStock>();
  for (const { warehouseId, onHandQty, heldQty } of shards.flatMap((shard) => shard.warehouses)) {
    const sum = warehouses.get(warehouseId);
    warehouses.set(warehouseId, {
      warehouseId,
      onHandQty: (sum?.onHandQty ?? 0) + onHandQty,
      heldQty: (sum?.heldQty ?? 0) + heldQty,
    });
  }
  const fromMs = firstHourMs(nowMs);
  const hours = Array.from({ length: FLOW_HOURS }, (_, i): HourFlow => {
    const hourMs = fromMs + i * HOUR_MS;
    const flows = shards.flatMap((shard) => shard.hours.filter((flow) => flow.hourMs === hourMs));
    const sum = (of: (flow: HourFlow) => number): number => flows.reduce((total, flow) => total + of(flow), 0);
    return {
      hourMs,
      inQty: sum(({ inQty }) => inQty),
      outQty: sum(({ outQty }) => outQty),
      transferredQty: sum(({ transferredQty }) => transferredQty),
    };
  });
  const moversOf = (dayMs: number): Mover[] =>
    mergeMovers(shards.map((shard) => shard.days.find((day) => day.dayMs === dayMs)));
  const todayFromMs = shanghaiDayMs(nowMs);
  return {
    warehouses: [...warehouses.values()].sort((a, b) => (a.warehouseId < b.warehouseId ? -1 : 1)),
    hours,
    todayFromMs,
    today: moversOf(todayFromMs),
    yesterday: moversOf(todayFromMs - DAY_MS),
  };
}
