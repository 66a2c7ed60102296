import type { Config } from '../../../shared/config';
import type { Shop } from '../../../shared/domain/settings';
import { loadShops } from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { partOf } from '../home/part';
import { readAttention } from '../home/read-attention';
import { OrderCounts, readOrders } from '../home/read-orders';
import { readSilentShops } from '../home/read-silent-shops';
import { readStock } from '../home/read-stock';
import type { KeptSamples } from '../home/read-sync-delay';
import { readSyncDelay } from '../home/read-sync-delay';
import { readWaiting } from '../home/read-waiting';
import { Home } from '../schema/home';

/** What an instance remembers between calls: finished hours and pushed records, which hardly change or never. */
interface Kept {
  readonly orders: OrderCounts;
  readonly samples: KeptSamples;
}

/** By settings: an instance has one set of them, and so one store. */
const keptOf = new WeakMap<Config, Kept>();

/** 首页. */
export function addHomeRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/home',
      role: 'viewer',
      tag: '系统',
      summary: '首页: 待办, 订单, 同步时延, 库存. 每一部分单独读取, 读不到的为 null',
      returns: Home,
    },
    async ({ run: { ports, config } }) => {
      const { store, clock, log } = ports;
      const nowMs = clock.nowMs();
      const kept = keptOf.get(config) ?? { orders: new OrderCounts(), samples: new Map() };
      keptOf.set(config, kept);
      // Asked for once; each part that needs the shops fails with it, and no other.
      const loading = loadShops(store).then((stored) => stored.map(({ value }) => value));
      const ofShops = <T>(name: string, read: (shops: readonly Shop[]) => Promise<T>) =>
        partOf(log, name, async () => read(await loading));
      const [attention, silentShops, waiting, orders, sync, stock] = await Promise.all([
        ofShops('attention', (shops) => readAttention(store, shops)),
        ofShops('silent-shops', (shops) => readSilentShops(store, shops, nowMs)),
        ofShops('waiting', (shops) => readWaiting(store, shops, nowMs)),
        ofShops('orders', (shops) => readOrders(store, kept.orders, shops, nowMs)),
        ofShops('sync', (shops) => readSyncDelay(store, kept.samples, shops)),
        partOf(log, 'stock', () => readStock(ports)),
      ]);
      return { nowMs, attention, silentShops, waiting, orders, sync, stock };
    },
  );
}
