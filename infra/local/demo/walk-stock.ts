import type { Api } from './api';
import { NotInTime, until } from './api';
import type { Report } from './report';
import { SAMPLE } from './sample-brand';

/** The two programs that the demo speaks to. */
export interface World {
  readonly host: Api;
  readonly sandbox: Api;
}

interface ShownItem {
  readonly itemId: string;
  readonly stockQty: number;
}

const STRATEGIES = [
  { id: 'tmall-60', shopId: SAMPLE.tmall.shopId, ratioBp: 6_000 },
  { id: 'dy-40', shopId: SAMPLE.doudian.shopId, ratioBp: 4_000 },
] as const;

/** Longest wait for one step of a procedure: timers run every second or two. */
const STEP_MS = 15_000;

/** Pieces that each shop's own page shows of the sample item. */
export async function shown(world: World): Promise<{ tmall: number; doudian: number }> {
  const of = async ({ shopId, itemId }: { shopId: string; itemId: string }): Promise<number> => {
    const { items } = await world.sandbox.get<{ items: ShownItem[] }>(`/sandbox/items?shopId=${shopId}`);
    return items.find((item) => item.itemId === itemId)?.stockQty ?? -1;
  };
  return { tmall: await of(SAMPLE.tmall), doudian: await of(SAMPLE.doudian) };
}

/** What did not come is a finding; anything else is an error. */
function notInTime(error: unknown): undefined {
  if (!(error instanceof NotInTime)) throw error;
}

/** Waits until the shops show what is expected; what they show in the end is the finding. */
export async function shownSoon(
  world: World,
  expected: { tmall: number; doudian: number },
): Promise<{ tmall: number; doudian: number }> {
  const same = async () => JSON.stringify(await shown(world)) === JSON.stringify(expected);
  await until('the shops show the quantity', STEP_MS, same).catch(notInTime);
  return shown(world);
}

/** The 7 steps of the stock procedure, through HTTP only. */
export async function walkStockProcedure(world: World, report: Report): Promise<void> {
  const { host } = world;
  const { sku, sourceWarehouse, distributionWarehouse, tmall } = SAMPLE;
  report.heading(`Stock procedure 库存同步  item ${tmall.itemId}, code ${sku.id}, ${sku.title}, ¥0.01`);
  report.step(
    '1/7 the shops show no stock',
    "read both sellers' back offices",
    { tmall: 0, doudian: 0 },
    await shown(world),
  );

  for (const { id, shopId, ratioBp } of STRATEGIES) {
    await host.put(`/api/ratio-strategies/${id}`, {
      ...{ name: `${shopId} ${ratioBp / 100}%`, enabled: true, shopIds: [shopId], skuIds: null },
      ...{ warehouseIds: [distributionWarehouse], ratioBp, version: 0 },
    });
  }
  const saved = await host.get<{ rows: { id: string; ratioBp: number }[] }>('/api/ratio-strategies');
  report.step(
    '2/7 ratio sync strategies 比例同步策略',
    'saved 60 % for Tmall and 40 % for Douyin of one distribution warehouse',
    { 'dy-40': 4_000, 'tmall-60': 6_000 },
    Object.fromEntries(saved.rows.map((row) => [row.id, row.ratioBp]).sort()),
  );

  for (const { shopId } of STRATEGIES)
    await host.put(`/api/shop-strategies/${shopId}`, { stockSyncEnabled: true, version: 0 });
  const switches = await host.get<{ rows: { stockSyncEnabled: boolean }[] }>('/api/shop-strategies');
  report.step(
    '3/7 enable platform stock sync 启用平台库存同步',
    'ticked in both shop strategies',
    [true, true],
    switches.rows.map((row) => row.stockSyncEnabled),
  );

  await host.post('/api/stock-entries', {
    id: 'RK-demo-1',
    type: 'receipt',
    warehouseId: sourceWarehouse,
    lines: [{ skuId: sku.id, qty: 200 }],
  });
  await nextPushRun(world);
  await host.put('/api/allocation-orders/FH-demo-1', {
    ...{ sourceWarehouseId: sourceWarehouse, targetWarehouseId: distributionWarehouse },
    ...{ lines: [{ skuId: sku.id, qty: 97 }], version: 0 },
  });
  const audit = () => host.post<{ status: string }>('/api/allocation-orders/FH-demo-1/audit');
  const { answer: audited, pooledSkuId } = await changeSeenInPool(world, audit);
  const stock = await host.get<{ availableQty: number }>(`/api/stock/${distributionWarehouse}/${sku.id}`);
  report.step(
    '4/7 allocation order 分货单',
    'received 200 pieces in the source warehouse, saved and audited an allocation of 97',
    { status: 'audited', availableQty: 97 },
    { status: audited.status, availableQty: stock.availableQty },
  );
  report.step('5/7 stock change pool 库存异动计算缓存池', 'looked at the pool', sku.id, pooledSkuId);

  const records = await Promise.all([SAMPLE.tmall, SAMPLE.doudian].map((listing) => latestRecord(world, listing, 97)));
  report.step(
    '6/7 stock sync queue 库存同步队列',
    'waited for the timer; floor(97 × 60 %) = 58, floor(97 × 40 %) = 38 and the left-over piece (0.8 > 0.2) makes 39',
    [58, 39],
    records.map((record) => record.qty),
  );
  for (const record of records) report.line(`    ${record.why.zh}`);
  report.step(
    "7/7 the sellers' back offices show it",
    'read both again',
    { tmall: 58, doudian: 39 },
    await shownSoon(world, { tmall: 58, doudian: 39 }),
  );
}

