import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { newApp } from '../../../functions/console/api';
import { addMasterDataRoutes } from '../../../functions/console/routes/settings-routes';
import { addStrategyRoutes } from '../../../functions/console/routes/strategy-routes';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { RatioStrategy } from '../../../shared/domain/sync/ratio-strategy';
import type { Shop } from '../../../shared/domain/settings';
import { resyncShops } from '../../../shared/domain/sync/resync';
import { keys } from '../../../shared/procedures/keys';
import { askReadBack, mappingPlaces } from '../../../shared/procedures/map-listings';
import { resyncPlaces } from '../../../shared/procedures/resync-places';
import { LISTING, SHOP, StubRun } from '../../support/stub-run';
import { MAPPING, save, STRATEGY, SWITCHES } from './synced-shop';

const NOW = new StubRun().clock.nowMs();
const WAREHOUSE = { id: 'DC', kind: 'distribution', version: 1 };

/** Saves it as the console's page does. */
async function overHttp(run: StubRun, path: string, body: object): Promise<void> {
  Object.assign(run.config.secrets, { users: [{ token: 'admin-token', id: 'ops', name: '运营', role: 'admin' }] });
  const app = newApp();
  addMasterDataRoutes(app);
  addStrategyRoutes(app);
  const request = new Request(`http://console${path}`, {
    method: 'PUT',
    headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const response = await app.fetch(request, { run });
  expect({ status: response.status, body: (await response.json()) as unknown }).toMatchObject({ status: 200 });
}

/** The strategy as the page saves it. */
const FORM = {
  ...{ id: STRATEGY.id, name: STRATEGY.name, enabled: true, shopIds: [SHOP.id], skuIds: null, warehouseIds: ['DC'] },
  ...{ ratioBp: 10_000, priority: 0, validFromMs: null, validToMs: null },
};

const WALKED: ItemMapping = { ...MAPPING, resync: { kind: 'sku', skuId: 'TEE' } };

describe('a listing of which the sync is paused', () => {
  let run: StubRun;

  const saveStrategy = async (changed: Partial<RatioStrategy>): Promise<void> => {
    const resync = resyncShops([SHOP.id], null, { fromMs: run.clock.nowMs(), resumed: false });
    const value = { ...STRATEGY, ...changed, resync };
    await save(run, keys.ratioStrategy('R1'), value, resyncPlaces(value, run.clock.nowMs()));
  };
  const saveSwitches = async (stockSyncEnabled: boolean, resumed: boolean): Promise<void> => {
    const value = {
      ...SWITCHES,
      stockSyncEnabled,
      resync: resyncShops([SHOP.id], null, { fromMs: run.clock.nowMs(), resumed }),
    };
    await save(run, keys.shopStrategy(SHOP.id), value, resyncPlaces(value, run.clock.nowMs()));
  };
  const mapping = async () => run.store.get<ItemMapping>(keys.mapping(SHOP.id, LISTING));
  /** Some runs of the timer. */
  const push = async (): Promise<void> => {
    for (let i = 0; i < 3; i += 1) {
      await run.clock.advance(10_000);
      await pushRatioStock(run);
    }
  };

  // Five pieces are there, and shown.
  beforeEach(async () => {
    run = await new StubRun().withShop();
    const balance = { onHandQty: 5, heldQty: 0 };
    const entry: LedgerEntry = { number: 1, movements: [], balance, atMs: run.clock.nowMs() };
    await save(run, keys.ledgerEntry({ warehouseId: 'DC', skuId: 'TEE' }, 1), entry);
    await save(run, keys.warehouse('DC'), WAREHOUSE);
    await save(run, keys.shopStrategy(SHOP.id), SWITCHES);
    await save(run, keys.ratioStrategy('R1'), STRATEGY);
    await save(run, keys.mapping(SHOP.id, LISTING), WALKED, mappingPlaces(WALKED, run.clock.nowMs()));
    await push();
    expect(run.channel.shownQty).toBe(5);
  });

  it('is read back once it is synced again, where that was asked for meanwhile', async () => {
    await saveStrategy({ enabled: false });
    await push();
    run.channel.shownQty = 7;
    await askReadBack(run.ports, SHOP.id, [LISTING]);
    await push();
    expect(run.channel.shownQty).toBe(7);
    // It keeps the request, and yet is nothing that waits to be done.
    expect((await mapping())?.value.resync).toEqual({ kind: 'read-back', skuId: 'TEE' });
    expect((await mapping())?.places.open).toBeUndefined();
    await saveStrategy({ enabled: true });
    await push();
    expect(run.channel.shownQty).toBe(5);
    expect((await mapping())?.value.resync).toBeNull();
  });

  it('keeps the request over walks that find it paused still', async () => {
    await saveStrategy({ shopIds: [] });
    await push();
    run.channel.shownQty = 7;
    await askReadBack(run.ports, SHOP.id, [LISTING]);
    await push();
    await saveSwitches(true, false);
    await push();
    await saveStrategy({ shopIds: [SHOP.id] });
    await push();
    expect(run.channel.shownQty).toBe(5);
  });

  it('is read back where somebody may have set its number by hand while the sync was off', async () => {
    await saveSwitches(false, false);
    await push();
    run.channel.shownQty = 9;
    await saveSwitches(true, true);
    await push();
    expect(run.channel.shownQty).toBe(5);
    expect((await mapping())?.value.resync).toBeNull();
  });

  it.each([
    ['another strategy', { id: 'R2' }, { enabled: false }],
    ['a strategy that has it among its SKUs again', {}, { skuIds: ['CAP'] }],
    ['a strategy that has its shop again', {}, { shopIds: [] }],
  ] as const)('is read back where %s takes it up', async (_name, takenUp, left) => {
    await saveStrategy(left);
    await push();
    run.channel.shownQty = 9;
    const { id, ...body } = { ...FORM, ...takenUp };
    const stored = await run.store.get<RatioStrategy>(keys.ratioStrategy(id));
    await overHttp(run, `/api/ratio-strategies/${id}`, { ...body, version: stored?.value.version ?? 0 });
    await push();
    expect(run.channel.shownQty).toBe(5);
    expect((await mapping())?.value.resync).toBeNull();
  });

  it.each([
    ['is read back where a strategy takes it up by its date', false, 5],
    ['is not read where a strategy begins that takes it from another', true, 9],
  ] as const)('%s', async (_name, enabled, shownQty) => {
    await saveStrategy({ enabled });
    const validFromMs = run.clock.nowMs() + 60_000;
    const { id, ...body } = { ...FORM, id: 'R2', priority: 1, validFromMs, version: 0 };
    await overHttp(run, `/api/ratio-strategies/${id}`, body);
    await push();
    run.channel.shownQty = 9;
    await run.clock.advance(60_000);
    await push();
    expect(run.channel.shownQty).toBe(shownQty);
  });

  it('is looked at again where a write that may come late was still to be looked for when the sync was switched off', async () => {
    run.channel.answer = { kind: 'unknown', message: 'time-out' };
    const entry: LedgerEntry = { number: 2, movements: [], balance: { onHandQty: 6, heldQty: 0 }, atMs: 0 };
    await save(run, keys.ledgerEntry({ warehouseId: 'DC', skuId: 'TEE' }, 2), entry);
    await run.ports.pool.touch([{ skuId: 'TEE', atMs: run.clock.nowMs() }]);
    await pushRatioStock(run);
    run.channel.answer = undefined;
    await push();
    expect(run.channel.shownQty).toBe(6);
    await saveSwitches(false, false);
    await push();
    await run.clock.advance(3_600_000);
    // What was asked for first is applied after all.
    run.channel.shownQty = 3;
    await push();
    await saveSwitches(true, false);
    await push();
    // Less than counted may be a sale of which we have not heard: it is looked at twice.
    await run.clock.advance(60_000);
    await push();
    expect(run.channel.shownQty).toBe(6);
  });
});

describe('a shop that is switched off, or on again', () => {
  it.each([
    ['off', { active: true }, false, { kind: 'shops', shopIds: ['tb'], after: null, fromMs: NOW }],
    ['on', { active: false }, true, { kind: 'shops', shopIds: ['tb'], after: null, fromMs: NOW, readBack: true }],
    ['left as it is', { active: true }, true, null],
  ])('%s has what it lists computed anew, and read where it was off', async (_name, before, active, resync) => {
    const run = new StubRun();
    const { store } = run;
    await store.put({ key: keys.warehouse('DC'), expect: 0, value: WAREHOUSE });
    await store.put({ key: keys.shop('tb'), expect: 0, value: { ...SHOP, ...before } });
    const body = { channel: 'taobao', title: '旗舰店', warehouseIds: ['DC'], active, version: SHOP.version };
    await overHttp(run, '/api/shops/tb', body);
    const saved = await store.get<Shop>(keys.shop('tb'));
    expect(saved?.value.resync).toEqual(resync);
    expect(saved?.places.open === undefined).toBe(resync === null);
  });
});
