import { deliveryOrderId } from '../../../shared/domain/kernel/ids';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { statusText } from '../../../shared/domain/order/delivery-order';
import type { QuarantinedItem, ReceivedOrder } from '../../../shared/domain/order/received-order';
import { CONVERSION_ZH, isAside, orderAside } from '../../../shared/domain/order/received-order';
import { AppError } from '../../../shared/errors';
import { keys } from '../../../shared/procedures/keys';
import { quarantineKey } from '../../../shared/procedures/quarantine';
import { readAgain } from '../../../shared/procedures/read-again';
import { requireShop } from '../../../shared/procedures/settings';
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
  QuarantinePath,
  QuarantineQuery,
  ReadAgainAnswer,
} from '../schema/platform-order';
import { shownLog } from './shown-log';

/** 接口中心: platform orders, and what could not be read, had or done. */
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
      summary: '隔离区：读不懂的报文、取不到的订单',
      query: QuarantineQuery,
      returns: QuarantinePage,
    },
    async ({ query, run }) => {
      const descending = query.order === 'newest';
      return mergedPage<QuarantinedItem, QuarantineRow>(run.ports.store, {
        ...{ partitions: ['quarantine'], query, descending, ...timeSpan(query, descending) },
        filtered: query.shopId !== undefined,
        row: ({ key, value }) =>
          isAside(value) && (query.shopId === undefined || value.shopId === query.shopId)
            ? quarantineRow(key.sk, value)
            : undefined,
      });
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/quarantine/{shopId}/{id}/read-again',
      role: 'operator',
      tag: '接口中心',
      summary: '重新读取隔离区中的订单，成功则移出',
      params: QuarantinePath,
      returns: ReadAgainAnswer,
    },
    async ({ params, run }) => {
      const { store } = run.ports;
      const shop = await requireShop(store, params.shopId);
      const item = await store.get<QuarantinedItem>(keys.quarantine(shop.id, params.id));
      if (!item) throw new AppError('NOT_FOUND', params);
      const orderNo = orderAside(item.value);
      // A push names no order; a shop that is off takes none; what is taken out came by another way.
      if (orderNo === undefined || !shop.active || !isAside(item.value)) {
        const { source } = item.value;
        throw new AppError('WRONG_STATUS', { ...params, source, active: shop.active, aside: isAside(item.value) });
      }
      const [outcome] = await readAgain(run.ports, shop, [item]);
      if (outcome instanceof Error) throw outcome;
      if (outcome === 'overtaken') throw new AppError('VERSION_CONFLICT', params);
      // Somebody may have set it aside anew meanwhile: what stands there now is what counts.
      const now = await store.get<QuarantinedItem>(quarantineKey(item.value));
      const reason = now && isAside(now.value) ? now.value.reason : null;
      return { shopId: shop.id, orderNo, takenOut: reason === null, reason };
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

function quarantineRow(id: string, item: QuarantinedItem): QuarantineRow {
  const { shopId, source, orderNo, reason, text, receivedAtMs, lookedAtMs = null } = item;
  return { id, shopId, source, orderNo, reason, text, receivedAtMs, lookedAtMs };
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
