import type { Shop } from '../../../shared/domain/settings';
import type { Store } from '../../../shared/ports/store';
import type { WaitingKind } from '../../../shared/procedures/keys';
import { openPartitions } from '../../../shared/procedures/keys';
import type { HomeWaiting } from '../schema/home';
import { countPlaces } from './count-places';
import { linkToDocument } from './links';

const KINDS: readonly WaitingKind[] = ['conversion', 'holding', 'audit', 'stock-work', 'resync', 'sync'];

/** Documents that a queue or a timer is to drive on: how many of each kind, and the one that has been due longest. */
export async function readWaiting(store: Store, shops: readonly Shop[], nowMs: number): Promise<HomeWaiting[]> {
  const channels = new Map(shops.map(({ id, channel }) => [id, channel]));
  return Promise.all(
    KINDS.map(async (kind): Promise<HomeWaiting> => {
      const { count, orMore, hits } = await countPlaces(store, 'open', openPartitions(kind));
      const due = hits.map(({ key, sort }) => ({ pk: key.pk, dueMs: Number(sort.split('#')[0]) }));
      const [first] = due.sort((a, b) => a.dueMs - b.dueMs);
      const link = first && linkToDocument(kind, first.pk, (shopId) => channels.get(shopId) ?? 'taobao');
      return {
        ...{ kind, count, orMore },
        oldest: first
          ? {
              document: first.pk,
              dueMs: first.dueMs,
              overdueMs: Math.max(0, nowMs - first.dueMs),
              link: link ?? null,
            }
          : null,
      };
    }),
  );
}
