import { actorName, withLine } from '../../../shared/domain/kernel/log-line';
import type { AllocationOrder } from '../../../shared/domain/stock/allocation-order';
import {
  ALLOCATION_STATUS_ZH,
  allocationPlan,
  beginAllocationAudit,
} from '../../../shared/domain/stock/allocation-order';
import { startStockWork } from '../../../shared/domain/stock/stock-work';
import { AppError } from '../../../shared/errors';
import type { Store, Stored } from '../../../shared/ports/store';
import { driveAllocationOrder, stockDocumentPlaces } from '../../../shared/procedures/drive-stock-documents';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers, seenIn } from '../../../shared/procedures/post-movements';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { mergedPage, timeSpan } from '../lists/merged-page';
import { differences } from '../save-versioned';
import type { AllocationOrderRow } from '../schema/allocation-order';
import {
  AllocationAuditQuery,
  AllocationOrderBody,
  AllocationOrderPage,
  AllocationOrderQuery,
  AllocationOrderView,
} from '../schema/allocation-order';
import { ById } from '../schema/common';
import { requireSkus, requireWarehouses } from '../require-known';

/** 分货单. */
export function addAllocationRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/allocation-orders',
      role: 'viewer',
      tag: '库存中心',
      summary: '分货单列表',
      query: AllocationOrderQuery,
      returns: AllocationOrderPage,
    },
    async ({ query, run }) => {
      const descending = query.order === 'newest';
      return mergedPage<AllocationOrder, AllocationOrderRow>(run.ports.store, {
        ...{ partitions: ['allocation-order'], query, descending, ...timeSpan(query, descending) },
        filtered: query.status !== undefined,
        row: (stored) =>
          query.status === undefined || stored.value.status === query.status ? rowOf(stored) : undefined,
      });
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/allocation-orders/{id}',
      role: 'viewer',
      tag: '库存中心',
      summary: '分货单',
      params: ById,
      returns: AllocationOrderView,
    },
    async ({ params, run }) => view(await requireOrder(run.ports.store, params.id)),
  );

  addRoute(
    app,
    {
      method: 'put',
      path: '/api/allocation-orders/{id}',
      role: 'operator',
      tag: '库存中心',
      summary: '新建或保存分货单',
      params: ById,
      body: AllocationOrderBody,
      returns: AllocationOrderView,
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
      tag: '库存中心',
      summary: '审核分货单',
      params: ById,
      query: AllocationAuditQuery,
      returns: AllocationOrderView,
    },
    async ({ params, query, run, actor }) => {
      const { store, clock } = run.ports;
      const stored = await requireOrder(store, params.id);
      if (stored.value.status !== 'saved') throw wrongStatus(stored.value);
      const { version: presentVersion } = stored;
      if (query.version !== undefined && query.version !== presentVersion)
        throw new AppError('VERSION_CONFLICT', { readVersion: query.version, presentVersion, changed: [] });
      if (stored.value.lines.length === 0) throw new AppError('EMPTY_DOCUMENT', { id: params.id });
      const plan = allocationPlan(stored.value);
      const ledgers = await readLedgers(store, [...plan.outgoing, ...plan.incoming]);
      const work = startStockWork(plan, stored.value.attempt + 1, seenIn(ledgers));
      const atMs = clock.nowMs();
      const value = beginAllocationAudit(stored.value, work, { actor, atMs });
      const saved = await store.put({
        key: stored.key,
        expect: stored.version,
        value,
        places: stockDocumentPlaces('allocation-order', stored.key, value, atMs),
      });
      if (saved === 'conflict') throw wrongStatus((await requireOrder(store, params.id)).value);
      const begun = { ...stored, version: stored.version + 1, value };
      const driven = await driveAllocationOrder(run.ports, begun, ledgers);
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
  return { ...value, statusText: ALLOCATION_STATUS_ZH[value.status], pieces: piecesOf(value), version };
}

function rowOf({ value, version }: Stored<AllocationOrder>): AllocationOrderRow {
  const { id, sourceWarehouseId, targetWarehouseId, status, lines, lacking, createdAtMs, log } = value;
  const creator = log[0]?.actor;
  return {
    ...{ id, sourceWarehouseId, targetWarehouseId, status, statusText: ALLOCATION_STATUS_ZH[status], version },
    ...{ lineCount: lines.length, pieces: piecesOf(value), lacking: [...lacking], createdAtMs },
    ...{ createdBy: creator ? actorName(creator) : '', changedAtMs: log.at(-1)?.atMs ?? createdAtMs },
  };
}

function piecesOf({ lines }: AllocationOrder): number {
  return lines.reduce((sum, { qty }) => sum + qty, 0);
}

async function requireOrder(store: Store, id: string): Promise<Stored<AllocationOrder>> {
  const stored = await store.get<AllocationOrder>(keys.allocationOrder(id));
  if (!stored) throw new AppError('NOT_FOUND', { allocationOrder: id });
  return stored;
}

function wrongStatus(order: AllocationOrder): AppError {
  return new AppError('WRONG_STATUS', {
    allocationOrder: order.id,
    status: order.status,
    statusText: ALLOCATION_STATUS_ZH[order.status],
  });
}
