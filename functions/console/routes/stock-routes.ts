import { LINE_QUANTITY_MAX } from '../../../shared/domain/kernel/quantity';
import { withLine } from '../../../shared/domain/kernel/log-line';
import type { AllocationOrder } from '../../../shared/domain/stock/allocation-order';
import {
  ALLOCATION_STATUS_ZH,
  allocationPlan,
  beginAllocationAudit,
} from '../../../shared/domain/stock/allocation-order';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import { availableQty, EMPTY_BALANCE } from '../../../shared/domain/stock/ledger';
import type { StockEntry } from '../../../shared/domain/stock/stock-entry';
import { stockEntryPlan } from '../../../shared/domain/stock/stock-entry';
import { startStockWork } from '../../../shared/domain/stock/stock-work';
import { AppError } from '../../../shared/errors';
import type { Store, Stored } from '../../../shared/ports/store';
import {
  driveAllocationOrder,
  driveStockEntry,
  seenNumbers,
  stockDocumentPlaces,
} from '../../../shared/procedures/drive-stock-documents';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers } from '../../../shared/procedures/post-movements';
import { stockKeyText } from '../../../shared/domain/stock/movement';
import type { ConsoleApp } from '../api';
import { addRoute, Id, PageQuery, z } from '../api';
import { differences } from '../save-versioned';
import { requireSkus, requireWarehouses } from './settings-routes';

const ById = z.object({ id: Id });
const StockPath = z.object({ warehouseId: Id, skuId: Id });

/** Lines of one stock document at most: its intents lie in one item of 400 KB. */
const LINES_MAX = 500;

/** 库存查询, 库存流水, 入库, 调整. */
export function addStockRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    { method: 'get', path: '/api/stock/{warehouseId}/{skuId}', role: 'viewer', summary: '库存查询', params: StockPath },
    async ({ params, run }) => {
      await requireStockKey(run.ports.store, params);
      const last = (await readLedgers(run.ports.store, [params])).get(stockKeyText(params));
      const balance = last?.balance ?? EMPTY_BALANCE;
      return { ...params, ...balance, availableQty: availableQty(balance), ledgerNumber: last?.number ?? 0 };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock/{warehouseId}/{skuId}/ledger',
      role: 'viewer',
      summary: '库存流水 (新的在前)',
      params: StockPath,
      query: PageQuery,
    },
    async ({ params, query, run }) => {
      await requireStockKey(run.ports.store, params);
      const page = await run.ports.store.query<LedgerEntry>(keys.ledgerPartition(params), {
        ...(query.after !== undefined && { after: query.after }),
        limit: query.limit,
        descending: true,
      });
      return { rows: page.map(({ value }) => value), next: page.length === query.limit ? page.at(-1)?.key.sk : null };
    },
  );

  const EntryBody = z.object({
    id: Id,
    type: z.enum(['receipt', 'adjustment']),
    warehouseId: Id,
    reason: z.string().max(200).default(''),
    lines: z.array(z.object({ skuId: Id, qty: z.int().min(-LINE_QUANTITY_MAX).max(LINE_QUANTITY_MAX) })).max(LINES_MAX),
  });
  addRoute(
    app,
    {
      method: 'post',
      path: '/api/stock-entries',
      role: 'operator',
      summary: '入库 / 调整 (id 由调用方给出，重复提交不重复过账)',
      body: EntryBody,
      status: 201,
    },
    async ({ body, run, actor }) => {
      const { store, clock } = run.ports;
      requireLines(body.id, body.lines);
      const wrong = body.lines.filter((line) => line.qty === 0 || (body.type === 'receipt' && line.qty < 0));
      if (wrong.length > 0)
        throw new AppError('BAD_INPUT', {
          problems: wrong.map((line) => `${line.skuId}: ${line.qty} pieces / 数量不正确`),
        });
      await requireWarehouses(store, [body.warehouseId], null);
      await requireSkus(
        store,
        body.lines.map((line) => line.skuId),
      );
      const plan = stockEntryPlan(body);
      const work = startStockWork(plan, 1, await seenNumbers(store, [...plan.outgoing, ...plan.incoming]));
      const atMs = clock.nowMs();
      const type = body.type === 'receipt' ? '入库' : '调整';
      const value: StockEntry = {
        ...body,
        ...{ status: 'posting', work, lacking: [], createdAtMs: atMs },
        log: withLine([], { type, content: `新建，${body.lines.length} 行`, actor, atMs, status: 'posting' }),
      };
      const key = keys.stockEntry(body.id);
      const saved = await store.put({
        key,
        expect: 0,
        value,
        places: stockDocumentPlaces('stock-entry', key, value, atMs),
      });
      const stored: Stored<StockEntry> =
        saved === 'saved' ? { key, version: 1, value, places: {} } : await sameEntry(store, value);
      const driven = await driveStockEntry(run.ports, stored);
      if (driven.status === 'refused') throw new AppError('LACK_OF_STOCK', { id: driven.id, skuIds: driven.lacking });
      return driven;
    },
  );
}

