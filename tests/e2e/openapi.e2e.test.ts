import { randomUUID } from 'node:crypto';
import { consoleApp } from '../../functions/console/handler';
import { z } from '../../functions/console/api';
import { SAMPLE, stockSample } from '../../infra/local/demo/sample-brand';
import { until } from '../../infra/local/demo/api';
import { LocalWorld } from './local-world';
import { buy, newListing, putListing, untilConversion, untilIdle, untilShown, untilStatus } from './steps';
import type { Purchase } from './steps';

/** A document of the API, as far as these tests look into it. */
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, { type: string }>>;
  };
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly 'x-role': string;
  readonly security: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; description?: string }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: object }>> };
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: object }>> }>>;
}

const SKU = SAMPLE.sku.id;
const { tmall, doudian } = SAMPLE;

let world: LocalWorld;
let document: Document;
let order: Purchase;
let parked: Purchase;

beforeAll(async () => {
  world = await LocalWorld.start();
  document = await world.host.get<Document>('/api/openapi.json');
  await stockSample(world.host);
  const { shopId, itemId, platformSkuId: skuId } = doudian;
  await untilShown(world, { shopId, itemId, skuId }, 40);
  order = await buy(world, [{ listing: { shopId, itemId, skuId }, quantity: 2 }]);
  await untilStatus(world, order, 'audited');
  const unmapped = newListing(tmall.shopId);
  await putListing(world, unmapped, { merchantCode: 'nobody-knows', stockQty: 5 });
  parked = await buy(world, [{ listing: unmapped, quantity: 1 }]);
  await untilConversion(world, parked, 'unmapped');
  await world.host.put(`/api/ratio-exceptions/${SKU}/${tmall.shopId}`, { enabled: true, ratioBp: 7_000, version: 0 });
  await world.host.put('/api/users/staff', { name: '员工', role: 'viewer', enabled: true, version: 0 });
  await world.host.post('/api/sync-queue/read-back', { skuIds: [SKU] });
  await untilIdle(world);
}, 120_000);

afterAll(() => world.close());

/** The answer schemas of the GET routes, by path. */
function answerSchemas(): Map<string, z.ZodType> {
  const found = new Map<string, z.ZodType>();
  for (const definition of consoleApp().openAPIRegistry.definitions) {
    if (definition.type !== 'route' || definition.route.method !== 'get') continue;
    const answer = definition.route.responses['200'];
    const media = answer && 'content' in answer ? answer.content['application/json'] : undefined;
    const schema = media && 'schema' in media ? media.schema : undefined;
    if (schema instanceof z.ZodType) found.set(definition.route.path, schema);
  }
  return found;
}

/** Addresses of each GET route, on a host on which something has happened. */
function addresses(): Record<string, string[]> {
  const { shopId, orderNo } = order;
  const why = `/api/sync-queue/${tmall.shopId}/${tmall.itemId}/why`;
  return {
    '/api/shops': ['/api/shops'],
    '/api/warehouses': ['/api/warehouses'],
    '/api/skus': ['/api/skus?limit=1', `/api/skus?prefix=${SKU.slice(0, 4)}`],
    '/api/skus/{id}': [`/api/skus/${SKU}`],
    '/api/ratio-strategies': ['/api/ratio-strategies'],
    '/api/ratio-exceptions/{skuId}': [`/api/ratio-exceptions/${SKU}`],
    '/api/shop-strategies': ['/api/shop-strategies'],
    '/api/audit-strategies': ['/api/audit-strategies'],
    '/api/stock': ['/api/stock', `/api/stock?skuId=${SKU}&warehouseId=DS`],
    '/api/stock/{warehouseId}/{skuId}': [`/api/stock/DS/${SKU}`],
    '/api/stock/{warehouseId}/{skuId}/ledger': [
      `/api/stock/DS/${SKU}/ledger?order=oldest`,
      `/api/stock/ZC/${SKU}/ledger?limit=1`,
    ],
    '/api/stock-entries': ['/api/stock-entries', '/api/stock-entries?type=receipt'],
    '/api/stock-entries/{id}': ['/api/stock-entries/RK-sample'],
    '/api/allocation-orders': ['/api/allocation-orders?status=audited'],
    '/api/allocation-orders/{id}': ['/api/allocation-orders/FH-sample'],
    '/api/platform-orders': ['/api/platform-orders', '/api/platform-orders?conversion=unmapped&order=oldest'],
    '/api/platform-orders/{shopId}/{orderNo}': [`/api/platform-orders/${shopId}/${orderNo}`],
    '/api/delivery-orders': [
      '/api/delivery-orders',
      `/api/delivery-orders?orderNo=${orderNo}`,
      `/api/delivery-orders?shopId=${shopId}&status=audited&fromMs=0`,
    ],
    '/api/delivery-orders/{shopId}/{orderNo}': [`/api/delivery-orders/${shopId}/${orderNo}`],
    '/api/quarantine': ['/api/quarantine'],
    '/api/parked-messages': ['/api/parked-messages'],
    '/api/mappings': ['/api/mappings', '/api/mappings?unmapped=true', `/api/mappings?skuId=${SKU}`],
    '/api/stock-change-pool': ['/api/stock-change-pool'],
    '/api/sync-queue': ['/api/sync-queue', `/api/sync-queue?skuId=${SKU}&status=pushed`],
    '/api/sync-queue/{shopId}/{itemId}': [`/api/sync-queue/${tmall.shopId}/${tmall.itemId}`],
    '/api/sync-queue/{shopId}/{itemId}/why': [why, `${why}?number=1`, `/api/sync-queue/${tmall.shopId}/nothing/why`],
    '/api/status': ['/api/status'],
    '/api/search': [`/api/search?q=${orderNo}`, `/api/search?q=${SKU.slice(0, 3)}`, '/api/search?q=IB'],
    '/api/home': ['/api/home'],
    '/api/session': ['/api/session'],
    '/api/users': ['/api/users'],
  };
}

