import { isKeyPart } from '../../../shared/domain/kernel/ids';
import type { Sku } from '../../../shared/domain/settings';
import { AppError } from '../../../shared/errors';
import { keys } from '../../../shared/procedures/keys';
import { mapNewSkus, newSku, skuPlaces } from '../../../shared/procedures/map-new-skus';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { skuPage, skuRow } from '../lists/sku-page';
import { saveVersioned } from '../save-versioned';
import { ById } from '../schema/common';
import {
  UnknownSkus,
  CreatedSkus,
  SkuBody,
  SkuCheckBody,
  SkuPage,
  SkuQuery,
  SkusBody,
  SkuView,
} from '../schema/settings';

/** 基础资料: SKUs. */
export function addSkuRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/skus',
      role: 'viewer',
      tag: '基础资料',
      summary: '商品，按编码或其开头',
      query: SkuQuery,
      returns: SkuPage,
    },
    async ({ query, run }) => skuPage(run.ports.store, query),
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/skus/{id}',
      role: 'viewer',
      tag: '基础资料',
      summary: '一个商品',
      params: ById,
      returns: SkuView,
    },
    async ({ params, run }) => {
      const stored = await run.ports.store.get<Sku>(keys.sku(params.id));
      if (!stored) throw new AppError('NOT_FOUND', { sku: params.id });
      return skuRow(stored.value);
    },
  );

  addRoute(
    app,
    {
      method: 'put',
      path: '/api/skus/{id}',
      role: 'admin',
      tag: '基础资料',
      summary: '保存商品名称',
      params: ById,
      body: SkuBody,
      returns: SkuView,
    },
    async ({ params, body, run }) => {
      const { id } = params;
      const saved = await saveVersioned<Sku>(
        run.ports.store,
        keys.sku(id),
        body.version,
        (before, version) => (before ? { ...before, title: body.title, version } : newSku(run.ports, id, body.title)),
        skuPlaces,
      );
      // A new one may be what listings have waited for.
      if (body.version === 0) await mapNewSkus(run.ports, [id]);
      return skuRow(saved);
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/skus/check',
      role: 'viewer',
      tag: '基础资料',
      summary: '哪些编码不是我们的商品',
      body: SkuCheckBody,
      returns: UnknownSkus,
    },
    async ({ body, run }) => {
      const unique = [...new Set(body.skuIds)];
      const ids = unique.filter(isKeyPart);
      const found = await run.ports.store.getMany<Sku>(ids.map(keys.sku));
      const known = new Set(ids.filter((_, i) => found[i]));
      return { unknown: unique.filter((id) => !known.has(id)) };
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/skus',
      role: 'admin',
      tag: '基础资料',
      summary: '批量新增商品 (已有的保持不变)',
      body: SkusBody,
      returns: CreatedSkus,
    },
    async ({ body, run }) => {
      const { store } = run.ports;
      const saved = await Promise.all(
        body.skus.map(({ id, title }) => {
          const value = newSku(run.ports, id, title);
          return store.put<Sku>({ key: keys.sku(id), expect: 0, value, places: skuPlaces(value) });
        }),
      );
      const mapped = await mapNewSkus(
        run.ports,
        body.skus.map(({ id }) => id),
      );
      return {
        created: saved.filter((result) => result === 'saved').length,
        existing: saved.filter((result) => result === 'conflict').length,
        mapped,
      };
    },
  );
}
