import { deliveryOrderId } from '../../../shared/domain/kernel/ids';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { statusText } from '../../../shared/domain/order/delivery-order';
import type { QuarantinedItem, ReceivedOrder } from '../../../shared/domain/order/received-order';
import { CONVERSION_ZH } from '../../../shared/domain/order/received-order';
import { AppError } from '../../../shared/errors';
import { keys } from '../../../shared/procedures/keys';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { mergedPage, timeSpan } from '../lists/merged-page';
import { shopListPage } from '../lists/shop-lists';
import { OrderPath } from '../schema/common';
import type { ParkedRow, PlatformOrderRow, QuarantineRow } from '../schema/platform-order';
import {
  ParkedPage,
  ParkedQuery,
  PlatformOrderPage,
  PlatformOrderQuery,
  PlatformOrderView,
  QuarantinePage,
  QuarantineQuery,
} from '../schema/platform-order';
import { shownLog } from './shown-log';

/** 接口中心: platform orders, and what could not be read or done. */
export function addPlatformOrderRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/platform-orders',
      role: 'viewer',
      tag: '接口中心',
      summary: '平台订单列表，一个店铺或全部店铺',
      query: PlatformOrderQuery,
      returns: PlatformOrderPage,
    },
    async ({ query, run }) =>
      shopListPage<ReceivedOrder, PlatformOrderRow>(run.ports.store, query, {
        partition: (shopId) => `platform-order#${shopId}`,
        key: keys.platformOrder,
        row: rowOf,
        keep: query.conversion === undefined ? undefined : ({ conversion }) => conversion === query.conversion,
        atMs: ({ createdAtMs }) => createdAtMs,
      }),
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/platform-orders/{shopId}/{orderNo}',
      role: 'viewer',
      tag: '接口中心',
      summary: '平台订单及原文',
      params: OrderPath,
      returns: PlatformOrderView,
    },
    async ({ params, run }) => {
      const { store, channels } = run.ports;
      const { shopId, orderNo } = params;
      const [head, delivery] = await Promise.all([
        store.get<ReceivedOrder>(keys.platformOrder(shopId, orderNo)),
        store.get<DeliveryOrder>(keys.deliveryOrder(deliveryOrderId(shopId, orderNo))),
      ]);
      if (!head) throw new AppError('NOT_FOUND', params);
      const { modifiedAtMs, rawHash, channel } = head.value;
      const raw = await store.get<{ text: string }>(keys.rawOrder(shopId, orderNo, modifiedAtMs, rawHash));
      const made = delivery?.value;
      return {
        ...rowOf(head.value),
        log: shownLog(head.value.log),
        order: raw ? channels[channel].readOrder(raw.value.text) : null,
        raw: raw?.value.text ?? null,
        deliveryOrder: made ? { id: made.id, status: made.status, statusText: statusText(made) } : null,
      };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/quarantine',
      role: 'viewer',
      tag: '接口中心',
      summary: '隔离区：读不懂的报文',
      query: QuarantineQuery,
      returns: QuarantinePage,
    },
    async ({ query, run }) => {
      const descending = query.order === 'newest';
      return mergedPage<QuarantinedItem, QuarantineRow>(run.ports.store, {
        ...{ partitions: ['quarantine'], query, descending, ...timeSpan(query, descending) },
        filtered: query.shopId !== undefined,
        row: ({ key, value }) =>
          query.shopId !== undefined && value.shopId !== query.shopId ? undefined : { ...value, id: key.sk },
      });
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/parked-messages',
      role: 'viewer',
      tag: '接口中心',
      summary: '搁置的消息',
      query: ParkedQuery,
      returns: ParkedPage,
    },
    async ({ query, run }) =>
      mergedPage<Omit<ParkedRow, 'id'>, ParkedRow>(run.ports.store, {
        ...{ partitions: ['parked'], query, descending: query.order === 'newest', filtered: false },
        row: ({ key, value }) => ({ ...value, id: key.sk }),
      }),
  );
}

/** A row of the list: without its log. */
function rowOf(order: ReceivedOrder): PlatformOrderRow {
  const { channel, shopId, orderNo, status, platformStatus, createdAtMs, modifiedAtMs, payableFen } = order;
  const { fetchedAtMs, rawHash, conversion, unmapped } = order;
  return {
    ...{ channel, shopId, orderNo, status, platformStatus, createdAtMs, modifiedAtMs, payableFen },
    ...{ fetchedAtMs, rawHash, conversion, conversionText: CONVERSION_ZH[conversion], unmapped: [...unmapped] },
  };
}