describe("the API's document", () => {
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('is OpenAPI 3.1 with references that all lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
    expect(refs.length).toBeGreaterThan(100);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(refs)].filter((ref) => !known.includes(ref))).toEqual([]);
  });

  it('holds schemas of JSON Schema 2020-12 only: what a reader of that standard takes', () => {
    const schemas = [
      ...Object.entries(document.components.schemas),
      ...operations().flatMap(({ path, method, operation }) =>
        Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => [`${method} ${path}`, schema] as const),
      ),
    ];
    const faults = schemas.flatMap(([name, schema]) => {
      try {
        z.fromJSONSchema({
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          ...inlined(schema, document.components.schemas),
        });
        return [];
      } catch (error) {
        return [`${name}: ${String(error)}`];
      }
    });
    expect(faults).toEqual([]);
  });

  it('names each operation once, under a menu, with the role that it takes', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids.length).toBeGreaterThan(50);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    const bare = operations().filter(({ operation: { tags, summary, 'x-role': role } }) => {
      return tags.length !== 1 || summary === '' || !/^(anyone|viewer|operator|strategist|admin)$/.test(role);
    });
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('describes every part of a path, once each', () => {
    const faults = operations().flatMap(({ path, method, operation }) => {
      const parts = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const said = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const names = said.filter(({ description, required }) => description && required).map(({ name }) => name);
      return JSON.stringify(parts) === JSON.stringify(names) ? [] : [`${method} ${path}: ${names.join()}`];
    });
    expect(faults).toEqual([]);
  });

  it('describes what each route answers by a named schema, and every refusal by the one of all refusals', () => {
    const faults = operations().flatMap(({ path, method, operation }) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) => {
        const schema = JSON.stringify(content?.['application/json']?.schema ?? null);
        if (status === '302') return [];
        const fits =
          Number(status) < 300 ? /^\{"\$ref":/.test(schema) : schema === '{"$ref":"#/components/schemas/Error"}';
        return fits ? [] : [`${method} ${path} ${status}: ${schema.slice(0, 60)}`];
      }),
    );
    expect(faults).toEqual([]);
    for (const { operation } of operations()) {
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '401', '403', '500', '503']));
    }
  });

  it('says how a caller proves who it is', () => {
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: 'yipan_session' },
    });
    const open = operations().filter(({ operation }) => operation.security.length === 0);
    expect(open.every(({ path }) => path.startsWith('/api/session'))).toBe(true);
  });
});

