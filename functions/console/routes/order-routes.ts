import type { Actor } from '../../../shared/domain/kernel/log-line';
import { actorName } from '../../../shared/domain/kernel/log-line';
import { deliveryOrderId } from '../../../shared/domain/kernel/ids';
import { shanghaiText } from '../../../shared/domain/kernel/time';
import { cancelOrder } from '../../../shared/domain/order/apply-platform-update';
import { auditByPerson } from '../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { moveOrder, statusText, withRetry } from '../../../shared/domain/order/delivery-order';
import { STATUS_ZH, statusAfter } from '../../../shared/domain/order/delivery-states';
import type { DeliveryEvent } from '../../../shared/domain/order/delivery-states';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { QuarantinedItem, ReceivedOrder } from '../../../shared/domain/order/received-order';
import { CONVERSION_ZH } from '../../../shared/domain/order/received-order';
import { AppError } from '../../../shared/errors';
import type { Run } from '../../../shared/platform/define-function';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { driveDeliveryOrders, followUps } from '../../../shared/procedures/drive-delivery-orders';
import { keys } from '../../../shared/procedures/keys';
import {
  mappingPlaces,
  resolveListings,
  resyncMapping,
  reviveParkedOrders,
} from '../../../shared/procedures/map-listings';
import { requireShop } from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute, Id, PageQuery, Version, z } from '../api';
import { saveVersioned } from '../save-versioned';
import { requireSkus } from './settings-routes';

const OrderPath = z.object({ shopId: Id, orderNo: Id });
const ShopPage = PageQuery.extend({ shopId: Id });

/** Times that a person's action is tried anew because a function saved the order first. */
const TRIES_MAX = 5;

/** 接口中心: platform orders, mapping, quarantine. */
export function addPlatformOrderRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/platform-orders',
      role: 'viewer',
      summary: '平台订单列表 (新的在前)',
      query: ShopPage,
    },
    async ({ query, run }) => {
      const page = await listPage<ReceivedOrder>(run, `platform-order#${query.shopId}`, query);
      return {
        ...page,
        rows: page.rows.map((order) => ({ ...order, conversionText: CONVERSION_ZH[order.conversion] })),
      };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/platform-orders/{shopId}/{orderNo}',
      role: 'viewer',
      summary: '平台订单及原文',
      params: OrderPath,
    },
    async ({ params, run }) => {
      const { store, channels } = run.ports;
      const head = await store.get<ReceivedOrder>(keys.platformOrder(params.shopId, params.orderNo));
      if (!head) throw new AppError('NOT_FOUND', params);
      const { modifiedAtMs, rawHash, channel } = head.value;
      const raw = await store.get<{ text: string }>(
        keys.rawOrder(params.shopId, params.orderNo, modifiedAtMs, rawHash),
      );
      return {
        ...head.value,
        conversionText: CONVERSION_ZH[head.value.conversion],
        order: raw ? channels[channel].readOrder(raw.value.text) : null,
        raw: raw?.value.text ?? null,
      };
    },
  );

  addRoute(
    app,
    { method: 'get', path: '/api/quarantine', role: 'viewer', summary: '隔离区 (新的在前)', query: PageQuery },
    async ({ query, run }) => listPage<QuarantinedItem>(run, 'quarantine', query),
  );

  addRoute(
    app,
    { method: 'get', path: '/api/parked-messages', role: 'viewer', summary: '搁置的消息 (新的在前)', query: PageQuery },
    async ({ query, run }) => listPage<object>(run, 'parked', query),
  );

  const MappingQuery = ShopPage.extend({ unmapped: z.enum(['true', 'false']).default('false') });
  addRoute(
    app,
    { method: 'get', path: '/api/mappings', role: 'viewer', summary: '商品对应', query: MappingQuery },
    async ({ query, run }) => {
      const { store } = run.ports;
      const range = { ...(query.after !== undefined && { after: query.after }), limit: query.limit };
      if (query.unmapped === 'false') {
        const page = await store.query<ItemMapping>(`mapping#${query.shopId}`, range);
        return { rows: page.map(({ value }) => value), next: page.length === query.limit ? page.at(-1)?.key.sk : null };
      }
      const hits = await store.queryIndex('list', `unmapped#${query.shopId}`, range);
      const rows = (await store.getMany<ItemMapping>(hits.map((hit) => hit.key))).flatMap(
        (stored) => stored?.value ?? [],
      );
      return { rows, next: hits.length === query.limit ? hits.at(-1)?.sort : null };
    },
  );

  const MappingBody = z.object({ shopId: Id, itemId: Id, platformSkuId: Id.nullable(), skuId: Id, version: Version });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/mappings',
      role: 'operator',
      summary: '保存商品对应，并唤醒等待它的订单',
      body: MappingBody,
    },
    async ({ body, run }) => {
      const { store, clock } = run.ports;
      await requireShop(store, body.shopId);
      await requireSkus(store, [body.skuId]);
      const saved = await saveVersioned<ItemMapping>(
        store,
        keys.mapping(body.shopId, body),
        body.version,
        (before, version) => ({
          ...body,
          ...{ source: 'manual', merchantCode: before?.merchantCode ?? null, title: before?.title ?? '' },
          version,
          resync: resyncMapping(run.ports, body.skuId),
        }),
        (value) => mappingPlaces(value, clock.nowMs()),
      );
      const revived = await reviveParkedOrders(run.ports, saved);
      return { ...saved, revived };
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/shops/{shopId}/download-items',
      role: 'operator',
      summary: '商品下载，按商家编码自动对应',
      params: z.object({ shopId: Id }),
    },
    async ({ params, run }) => {
      const shop = await requireShop(run.ports.store, params.shopId);
      let [listings, mapped] = [0, 0];
      for await (const page of run.ports.channels[shop.channel].listListings(run.ports.access(shop))) {
        const skuOf = await resolveListings(
          run.ports,
          page.map((line) => ({ shopId: shop.id, line })),
        );
        listings += page.length;
        mapped += page.filter((line) => skuOf(shop.id, line) !== undefined).length;
      }
      return { listings, mapped, unmapped: listings - mapped };
    },
  );
}

