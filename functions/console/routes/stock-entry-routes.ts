import { actorName, withLine } from '../../../shared/domain/kernel/log-line';
import type { StockEntry } from '../../../shared/domain/stock/stock-entry';
import { stockEntryPlan } from '../../../shared/domain/stock/stock-entry';
import { startStockWork } from '../../../shared/domain/stock/stock-work';
import { AppError } from '../../../shared/errors';
import type { Store, Stored } from '../../../shared/ports/store';
import { driveStockEntry, stockDocumentPlaces } from '../../../shared/procedures/drive-stock-documents';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers, seenIn } from '../../../shared/procedures/post-movements';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { mergedPage, timeSpan } from '../lists/merged-page';
import { ById } from '../schema/common';
import type { StockEntryRow } from '../schema/stock';
import { ENTRY_STATUS_ZH, StockEntryBody, StockEntryPage, StockEntryQuery, StockEntryView } from '../schema/stock';
import { requireSkus, requireWarehouses } from '../require-known';

/** 入库, 调整. */
export function addStockEntryRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock-entries',
      role: 'viewer',
      tag: '库存中心',
      summary: '入库与调整列表',
      query: StockEntryQuery,
      returns: StockEntryPage,
    },
    async ({ query, run }) => {
      const descending = query.order === 'newest';
      const { type, warehouseId } = query;
      return mergedPage<StockEntry, StockEntryRow>(run.ports.store, {
        ...{ partitions: ['stock-entry'], query, descending, ...timeSpan(query, descending) },
        filtered: type !== undefined || warehouseId !== undefined,
        row: ({ value }) =>
          (type === undefined || value.type === type) &&
          (warehouseId === undefined || value.warehouseId === warehouseId)
            ? rowOf(value)
            : undefined,
      });
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock-entries/{id}',
      role: 'viewer',
      tag: '库存中心',
      summary: '一张入库或调整单',
      params: ById,
      returns: StockEntryView,
    },
    async ({ params, run }) => {
      const stored = await run.ports.store.get<StockEntry>(keys.stockEntry(params.id));
      if (!stored) throw new AppError('NOT_FOUND', { stockEntry: params.id });
      return viewOf(stored.value);
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/stock-entries',
      role: 'operator',
      tag: '库存中心',
      summary: '入库 / 调整 (id 由调用方给出，重复提交不重复过账)',
      body: StockEntryBody,
      returns: StockEntryView,
      status: 201,
    },
    async ({ body, run, actor }) => {
      const { store, clock } = run.ports;
      if (body.lines.length === 0) throw new AppError('EMPTY_DOCUMENT', { id: body.id });
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
      const ledgers = await readLedgers(store, [...plan.outgoing, ...plan.incoming]);
      const work = startStockWork(plan, 1, seenIn(ledgers));
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
      const driven = await driveStockEntry(run.ports, stored, ledgers);
      if (driven.status === 'refused') throw new AppError('LACK_OF_STOCK', { id: driven.id, skuIds: driven.lacking });
      return viewOf(driven);
    },
  );
}

function viewOf(entry: StockEntry) {
  return { ...entry, statusText: ENTRY_STATUS_ZH[entry.status] };
}

function rowOf(entry: StockEntry): StockEntryRow {
  const { id, type, warehouseId, reason, status, lines, lacking, createdAtMs, log } = entry;
  const creator = log[0]?.actor;
  return {
    ...{ id, type, warehouseId, reason, status, statusText: ENTRY_STATUS_ZH[status], createdAtMs },
    ...{ lineCount: lines.length, pieces: lines.reduce((sum, { qty }) => sum + qty, 0), lacking: [...lacking] },
    createdBy: creator ? actorName(creator) : '',
  };
}

/** A repeated post of the same entry is that entry; another under its id is refused. */
async function sameEntry(store: Store, wanted: StockEntry): Promise<Stored<StockEntry>> {
  const stored = await store.get<StockEntry>(keys.stockEntry(wanted.id));
  const same = (entry: StockEntry): string => JSON.stringify([entry.type, entry.warehouseId, entry.lines]);
  if (!stored || same(stored.value) !== same(wanted)) throw new AppError('ALREADY_EXISTS', { stockEntry: wanted.id });
  return stored;
}
