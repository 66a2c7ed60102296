import { deliveryOrderId } from '../../../shared/domain/kernel/ids';
import type { Actor } from '../../../shared/domain/kernel/log-line';
import { cancelOrder } from '../../../shared/domain/order/apply-platform-update';
import { auditByPerson } from '../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import {
  lackingSkus,
  mayTake,
  moveOrder,
  statusText,
  wantedBySku,
  withRetry,
} from '../../../shared/domain/order/delivery-order';
import type { DeliveryEvent } from '../../../shared/domain/order/delivery-states';
import { isOver } from '../../../shared/domain/order/platform-order';
import { AppError } from '../../../shared/errors';
import type { Run } from '../../../shared/platform/define-function';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { driveDeliveryOrders, followUps } from '../../../shared/procedures/drive-delivery-orders';
import { keys } from '../../../shared/procedures/keys';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { shopListPage } from '../lists/shop-lists';
import { OrderPath } from '../schema/common';
import type { DeliveryOrderRow } from '../schema/delivery-order';
import { DeliveryOrderPage, DeliveryOrderQuery, DeliveryOrderView, ReasonBody } from '../schema/delivery-order';
import { shownLog } from './shown-log';

/** Times that a person's action is tried anew because a function saved the order first. */
const TRIES_MAX = 5;

/** 订单中心: delivery orders. */
export function addDeliveryOrderRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/delivery-orders',
      role: 'viewer',
      tag: '订单中心',
      summary: '零售发货单列表，一个店铺或全部店铺',
      query: DeliveryOrderQuery,
      returns: DeliveryOrderPage,
    },
    async ({ query, run }) =>
      shopListPage<DeliveryOrder, DeliveryOrderRow>(run.ports.store, query, {
        partition: (shopId) => `delivery-order#${shopId}`,
        key: (shopId, orderNo) => keys.deliveryOrder(deliveryOrderId(shopId, orderNo)),
        row: rowOf,
        keep: query.status === undefined ? undefined : ({ status }) => status === query.status,
        atMs: ({ createdAtMs }) => createdAtMs,
      }),
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/delivery-orders/{shopId}/{orderNo}',
      role: 'viewer',
      tag: '订单中心',
      summary: '零售发货单及操作日志 (新的在前)',
      params: OrderPath,
      returns: DeliveryOrderView,
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
      tag: '订单中心',
      summary: '人工审核',
      params: OrderPath,
      returns: DeliveryOrderView,
    },
    async ({ params, run, actor }) =>
      act(run, params, (order) => {
        requireMove(order, 'audit');
        const audited = auditByPerson(order, { actor, atMs: run.ports.clock.nowMs() });
        if (audited.kind === 'refused') throw new AppError('AUDIT_REFUSED', { ...params, reasons: audited.reasons });
        return audited.order;
      }),
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/delivery-orders/{shopId}/{orderNo}/cancel',
      role: 'operator',
      tag: '订单中心',
      summary: '取消，释放占用库存',
      params: OrderPath,
      body: ReasonBody,
      returns: DeliveryOrderView,
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
      tag: '订单中心',
      summary,
      params: OrderPath,
      returns: DeliveryOrderView,
    },
    async ({ params, run, actor }) =>
      act(run, params, (order) => {
        requireMove(order, event);
        return move(order, { actor, atMs: run.ports.clock.nowMs() });
      }),
  );
}

function requireMove(order: DeliveryOrder, event: DeliveryEvent): void {
  if (mayTake(order, event)) return;
  if (event === 'resume' && isOver(order.platform)) throw new AppError('ORDER_CLOSED', { deliveryOrder: order.id });
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

/** What a person may do with an order, in the order of its life. */
const ACTIONS = ['audit', 'pick', 'ship', 'cancel', 'resume'] as const;

/** A delivery order as its page shows it, its log newest first. */
function viewOrder(order: DeliveryOrder) {
  return {
    ...order,
    statusText: statusText(order),
    pieces: piecesOf(order),
    lackingSkus: lackingSkus(order),
    actions: ACTIONS.filter((action) => mayTake(order, action)),
    log: shownLog(order.log),
  };
}

/** A row of the list: lean, since a page holds 200, and with nothing of the receiver but the region. */
function rowOf(order: DeliveryOrder): DeliveryOrderRow {
  const { id, channel, shopId, orderNo, warehouseId, status, unmapped, audit, platform, createdAtMs } = order;
  const { payableFen, paidAtMs, receiver } = platform;
  return {
    ...{ id, channel, shopId, orderNo, warehouseId, status, statusText: statusText(order), pieces: piecesOf(order) },
    holds: order.holds.map(({ skuId, wantedQty, heldQty }) => ({ skuId, wantedQty, heldQty })),
    lackingSkus: lackingSkus(order),
    unmapped: [...unmapped],
    audit: audit && { ...audit, reasons: [...audit.reasons] },
    ...{ platformStatus: platform.status, payableFen, paidAtMs, orderedAtMs: platform.createdAtMs },
    ...{ hasBuyerMemo: platform.buyerMemo !== '', hasSellerMemo: platform.sellerMemo !== '' },
    ...{ province: receiver.province, city: receiver.city, createdAtMs },
    changedAtMs: order.log.at(-1)?.atMs ?? createdAtMs,
  };
}

function piecesOf(order: DeliveryOrder): number {
  return [...wantedBySku(order.lines).values()].reduce((sum, qty) => sum + qty, 0);
}
