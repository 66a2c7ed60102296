import type { Shop } from '../../../shared/domain/settings';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { codeOf } from '../../../shared/platform/log-failure';
import type { IndexHit, Store } from '../../../shared/ports/store';
import {
  auditStoppedPartition,
  exceptionPartition,
  openPartitions,
  stuckPushPartition,
  unmappedPartition,
  waitingStockPartitions,
} from '../../../shared/procedures/keys';
import type { HomeAttention } from '../schema/home';
import { countPlaces, oldestIn } from './count-places';
import { links } from './links';

/** Unmapped listings of a shop whose parked orders are counted. */
const LISTINGS_MAX = 100;

/** Waiting sync records read, of each index partition: those that failed are counted among them. */
const RECORDS_MAX = 50;

/** What a count found. */
interface Found {
  readonly count: number;
  readonly orMore: boolean;
  readonly oldestAtMs: number | null;
  readonly perShop: readonly { readonly shopId: string; readonly count: number; readonly orMore: boolean }[];
}

interface Question {
  readonly kind: HomeAttention['kind'];
  readonly title: string;
  readonly titleEn: string;
  readonly note?: string;
  readonly link: (shopId?: string) => string;
  readonly count: (store: Store, shops: readonly Shop[]) => Promise<Found>;
}

const ofShop = (shopId: string | undefined) => (shopId === undefined ? {} : { shopId });

const QUESTIONS: readonly Question[] = [
  {
    ...{ kind: 'unmapped-orders', title: '平台订单未匹配商品', titleEn: 'Platform orders parked: items not mapped' },
    link: (shopId) => links.mappings({ unmapped: 'true', ...ofShop(shopId) }),
    count: countUnmapped,
  },
  {
    ...{ kind: 'out-of-stock', title: '发货单缺货', titleEn: 'Delivery orders out of stock' },
    link: (shopId) => links.deliveryOrders({ status: 'out-of-stock', ...ofShop(shopId) }),
    // `‹warehouse›#‹sku›#‹created›#‹order›`
    count: async (store) => byDocument(await countPlaces(store, 'open', waitingStockPartitions()), 2),
  },
  {
    ...{ kind: 'audit-stopped', title: '发货单未通过自动审核', titleEn: 'Delivery orders stopped by the audit rules' },
    link: (shopId) => links.deliveryOrders({ status: 'pending-audit', ...ofShop(shopId) }),
    count: (store, shops) => countOfShops(store, shops, auditStoppedPartition),
  },
  {
    ...{ kind: 'exceptions', title: '异常发货单', titleEn: 'Delivery orders with an exception' },
    link: (shopId) => links.deliveryOrders({ status: 'exception', ...ofShop(shopId) }),
    count: (store, shops) => countOfShops(store, shops, exceptionPartition),
  },
  {
    ...{
      kind: 'push-failing',
      title: '库存同步失败，正在重试',
      titleEn: 'Stock pushes that failed and are tried again',
    },
    note: `counted among the ${4 * RECORDS_MAX} records that are due first`,
    link: (shopId) => links.syncQueue({ status: 'failed', ...ofShop(shopId) }),
    count: countFailing,
  },
  {
    ...{
      kind: 'push-needs-person',
      title: '库存同步失败，需人工处理',
      titleEn: 'Stock pushes that only a person can help',
    },
    link: (shopId) => links.syncQueue({ status: 'failed', ...ofShop(shopId) }),
    count: (store, shops) => countOfShops(store, shops, stuckPushPartition),
  },
  {
    ...{ kind: 'quarantine', title: '隔离区', titleEn: 'Quarantine: what could not be read' },
    link: () => links.quarantine(),
    count: (store) => countList(store, 'quarantine'),
  },
  {
    ...{ kind: 'parked-messages', title: '搁置的消息', titleEn: 'Parked messages' },
    link: () => links.parkedMessages(),
    count: (store) => countList(store, 'parked'),
  },
];