/** 订单中心: delivery orders. */
export function addDeliveryOrderRoutes(app: ConsoleApp): void {
  const StatusQuery = ShopPage.extend({
    status: z.enum(Object.keys(STATUS_ZH) as [keyof typeof STATUS_ZH]).optional(),
  });
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/delivery-orders',
      role: 'viewer',
      summary: '零售发货单列表 (新的在前)',
      query: StatusQuery,
    },
    async ({ query, run }) => {
      const page = await listPage<DeliveryOrder>(
        run,
        `delivery-order#${query.shopId}`,
        query,
        (order) => query.status === undefined || order.status === query.status,
      );
      return { ...page, rows: page.rows.map((order) => ({ ...order, statusText: statusText(order), log: undefined })) };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/delivery-orders/{shopId}/{orderNo}',
      role: 'viewer',
      summary: '零售发货单及操作日志 (新的在前)',
      params: OrderPath,
    },
    async ({ params, run }) => {
      const stored = await run.ports.store.get<DeliveryOrder>(
        keys.deliveryOrder(deliveryOrderId(params.shopId, params.orderNo)),
      );
      if (!stored) throw new AppError('NOT_FOUND', params);
      return viewOrder(stored.value);
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/delivery-orders/{shopId}/{orderNo}/audit',
      role: 'operator',
      summary: '人工审核',
      params: OrderPath,
    },
    async ({ params, run, actor }) =>
      act(run, params, (order) => {
        requireMove(order, 'audit');
        const audited = auditByPerson(order, { actor, atMs: run.ports.clock.nowMs() });
        if (audited.kind === 'refused') throw new AppError('AUDIT_REFUSED', { ...params, reasons: audited.reasons });
        return audited.order;
      }),
  );

  const ReasonBody = z.object({ reason: z.string().trim().min(1).max(200) });
  addRoute(
    app,
    {
      method: 'post',
      path: '/api/delivery-orders/{shopId}/{orderNo}/cancel',
      role: 'operator',
      summary: '取消，释放占用库存',
      params: OrderPath,
      body: ReasonBody,
    },
    async ({ params, body, run, actor }) =>
      act(run, params, (order) => {
        requireMove(order, 'cancel');
        return cancelOrder(order, { content: body.reason, actor, atMs: run.ports.clock.nowMs() });
      }),
  );

  addMove(app, 'pick', '开始配货', (order, by) =>
    moveOrder(order, 'pick', { type: '配货', content: '仓库开始配货', ...by }),
  );
  addMove(app, 'ship', '发货出库', (order) => ({ ...order, goal: 'ship' }));
  addMove(app, 'resume', '异常处理完毕，重新分配', (order, by) =>
    withRetry(moveOrder(order, 'resume', { type: '异常处理', content: '恢复处理', ...by })),
  );
}