describe('answers', () => {
  it('each GET route answers exactly what its schema says, on a host with orders and stock', async () => {
    const schemas = answerSchemas();
    const asked = addresses();
    expect([...schemas.keys()].filter((path) => !asked[path])).toEqual([]);
    const faults: string[] = [];
    for (const [path, urls] of Object.entries(asked)) {
      for (const url of urls) {
        const answer = await world.host.get<unknown>(url);
        const parsed = schemas.get(path)?.safeParse(answer);
        if (!parsed?.success) faults.push(`${url}: ${parsed ? z.prettifyError(parsed.error) : 'no schema'}`);
        // What the schema does not know is left out by parsing: then the two differ.
        else faults.push(...unknownMembers(answer, parsed.data, url));
      }
    }
    expect(faults).toEqual([]);
  });

  it('has rows in every list that something was put into', async () => {
    const empty: string[] = [];
    for (const urls of Object.values(addresses())) {
      const answer = await world.host.get<{ rows?: unknown[]; hits?: unknown[] }>(urls[0] ?? '');
      if ((answer.rows ?? answer.hits)?.length === 0) empty.push(urls[0] ?? '');
    }
    // The pool is emptied all the time; nothing was unreadable.
    expect(empty.filter((url) => !/pool|quarantine|parked/.test(url))).toEqual([]);
  });

  it('a refusal is what the document says of it', async () => {
    const schema = z.strictObject({
      ...{ code: z.string(), message: z.string(), messageEn: z.string(), requestId: z.string().min(1) },
      facts: z.looseObject({}),
    });
    for (const [url, code] of [
      ['/api/skus/nothing', 'NOT_FOUND'],
      ['/api/sync-queue?status=sent', 'BAD_INPUT'],
      ['/api/stock/nowhere/nothing', 'UNKNOWN_WAREHOUSE'],
    ]) {
      const response = await fetch(`${world.hostUrl}${url ?? ''}`, {
        headers: { authorization: `Bearer ${world.secrets.users[0]?.token ?? ''}` },
      });
      expect(schema.parse(await response.json()).code).toBe(code);
    }
  });
});