/** What somebody should look at, each counted by itself: a count that fails leaves the others as they are. */
export async function readAttention(store: Store, shops: readonly Shop[]): Promise<HomeAttention[]> {
  return Promise.all(
    QUESTIONS.map(async ({ kind, title, titleEn, note = null, link, count }): Promise<HomeAttention> => {
      const same = { kind, title, titleEn, note, link: link() };
      try {
        const { perShop, ...found } = await count(store, shops);
        const byShop = perShop.filter((shop) => shop.count > 0).map((shop) => ({ ...shop, link: link(shop.shopId) }));
        return { ...same, ...found, byShop, error: null };
      } catch (error) {
        return { ...same, count: null, orMore: false, oldestAtMs: null, byShop: [], error: codeOf(error) };
      }
    }),
  );
}

/** One partition a shop, sorted by when the document was made. */
async function countOfShops(
  store: Store,
  shops: readonly Shop[],
  partitionOf: (shopId: string) => string,
): Promise<Found> {
  const counted = await Promise.all(
    shops.map(async ({ id }) => ({ shopId: id, ...(await countPlaces(store, 'open', [partitionOf(id)])) })),
  );
  return {
    count: counted.reduce((sum, { count }) => sum + count, 0),
    orMore: counted.some(({ orMore }) => orMore),
    oldestAtMs: oldestIn(counted.flatMap(({ hits }) => hits)),
    perShop: counted.map(({ shopId, count, orMore }) => ({ shopId, count, orMore })),
  };
}

async function countList(store: Store, partition: string): Promise<Found> {
  const { count, orMore, hits } = await countPlaces(store, 'list', [partition]);
  return { count, orMore, oldestAtMs: oldestIn(hits), perShop: [] };
}

/** Parked orders stand under the one listing that they wait for next: those of each unmapped listing are counted. */
async function countUnmapped(store: Store, shops: readonly Shop[]): Promise<Found> {
  const perShop = await Promise.all(
    shops.map(async ({ id }) => {
      const listings = await store.queryIndex('list', `unmapped#${id}`, { limit: LISTINGS_MAX });
      const partitions = listings.map(({ key }) => unmappedPartition(id, key.sk));
      const { count, orMore, hits } = await countPlaces(store, 'open', partitions);
      return { shopId: id, count, orMore: orMore || listings.length === LISTINGS_MAX, hits };
    }),
  );
  return {
    count: perShop.reduce((sum, { count }) => sum + count, 0),
    orMore: perShop.some(({ orMore }) => orMore),
    oldestAtMs: oldestIn(perShop.flatMap(({ hits }) => hits)),
    perShop: perShop.map(({ shopId, count, orMore }) => ({ shopId, count, orMore })),
  };
}

/** A record that waits may also be in flight, or be looked at once more: its document says which. */
async function countFailing(store: Store): Promise<Found> {
  const { hits, orMore } = await countPlaces(store, 'open', openPartitions('sync'), RECORDS_MAX);
  const records = await store.getMany<SyncRecord>(hits.map(({ key }) => key));
  const failed = records.flatMap((stored) => (stored?.value.status === 'failed' ? [stored.value] : []));
  return {
    count: failed.length,
    orMore: orMore && failed.length > 0,
    oldestAtMs: failed.length === 0 ? null : Math.min(...failed.map(({ createdAtMs }) => createdAtMs)),
    perShop: countBy(failed.map(({ shopId }) => shopId)),
  };
}

/** Counted documents whose partition key names their shop: `delivery-order#‹shop›#‹no›`. */
function byDocument(
  { count, orMore, hits }: { count: number; orMore: boolean; hits: readonly IndexHit[] },
  agePart: number,
): Found {
  const perShop = countBy(hits.map(({ key }) => key.pk.split('#')[1] ?? ''));
  return { count, orMore, oldestAtMs: oldestIn(hits, agePart), perShop: perShop.map((shop) => ({ ...shop, orMore })) };
}

function countBy(shopIds: readonly string[]): { shopId: string; count: number; orMore: boolean }[] {
  const counts = new Map<string, number>();
  for (const shopId of shopIds) counts.set(shopId, (counts.get(shopId) ?? 0) + 1);
  return [...counts].map(([shopId, count]) => ({ shopId, count, orMore: false }));
}
