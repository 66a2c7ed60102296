import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import { listingKey } from '../../../shared/domain/order/item-mapping';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import { availableQty, EMPTY_BALANCE } from '../../../shared/domain/stock/ledger';
import { stockKeyText } from '../../../shared/domain/stock/movement';
import { explainQuantity } from '../../../shared/domain/sync/explain-quantity';
import { quantitySteps } from '../../../shared/domain/sync/quantity-steps';
import { decidingStrategy } from '../../../shared/domain/sync/ratio-strategy';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { SYNC_STATUS_ZH } from '../../../shared/domain/sync/sync-record';
import { whyNow } from '../../../shared/domain/sync/why-now';
import { AppError, hasCode } from '../../../shared/errors';
import type { Pool } from '../../../shared/ports/pool';
import { POOL_PAGE_MAX } from '../../../shared/ports/pool';
import type { Ports } from '../../../shared/ports/ports';
import type { Store } from '../../../shared/ports/store';
import type { SyncSettings } from '../../../shared/procedures/compute-quantities';
import { computeTargets, loadSyncSettings } from '../../../shared/procedures/compute-quantities';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers } from '../../../shared/procedures/post-movements';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { ListingPath } from '../schema/sync';
import type { WhyStep } from '../schema/why';
import { WhyAnswer, WhyQuery } from '../schema/why';
import { ledgerRow } from './stock-view';
import { recordView } from './sync-view';

type WhyPorts = Pick<Ports, 'store' | 'pool' | 'clock'>;

interface Listing {
  readonly shopId: string;
  readonly itemId: string;
  readonly platformSkuId: string | null;
}

/** 'Why does the shop show 7 pieces?' */
export function addWhyRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/sync-queue/{shopId}/{itemId}/why',
      role: 'viewer',
      tag: '库存中心',
      summary: '店铺为什么显示这个数量：推导、推送与现在的差异',
      params: ListingPath,
      query: WhyQuery,
      returns: WhyAnswer,
    },
    async ({ params, query, run }) =>
      explain(run.ports, { ...params, platformSkuId: query.platformSkuId ?? null }, query.number),
  );
}

async function explain(ports: WhyPorts, listing: Listing, number: number | undefined) {
  const { store, clock } = ports;
  const nowMs = clock.nowMs();
  const settings = await loadSyncSettings(store);
  const shop = settings.shops.get(listing.shopId);
  if (!shop) throw new AppError('UNKNOWN_SHOP', { shopId: listing.shopId });
  const [mapping, last] = await Promise.all([
    store.get<ItemMapping>(keys.mapping(shop.id, listing)).then((stored) => stored?.value),
    newestRecord(store, listing),
  ]);
  const record = number === undefined ? last : await recordOf(store, listing, number);
  const skuId = mapping?.skuId ?? null;
  const [target, inPool] = await Promise.all([
    skuId === null ? undefined : targetOf(store, settings, listing, skuId, nowMs),
    skuId === null ? false : isInPool(ports.pool, skuId),
  ]);
  const { strategies } = settings;
  const switches = settings.shopStrategies.get(shop.id);
  const read = record ? await entriesRead(store, record) : [];
  return {
    ...{ ...listing, skuId, nowMs, record: record ? recordView(record) : null },
    isNewest: record?.number === last?.number,
    steps: record ? await stepsOf(store, settings, record, read, nowMs) : [],
    delays: record ? delaysOf(record, read) : null,
    now: target ? { qty: target.qty, reason: target.reason, why: explainQuantity(target.qty, target.reason) } : null,
    differs: target?.qty !== last?.qty,
    reasons: whyNow({ shop, mapping, switches, strategies, last, target, inPool, nowMs }),
  };
}

async function newestRecord(store: Store, listing: Listing): Promise<SyncRecord | undefined> {
  const [last] = await store.query<SyncRecord>(keys.syncPartition(listing.shopId, listing), {
    limit: 1,
    descending: true,
  });
  return last?.value;
}

