import { deliveryOrderId } from '../../../shared/domain/kernel/ids';
import type { Actor } from '../../../shared/domain/kernel/log-line';
import { actorName } from '../../../shared/domain/kernel/log-line';
import { shanghaiText } from '../../../shared/domain/kernel/time';
import { cancelOrder } from '../../../shared/domain/order/apply-platform-update';
import { auditByPerson } from '../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { moveOrder, statusText, withRetry } from '../../../shared/domain/order/delivery-order';
import type { DeliveryEvent } from '../../../shared/domain/order/delivery-states';
import { STATUS_ZH, statusAfter } from '../../../shared/domain/order/delivery-states';
import { AppError } from '../../../shared/errors';
import type { Run } from '../../../shared/platform/define-function';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { driveDeliveryOrders, followUps } from '../../../shared/procedures/drive-delivery-orders';
import { keys } from '../../../shared/procedures/keys';
import type { ConsoleApp } from '../api';
import { addRoute, z } from '../api';
import { listPage, OrderPath, ShopPage } from './list-page';

/** Times that a person's action is tried anew because a function saved the order first. */
const TRIES_MAX = 5;

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