/** After sales and after a changed strategy: the shops follow. */
export async function walkChanges(world: World, report: Report, soldPieces: number): Promise<void> {
  const { host } = world;
  const left = 97 - soldPieces;
  const floor = (bp: number): number => Math.floor((left * bp) / 10_000);
  const rest = left - floor(6_000) - floor(4_000);
  const tmallFirst = (left * 6_000) % 10_000 > (left * 4_000) % 10_000;
  const expected = { tmall: floor(6_000) + (tmallFirst ? rest : 0), doudian: floor(4_000) + (tmallFirst ? 0 : rest) };
  report.heading('The shops follow');
  report.step(
    `after sales: ${left} pieces are left`,
    `${soldPieces} pieces were bought`,
    expected,
    await shownSoon(world, expected),
  );

  const { rows } = await host.get<{ rows: { id: string; version: number }[] }>('/api/ratio-strategies');
  await host.put('/api/ratio-strategies/tmall-60', {
    ...{
      name: 'tmall-main 50%',
      enabled: true,
      shopIds: [SAMPLE.tmall.shopId],
      skuIds: null,
      warehouseIds: [SAMPLE.distributionWarehouse],
    },
    ...{ ratioBp: 5_000, version: rows.find((row) => row.id === 'tmall-60')?.version ?? 0 },
  });
  const after = { tmall: floor(5_000), doudian: floor(4_000) };
  report.step(
    'after a strategy change: Tmall 50 %',
    'saved the strategy; 90 % in all, so the formula stands as it is',
    after,
    await shownSoon(world, after),
  );
}

interface ShownRecord {
  readonly qty: number;
  readonly status: string;
  readonly why: { zh: string; en: string };
  readonly reason: { availableQty: number };
}

async function latestRecord(
  world: World,
  listing: { shopId: string; itemId: string; platformSkuId: string | null },
  availableQty: number,
): Promise<ShownRecord> {
  const sku = listing.platformSkuId === null ? '' : `?platformSkuId=${listing.platformSkuId}`;
  return until('the sync queue holds the record', STEP_MS, async () => {
    const { rows } = await world.host
      .get<{ rows: ShownRecord[] }>(`/api/sync-queue/${listing.shopId}/${listing.itemId}${sku}`)
      .catch(() => ({ rows: [] }));
    return rows.find((row) => row.reason.availableQty === availableQty && row.status === 'pushed');
  });
}

/** How often a change is made once more where the timer took the former one before it could be seen. */
const LOOKS_MAX = 5;

/**
 * Changes the stock while looking into the pool, which the push timer empties each second. On a busy machine it may do so between
 * two looks: then a piece comes in and is taken out again, which changes the stock anew and leaves it as it was.
 */
async function changeSeenInPool<T>(
  world: World,
  change: () => Promise<T>,
): Promise<{ answer: T; pooledSkuId: string | null }> {
  const { id: skuId } = SAMPLE.sku;
  const [answer, seenAtOnce] = await Promise.all([change(), seenInPool(world, skuId)]);
  let pooledSkuId = seenAtOnce;
  for (let look = 2; pooledSkuId === null && look <= LOOKS_MAX; look += 1) {
    await nextPushRun(world);
    const piece = async (qty: 1 | -1): Promise<unknown> =>
      world.host.post('/api/stock-entries', {
        id: `TZ-demo-${look}${qty > 0 ? 'in' : 'out'}`,
        type: 'adjustment',
        warehouseId: SAMPLE.distributionWarehouse,
        lines: [{ skuId, qty }],
      });
    await piece(1);
    [pooledSkuId] = await Promise.all([seenInPool(world, skuId), piece(-1)]);
  }
  return { answer, pooledSkuId };
}

/** The SKU as the pool shows it within two runs of the push timer, or null. */
async function seenInPool({ host }: World, skuId: string): Promise<string | null> {
  const shownInPool = async () => {
    const { rows } = await host.get<{ rows: { skuId: string }[] }>('/api/stock-change-pool');
    return rows.find((row) => row.skuId === skuId);
  };
  const row = await until('the change is in the pool', 2_000, shownInPool, 5).catch(notInTime);
  return row?.skuId ?? null;
}

/** Just behind a run of the push timer the pool has a whole period in which a change can be seen in it. */
async function nextPushRun(world: World): Promise<void> {
  const runs = async (): Promise<number> =>
    (await world.host.get<{ counts: Readonly<Record<string, number>> }>('/metrics')).counts['calls.ratio-sync-push'] ??
    0;
  const before = await runs();
  await until('the push timer runs', STEP_MS, async () => (await runs()) > before, 10);
}