async function recordOf(store: Store, listing: Listing, number: number): Promise<SyncRecord> {
  const stored = await store.get<SyncRecord>(keys.syncRecord(listing.shopId, listing, number));
  if (!stored) throw new AppError('NOT_FOUND', { ...listing, number });
  return stored.value;
}

/** What the next run would compute for this listing. */
async function targetOf(store: Store, settings: SyncSettings, listing: Listing, skuId: string, nowMs: number) {
  const targets = await computeTargets(store, settings, skuId, nowMs);
  return targets.find(({ shop, mapping }) => shop.id === listing.shopId && listingKey(mapping) === listingKey(listing));
}

/** Looks at the oldest entries of the pool, as many as it gives at once; undefined where it does not answer. */
async function isInPool(pool: Pool, skuId: string): Promise<boolean | undefined> {
  try {
    return (await pool.list(POOL_PAGE_MAX)).some((entry) => entry.skuId === skuId);
  } catch (error) {
    if (hasCode(error, 'POOL_UNAVAILABLE')) return undefined;
    throw error;
  }
}

/** The ledger entries that the record was computed from, in the order of its balances. */
async function entriesRead(store: Store, { skuId, reason }: SyncRecord): Promise<(LedgerEntry | undefined)[]> {
  const entries = await store.getMany<LedgerEntry>(
    reason.balances.map(({ warehouseId, ledgerNumber }) => keys.ledgerEntry({ warehouseId, skuId }, ledgerNumber)),
  );
  return entries.map((stored) => stored?.value);
}

/** The derivation of a record as data, with what it can be compared to now. */
async function stepsOf(
  store: Store,
  settings: SyncSettings,
  record: SyncRecord,
  read: readonly (LedgerEntry | undefined)[],
  nowMs: number,
): Promise<WhyStep[]> {
  const { skuId, shopId, reason } = record;
  const newest = await readLedgers(
    store,
    reason.balances.map(({ warehouseId }) => ({ warehouseId, skuId })),
  );
  const deciding = decidingStrategy(settings.strategies, shopId, skuId, nowMs);
  const steps = quantitySteps(reason).map((step): WhyStep => {
    if (step.step === 'balance') {
      const { warehouseId } = step;
      const entry = read[reason.balances.findIndex((balance) => balance.warehouseId === warehouseId)];
      const now = newest.get(stockKeyText({ warehouseId, skuId }));
      return {
        ...{ ...step, skuId, entry: entry ? ledgerRow(entry) : null },
        now: {
          ledgerNumber: now?.number ?? 0,
          availableQty: availableQty(now?.balance ?? EMPTY_BALANCE),
          atMs: now?.atMs ?? null,
        },
      };
    }
    if (step.step === 'ratio') {
      const present = settings.strategies.find(({ id }) => id === step.strategyId);
      const isPresent = deciding?.id === step.strategyId && deciding.version === step.strategyVersion;
      return { ...step, presentVersion: present?.version ?? null, isPresent };
    }
    return step;
  });
  return [...steps, pushStep(record)];
}

function pushStep({ write, qty, status, shownQty, failure }: SyncRecord): WhyStep {
  return {
    ...{ step: 'push', mode: write?.mode ?? null, qty: write?.qty ?? qty, key: write?.key ?? null },
    ...{ status, statusText: SYNC_STATUS_ZH[status], shownQty, failure },
  };
}

function delaysOf({ createdAtMs, finishedAtMs }: SyncRecord, read: readonly (LedgerEntry | undefined)[]) {
  const times = read.flatMap((entry) => entry?.atMs ?? []);
  const stockChangedAtMs = times.length > 0 ? Math.max(...times) : null;
  return {
    ...{ stockChangedAtMs, computedAtMs: createdAtMs, pushedAtMs: finishedAtMs },
    stockToComputedMs: stockChangedAtMs === null ? null : createdAtMs - stockChangedAtMs,
    computedToPushedMs: finishedAtMs === null ? null : finishedAtMs - createdAtMs,
  };
}
