import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { QuarantinedItem, ReceivedOrder } from '../../../shared/domain/order/received-order';
import { CONVERSION_ZH } from '../../../shared/domain/order/received-order';
import { AppError } from '../../../shared/errors';
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
import { listPage, OrderPath, ShopPage } from './list-page';
import { requireSkus } from './settings-routes';

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
