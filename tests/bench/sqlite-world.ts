import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storePlatformOrder } from '../../shared/procedures/store-platform-orders';
import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import { systemClock } from '../../shared/adapters/system/system';
import type { Shop } from '../../shared/domain/settings';
import type { Clock } from '../../shared/ports/clock';
import type { Store } from '../../shared/ports/store';
import type { OrderRef } from '../../shared/procedures/convert-platform-orders';
import { keys } from '../../shared/procedures/keys';
import { SeededRandom } from '../support/seeded-random';
import type { BrandSize } from './brand';
import { DOUDIAN_SHOP, seedBrand } from './brand';
import type { DoudianOrder } from './doudian-orders';
import { PlatformStandIn } from './platform-stand-in';
import { inFlight } from './statistics';
import { StepWorld } from './step-world';

/** The embedded profile's engine and pool around the steps, in this process. */
export interface SqliteWorld {
  readonly file: string;
  readonly store: Store;
  readonly world: StepWorld;
  readonly platform: PlatformStandIn;
  close(): Promise<void>;
}

/** A store of its own in a folder of its own, which goes with it, with one brand in it, put in at the time of `seedClock`. */
export async function newSqliteWorld(size: BrandSize, seedClock: Clock = systemClock): Promise<SqliteWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'yipan-bench-'));
  const world = openSqliteWorld(join(folder, 'yipan.db'));
  await seedBrand({ store: world.store, clock: seedClock }, size);
  return {
    ...world,
    close: async () => {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same over a store that is there, perhaps opened by another process, too. */
export function openSqliteWorld(file: string): SqliteWorld {
  const store = new SqliteStore(file);
  const random = new SeededRandom(1);
  const platform = new PlatformStandIn(systemClock);
  const pool = new InProcessPool(systemClock, random);
  const world = new StepWorld({ store, pool, random, platform, clock: systemClock });
  return { file, store, world, platform, close: () => store.close() };
}

/** Orders stored at once while a measurement is prepared: so many share a commit. */
const STORED_AT_ONCE = 200;

/** Stores the orders as ingestion does, so that they wait for conversion; their messages are thrown away. */
export async function storeOrders({ store, world }: SqliteWorld, orders: readonly DoudianOrder[]): Promise<OrderRef[]> {
  const shop = await store.get<Shop>(keys.shop(DOUDIAN_SHOP.shopId));
  if (!shop) throw new Error('the store has no brand in it');
  const ports = { ...world.run.ports, bus: { publish: async () => undefined } };
  await inFlight(orders, STORED_AT_ONCE, async (order) => {
    await storePlatformOrder(ports, shop.value, order, systemClock.nowMs());
  });
  return orders.map(({ orderNo }) => ({ shopId: DOUDIAN_SHOP.shopId, orderNo }));
}