/** 分货单. */
export function addAllocationRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/allocation-orders',
      role: 'viewer',
      summary: '分货单列表 (新的在前)',
      query: PageQuery,
    },
    async ({ query, run }) => {
      const { store } = run.ports;
      const range = { ...(query.after !== undefined && { after: query.after }), limit: query.limit, descending: true };
      const hits = await store.queryIndex('list', 'allocation-order', range);
      const rows = (await store.getMany<AllocationOrder>(hits.map((hit) => hit.key))).flatMap((stored) =>
        stored ? [view(stored)] : [],
      );
      return { rows, next: hits.length === query.limit ? hits.at(-1)?.sort : null };
    },
  );

  addRoute(
    app,
    { method: 'get', path: '/api/allocation-orders/{id}', role: 'viewer', summary: '分货单', params: ById },
    async ({ params, run }) => view(await requireOrder(run.ports.store, params.id)),
  );

  const OrderBody = z.object({
    sourceWarehouseId: Id,
    targetWarehouseId: Id,
    lines: z.array(z.object({ skuId: Id, qty: z.int().min(1).max(LINE_QUANTITY_MAX) })).max(LINES_MAX),
    draft: z.boolean().default(false),
    version: z.int().min(0),
  });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/allocation-orders/{id}',
      role: 'operator',
      summary: '新建或保存分货单',
      params: ById,
      body: OrderBody,
    },
    async ({ params, body, run, actor }) => {
      const { store, clock } = run.ports;
      await requireWarehouses(store, [body.sourceWarehouseId], 'source');
      await requireWarehouses(store, [body.targetWarehouseId], 'distribution');
      await requireSkus(
        store,
        body.lines.map((line) => line.skuId),
      );
      const before = await store.get<AllocationOrder>(keys.allocationOrder(params.id));
      const { sourceWarehouseId, targetWarehouseId, lines } = body;
      const wanted = { sourceWarehouseId, targetWarehouseId, lines };
      if ((before?.version ?? 0) !== body.version) {
        const {
          sourceWarehouseId: s,
          targetWarehouseId: t,
          lines: l,
        } = before?.value ?? { sourceWarehouseId: '', targetWarehouseId: '', lines: [] };
        const changed = differences(wanted, { sourceWarehouseId: s, targetWarehouseId: t, lines: l });
        throw new AppError('VERSION_CONFLICT', {
          readVersion: body.version,
          presentVersion: before?.version ?? 0,
          status: before?.value.status ?? null,
          changed,
        });
      }
      if (before && before.value.status !== 'draft' && before.value.status !== 'saved') throw wrongStatus(before.value);
      const atMs = clock.nowMs();
      const status = body.draft ? 'draft' : 'saved';
      const content = `${before ? '保存' : '新建'}，${body.lines.length} 行`;
      const value: AllocationOrder = {
        ...wanted,
        ...{ id: params.id, status, work: null, lacking: [] },
        attempt: before?.value.attempt ?? 0,
        createdAtMs: before?.value.createdAtMs ?? atMs,
        log: withLine(before?.value.log ?? [], { type: body.draft ? '草稿' : '保存', content, actor, atMs, status }),
      };
      const key = keys.allocationOrder(params.id);
      const saved = await store.put({
        key,
        expect: body.version,
        value,
        places: stockDocumentPlaces('allocation-order', key, value, atMs),
      });
      if (saved === 'conflict')
        throw new AppError('VERSION_CONFLICT', { readVersion: body.version, presentVersion: null, changed: [] });
      return view({ key, version: body.version + 1, value, places: {} });
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/allocation-orders/{id}/audit',
      role: 'operator',
      summary: '审核分货单',
      params: ById,
    },
    async ({ params, run, actor }) => {
      const { store, clock } = run.ports;
      const stored = await requireOrder(store, params.id);
      if (stored.value.status !== 'saved') throw wrongStatus(stored.value);
      requireLines(params.id, stored.value.lines);
      const plan = allocationPlan(stored.value);
      const work = startStockWork(
        plan,
        stored.value.attempt + 1,
        await seenNumbers(store, [...plan.outgoing, ...plan.incoming]),
      );
      const atMs = clock.nowMs();
      const value = beginAllocationAudit(stored.value, work, { actor, atMs });
      const saved = await store.put({
        key: stored.key,
        expect: stored.version,
        value,
        places: stockDocumentPlaces('allocation-order', stored.key, value, atMs),
      });
      if (saved === 'conflict') throw wrongStatus((await requireOrder(store, params.id)).value);
      const driven = await driveAllocationOrder(run.ports, { ...stored, version: stored.version + 1, value });
      if (driven.status !== 'audited')
        throw new AppError('LACK_OF_STOCK', {
          id: driven.id,
          warehouseId: driven.sourceWarehouseId,
          skuIds: driven.lacking,
        });
      return view(await requireOrder(store, params.id));
    },
  );
}

function view({ value, version }: Stored<AllocationOrder>) {
  return { ...value, statusText: ALLOCATION_STATUS_ZH[value.status], version };
}

async function requireOrder(store: Store, id: string): Promise<Stored<AllocationOrder>> {
  const stored = await store.get<AllocationOrder>(keys.allocationOrder(id));
  if (!stored) throw new AppError('NOT_FOUND', { allocationOrder: id });
  return stored;
}

/** A repeated post of the same entry is that entry; another under its id is refused. */
async function sameEntry(store: Store, wanted: StockEntry): Promise<Stored<StockEntry>> {
  const stored = await store.get<StockEntry>(keys.stockEntry(wanted.id));
  const same = (entry: StockEntry): string => JSON.stringify([entry.type, entry.warehouseId, entry.lines]);
  if (!stored || same(stored.value) !== same(wanted)) throw new AppError('ALREADY_EXISTS', { stockEntry: wanted.id });
  return stored;
}

async function requireStockKey(store: Store, key: { warehouseId: string; skuId: string }): Promise<void> {
  await requireWarehouses(store, [key.warehouseId], null);
  await requireSkus(store, [key.skuId]);
}

function requireLines(id: string, lines: readonly unknown[]): void {
  if (lines.length === 0) throw new AppError('EMPTY_DOCUMENT', { id });
}

function wrongStatus(order: AllocationOrder): AppError {
  return new AppError('WRONG_STATUS', {
    allocationOrder: order.id,
    status: order.status,
    statusText: ALLOCATION_STATUS_ZH[order.status],
  });
}