function addMove(
  app: ConsoleApp,
  event: 'pick' | 'ship' | 'resume',
  summary: string,
  move: (order: DeliveryOrder, by: { actor: Actor; atMs: number }) => DeliveryOrder,
): void {
  addRoute(
    app,
    {
      method: 'post',
      path: `/api/delivery-orders/{shopId}/{orderNo}/${event}`,
      role: 'operator',
      summary,
      params: OrderPath,
    },
    async ({ params, run, actor }) =>
      act(run, params, (order) => {
        requireMove(order, event);
        return move(order, { actor, atMs: run.ports.clock.nowMs() });
      }),
  );
}

function requireMove(order: DeliveryOrder, event: DeliveryEvent): void {
  if (statusAfter(order.status, event) !== undefined && order.goal !== 'ship') return;
  throw new AppError('WRONG_STATUS', {
    deliveryOrder: order.id,
    status: order.status,
    statusText: statusText(order),
    action: event,
  });
}

/** A person's action on an order: on the newest facts of the platform, then driven until its stock is settled. */
async function act(
  run: Run,
  params: { shopId: string; orderNo: string },
  decide: (order: DeliveryOrder) => DeliveryOrder,
) {
  const { ports } = run;
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const [converted] = await convertPlatformOrders(ports, [params]);
    if (converted?.kind === 'failed') throw converted.error;
    const stored = await ports.store.get<DeliveryOrder>(
      keys.deliveryOrder(deliveryOrderId(params.shopId, params.orderNo)),
    );
    if (!stored) throw new AppError('NOT_FOUND', params);
    const driven = await driveDeliveryOrders(ports, [
      { version: stored.version, order: decide(stored.value), changed: true },
    ]);
    await ports.bus.publish(followUps(driven.results, driven.entries));
    const [result] = driven.results;
    if (result?.kind === 'done') return viewOrder(result.order);
  }
  throw new AppError('DOCUMENT_CONTENDED', params);
}

/** 操作日志 as the console shows it, newest first: 序号, 用户名称, 日志类型, 日志内容, 创建时间. */
function viewOrder(order: DeliveryOrder) {
  const log = [...order.log]
    .reverse()
    .map((line) => ({ ...line, userName: actorName(line.actor), at: shanghaiText(line.atMs) }));
  return { ...order, statusText: statusText(order), log };
}

/** Rows read at most to fill one page of a filtered list. */
const SCANNED_MAX = 2_000;

async function listPage<T>(
  run: Run,
  partition: string,
  query: { after?: string | undefined; limit: number },
  keep: (row: T) => boolean = () => true,
): Promise<{ rows: T[]; next: string | null }> {
  const { store } = run.ports;
  const rows: T[] = [];
  let after = query.after;
  for (let scanned = 0; scanned < SCANNED_MAX; ) {
    const hits = await store.queryIndex('list', partition, {
      ...(after !== undefined && { after }),
      limit: query.limit,
      descending: true,
    });
    const found = await store.getMany<T>(hits.map((hit) => hit.key));
    for (const [i, hit] of hits.entries()) {
      const row = found[i]?.value;
      after = hit.sort;
      if (row !== undefined && keep(row)) rows.push(row);
      if (rows.length === query.limit) return { rows, next: after };
    }
    scanned += hits.length;
    if (hits.length < query.limit) return { rows, next: null };
  }
  return { rows, next: after ?? null };
}