describe('lists', () => {
  it('show one order by its number without naming its shop, and only that', async () => {
    const { rows } = await world.host.get<{ rows: { orderNo: string }[] }>(
      `/api/delivery-orders?orderNo=${order.orderNo}`,
    );
    expect(rows.map(({ orderNo }) => orderNo)).toEqual([order.orderNo]);
  });

  it('show nothing of the receiver but province and city', async () => {
    const { rows } = await world.host.get<{ rows: object[] }>('/api/delivery-orders');
    const { platform } = await world.host.get<{ platform: { receiver: { name: string; phone: string } } }>(
      `/api/delivery-orders/${order.shopId}/${order.orderNo}`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(platform.receiver.name).not.toBe('');
    expect(JSON.stringify(rows)).not.toContain(platform.receiver.name);
    expect(JSON.stringify(rows)).not.toContain(platform.receiver.phone);
  });

  it('keep script as text: it comes back as it was sent', async () => {
    const title = '<script>alert("1")</script> \' -- ; \u{1F600}';
    const id = `S-${randomUUID()}`;
    await world.host.post('/api/skus', { skus: [{ id, title }] });
    expect(await world.host.get(`/api/skus/${id}`)).toEqual({ id, title, version: 1 });
    const renamed = `${title}<img src=x onerror=alert(1)>`;
    await world.host.put(`/api/skus/${id}`, { title: renamed, version: 1 });
    expect(await world.host.get(`/api/skus/${id}`)).toEqual({ id, title: renamed, version: 2 });
    const { rows } = await world.host.get<{ rows: { skuId: string; title: string }[] }>(`/api/stock?skuId=${id}`);
    expect(rows).toMatchObject([{ skuId: id, title: renamed, availableQty: 0, warehouses: [] }]);
  });

  it('say what each ledger entry changed, and which document did it', async () => {
    const { rows } = await world.host.get<{
      rows: { number: number; delta: object; movements: { kindText: string; document: object }[] }[];
    }>(`/api/stock/DS/${SKU}/ledger?order=oldest&limit=2`);
    // 100 pieces were given to the distribution warehouse, then 2 of them held for the order.
    expect(rows).toMatchObject([
      {
        ...{ number: 1, delta: { onHandQty: 100, heldQty: 0, availableQty: 100 } },
        movements: [{ kindText: '分货入', document: { kind: 'allocation-order', id: 'FH-sample' } }],
      },
      {
        ...{ number: 2, delta: { onHandQty: 0, heldQty: 2, availableQty: -2 } },
        movements: [{ kindText: '占用', document: { kind: 'delivery-order', orderNo: order.orderNo } }],
      },
    ]);
  });

  it('name the SKUs that are none of ours', async () => {
    const skuIds = [SKU, 'nobody', 'a#b', 'nobody', ''];
    expect(await world.host.post('/api/skus/check', { skuIds })).toEqual({ unknown: ['nobody', 'a#b', ''] });
  });
});

describe('why a shop shows what it shows', () => {
  it('leads from the ledger to the push', async () => {
    const path = `/api/sync-queue/${tmall.shopId}/${tmall.itemId}/why`;
    interface Why {
      readonly steps: readonly { readonly step: string; readonly qty?: number }[];
      readonly now: { readonly qty: number };
      readonly differs: boolean;
      readonly reasons: readonly object[];
    }
    const why = await until('the listing shows what it should', 30_000, async () => {
      const answer = await world.host.get<Why>(path);
      return !answer.differs && answer.reasons.length === 0 ? answer : undefined;
    });
    // 98 pieces are available, 70 % by the exception of the SKU: 68.6, rounded down.
    expect(why.steps).toMatchObject([
      { step: 'balance', warehouseId: 'DS', skuId: SKU, qty: 98, now: { availableQty: 98 } },
      { step: 'sum', qty: 98 },
      { step: 'ratio', ratioBp: 7_000, ratioFrom: 'exception', isPresent: true, exact: '68.6' },
      { step: 'rounding', qty: 68 },
      { step: 'push', status: 'pushed' },
    ]);
    expect([why.now.qty, why.differs]).toEqual([68, false]);
  });

  it('says of a listing without a record why nothing is pushed', async () => {
    const reasons = async (itemId: string) => {
      const answer = await world.host.get<{ record: null; reasons: { code: string }[] }>(
        `/api/sync-queue/${tmall.shopId}/${itemId}/why`,
      );
      return [answer.record, answer.reasons.map(({ code }) => code)];
    };
    expect(await reasons('nothing')).toEqual([null, ['no-mapping']]);
    const { rows } = await world.host.get<{ rows: { itemId: string; platformSkuId: string }[] }>(
      `/api/mappings?shopId=${tmall.shopId}&unmapped=true`,
    );
    const [listing] = rows;
    expect(await reasons(listing?.itemId ?? '')).toEqual([null, ['no-mapping']]);
    const path = `${listing?.itemId ?? ''}/why?platformSkuId=${listing?.platformSkuId ?? ''}`;
    expect(await world.host.get(`/api/sync-queue/${tmall.shopId}/${path}`)).toMatchObject({
      reasons: [{ code: 'unmapped' }],
    });
  });

  it('warns of the ratios before a strategy is saved, and saves nothing', async () => {
    const before = await world.host.get<{ rows: unknown[] }>('/api/ratio-strategies');
    const body = {
      ...{ name: '全部', enabled: true, shopIds: [doudian.shopId], skuIds: null, warehouseIds: ['DS'] },
      ...{ ratioBp: 10_000, priority: 9, version: 0 },
    };
    // Tmall shows 60 % of the same stock: 60 of 100 pieces can be sold twice.
    expect(await world.host.post('/api/ratio-strategies/check', body)).toMatchObject({
      warnings: [{ warehouseId: 'DS', ratioSumBp: 16_000, syncedRatioSumBp: 16_000, oversellPer100Qty: 60 }],
    });
    expect(await world.host.get('/api/ratio-strategies')).toEqual(before);
  });
});

/** Where the two differ, by path. */
function unknownMembers(sent: unknown, known: unknown, path: string): string[] {
  if (typeof sent !== 'object' || sent === null || typeof known !== 'object' || known === null)
    return sent === known ? [] : [`${path}: ${JSON.stringify(sent)} is read as ${JSON.stringify(known)}`];
  return Object.entries(sent).flatMap(([name, value]) =>
    name in known
      ? unknownMembers(value, (known as Record<string, unknown>)[name], `${path} ${name}`)
      : [`${path}: ${name} is not in its schema`],
  );
}

/** A schema with the components beside it, where its references then lead. */
function inlined(schema: object, components: Readonly<Record<string, object>>): object {
  const text = JSON.stringify({ ...schema, $defs: components });
  return JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as object;
}
