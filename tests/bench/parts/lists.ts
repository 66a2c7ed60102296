import type { ConsoleApp } from '../../../functions/console/api';
import { newApp } from '../../../functions/console/api';
import { addDeliveryOrderRoutes } from '../../../functions/console/routes/delivery-order-routes';
import { addMappingRoutes } from '../../../functions/console/routes/mapping-routes';
import { addPlatformOrderRoutes } from '../../../functions/console/routes/platform-order-routes';
import { addSearchRoutes } from '../../../functions/console/routes/search-routes';
import { addStockRoutes } from '../../../functions/console/routes/stock-routes';
import { skuIdOf } from '../brand';
import type { Size } from '../grown-store';
import { newGrownWorld } from '../grown-store';
import type { Part } from '../result';
import { targetOf } from '../result';
import type { SqliteWorld } from '../sqlite-world';
import { msOf, percentile } from '../statistics';
import { BENCH_USER } from '../step-world';

const SIZE: Size = { skus: 100_000, history: 1_000_000, orders: 200_000 };

/** Calls of each kind that are timed; one more warms up. */
const CALLS = 40;

const LIST_MS_MAX = 300;
const SEARCH_MS_MAX = 100;

interface Timed {
  readonly what: string;
  readonly rows: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** The part `lists`: what a person waits for at the console of a large shop. */
export const LISTS: Part = {
  name: 'lists',
  about: "the console's lists and its search over 1 M ledger entries and 200 k orders; takes a minute and 3 GB of disk",
  byDefault: false,
  run: async (progress) => {
    const world = await newGrownWorld(SIZE, (what) => progress(0, what));
    try {
      const found = await measure(world, (i, of, what) => progress(i / of, what));
      const slowest = (searches: boolean): number =>
        Math.max(...found.filter(({ what }) => what.startsWith('search') === searches).map(({ p95Ms }) => p95Ms));
      return {
        tables: [
          {
            title: "The console's lists: 1,000,000 ledger entries, 200,000 orders, 100,000 SKUs",
            head: ['call', 'rows', 'median ms', 'p95 ms'],
            rows: found.map(({ what, rows, medianMs, p95Ms }) => [what, rows, medianMs, p95Ms]),
            notes: [
              `in process on the embedded engine, ${CALLS} calls each, answers as JSON text. A filter that nothing fits reads 1,000 orders and stops: its worst case. Pages walk on from where the one before ended.`,
            ],
          },
        ],
        figures: Object.fromEntries(found.map(({ what, p95Ms }) => [`lists ${what} p95 ms`, p95Ms])),
        targets: [
          targetOf('95 of 100 pages of the slowest list within', slowest(false), { most: LIST_MS_MAX }, ' ms'),
          targetOf('95 of 100 searches within', slowest(true), { most: SEARCH_MS_MAX }, ' ms'),
        ],
      };
    } finally {
      await world.close();
    }
  },
};

async function measure(
  world: SqliteWorld,
  tell: (i: number, of: number, what: string) => void,
): Promise<readonly Timed[]> {
  const app = newApp();
  for (const add of [
    ...[addDeliveryOrderRoutes, addPlatformOrderRoutes, addStockRoutes, addMappingRoutes, addSearchRoutes],
  ])
    add(app);
  const { rows } = await call(app, world, '/api/delivery-orders?limit=1');
  const orderNo = (rows?.[0] as { orderNo?: string } | undefined)?.orderNo ?? '';
  const warehouse = await call(app, world, '/api/stock?limit=1');
  const { warehouses = [] } = (warehouse.rows?.[0] ?? {}) as { warehouses?: { warehouseId: string }[] };
  const sku = (n: number): string => encodeURIComponent(skuIdOf(n * 997));
  const kinds: readonly [string, (n: number, next: string | null) => string][] = [
    ['delivery orders, pages of 50', (_, next) => `/api/delivery-orders?limit=50${after(next)}`],
    ['delivery orders, pages of 200', (_, next) => `/api/delivery-orders?limit=200${after(next)}`],
    ['delivery orders, oldest first', (_, next) => `/api/delivery-orders?order=oldest${after(next)}`],
    ['delivery orders, filter nothing fits', (_, next) => `/api/delivery-orders?status=exception${after(next)}`],
    ['delivery orders, one number', () => `/api/delivery-orders?orderNo=${orderNo}`],
    ['platform orders, pages of 50', (_, next) => `/api/platform-orders?limit=50${after(next)}`],
    ['platform orders, filter nothing fits', (_, next) => `/api/platform-orders?conversion=closed${after(next)}`],
    ['stock, pages of 50', (_, next) => `/api/stock?limit=50${after(next)}`],
    ['stock, beginning of an id', (n) => `/api/stock?skuId=${sku(n)}`],
    ['ledger of a SKU', (n) => `/api/stock/${warehouses[0]?.warehouseId ?? ''}/${sku(n)}/ledger`],
    ['mappings, pages of 50', (_, next) => `/api/mappings?limit=50${after(next)}`],
    ['search an order number', () => `/api/search?q=${orderNo}`],
    ['search a SKU', (n) => `/api/search?q=${sku(n).slice(0, -1)}`],
    ['search a word that is nowhere', () => '/api/search?q=nowhere'],
  ];
  const found: Timed[] = [];
  for (const [i, [what, path]] of kinds.entries()) {
    tell(i, kinds.length, what);
    const times: number[] = [];
    let [next, count]: [string | null, number] = [null, 0];
    for (let n = 0; n <= CALLS; n += 1) {
      const ms = await msOf(async () => {
        const answer = await call(app, world, path(n, next));
        next = answer.next ?? null;
        count = Math.max(count, (answer.rows ?? answer.hits ?? []).length);
      });
      if (n > 0) times.push(ms);
    }
    times.sort((a, b) => a - b);
    found.push({ what, rows: count, medianMs: percentile(times, 50), p95Ms: percentile(times, 95) });
  }
  return found;
}

interface Listed {
  readonly rows?: readonly unknown[];
  readonly hits?: readonly unknown[];
  readonly next?: string | null;
}

const after = (next: string | null): string => (next === null ? '' : `&after=${encodeURIComponent(next)}`);

/** One call with its answer as text, as it would go over the wire. */
async function call(app: ConsoleApp, { world }: SqliteWorld, path: string): Promise<Listed> {
  const request = new Request(`http://console${path}`, { headers: { authorization: `Bearer ${BENCH_USER.token}` } });
  const response = await app.fetch(request, { run: world.run });
  const text = await response.text();
  if (!response.ok) throw new Error(`GET ${path} got ${response.status}: ${text}`);
  return JSON.parse(text) as Listed;
}
