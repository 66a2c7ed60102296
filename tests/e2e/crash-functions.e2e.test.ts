import { ApiError, until } from '../../infra/local/demo/api';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Goods } from './steps';
import { auditEverything, offer, receive, stockOf, syncWholeStock, untilShown } from './steps';

// Kills at moments that lie between two writes: while a platform is being told, while a person's request is half done
// (crash-writes has the writes themselves).

const KILLED_WITHIN_MS = 30_000;

let world: LocalWorld;
let goods: Goods;
/** All that a receipt was acknowledged for. */
let receivedQty = 1_000;

beforeAll(async () => {
  world = await LocalWorld.start();
  goods = await offer(world, 'KILL-1', { shown: 100, onHand: receivedQty });
  await auditEverything(world);
  await syncWholeStock(world, goods.tmall.shopId);
  await untilShown(world, goods.tmall, receivedQty);
}, 60_000);

afterAll(() => world.close());

/** At rest nothing acknowledged is lost, the shop shows it all, and a stopped store breaks no invariant. */
async function expectHealed(): Promise<void> {
  await settle(world);
  expect(await stockOf(world, goods.skuId)).toMatchObject({ onHandQty: receivedQty, heldQty: 0 });
  await untilShown(world, goods.tmall, receivedQty);
  await world.stopHost();
  expect(await violationsIn(world)).toEqual([]);
  await world.startHost();
}

it('killed as soon as a receipt is acknowledged, before stock-change-capture has heard of it, the shop shows it all the same', async () => {
  for (let i = 0; i < 3; i += 1) {
    await receive(world, goods.skuId, 10);
    receivedQty += 10;
    await world.killHost();
    await world.startHost();
  }
  await expectHealed();
}, 90_000);

it('killed while ratio-sync-push waits for a platform that has taken the quantity, the next life finds out what is shown', async () => {
  const writes = ['taobao.item.quantity.update', 'taobao.skus.quantity.update'];
  await world.sandbox.put('/sandbox/faults', { timeoutAfterApply: 1, onlyMethods: writes });
  const held = async (): Promise<number> => {
    const { gateway } = await world.sandbox.get<{ gateway: { byOutcome: { held?: number } } }>('/sandbox/stats');
    return gateway.byOutcome.held ?? 0;
  };
  for (let i = 0; i < 3; i += 1) {
    const before = await held();
    await receive(world, goods.skuId, 5);
    receivedQty += 5;
    await until('a push is in flight', KILLED_WITHIN_MS, async () => (await held()) > before, 5);
    await world.killHost();
    await world.startHost();
  }
  await world.sandbox.put('/sandbox/faults', {});
  await expectHealed();
}, 120_000);

it('killed while the console audits an allocation order, the same request again ends it, and each line has moved once', async () => {
  const skus = Array.from({ length: 200 }, (_, i) => ({ id: `KILL-A-${i}`, title: `KILL-A-${i}` }));
  const lines = skus.map(({ id }) => ({ skuId: id, qty: 3 }));
  await world.host.post('/api/skus', { skus });
  const warehouses = { sourceWarehouseId: SAMPLE.sourceWarehouse, targetWarehouseId: SAMPLE.distributionWarehouse };
  await world.host.post('/api/stock-entries', {
    ...{ id: 'RK-kill-a', type: 'receipt', warehouseId: SAMPLE.sourceWarehouse, lines },
  });
  await world.host.put('/api/allocation-orders/FH-kill', { ...warehouses, lines, version: 0 });
  for (const afterMs of [1, 5, 15, 40]) {
    const asked = world.host.post('/api/allocation-orders/FH-kill/audit').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await world.killHost();
    await asked;
    await world.startHost();
  }
  const audited = async (): Promise<boolean> => {
    try {
      await world.host.post('/api/allocation-orders/FH-kill/audit');
    } catch (error) {
      // Done already, or being driven on by the sweep.
      if (!(error instanceof ApiError) || error.code !== 'WRONG_STATUS') throw error;
    }
    return (await world.host.get<{ status: string }>('/api/allocation-orders/FH-kill')).status === 'audited';
  };
  await until('the allocation order is audited', KILLED_WITHIN_MS, audited);
  for (const { id } of skus) expect((await stockOf(world, id)).onHandQty).toBe(3);
  await expectHealed();
}, 120_000);
