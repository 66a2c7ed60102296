import { isKeyPart } from '../../shared/domain/kernel/ids';
import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { RatioStrategy } from '../../shared/domain/sync/ratio-strategy';
import { takesUpByDate } from '../../shared/domain/sync/ratio-strategy';
import type { ListingResync, Resync } from '../../shared/domain/sync/resync';
import { resyncShops } from '../../shared/domain/sync/resync';
import type { Run } from '../../shared/platform/define-function';
import type { Key, Stored } from '../../shared/ports/store';
import { askReadBack, reviveParkedOrders } from '../../shared/procedures/map-listings';
import type { ResyncDocument } from '../../shared/procedures/resync-places';
import { resyncPlaces } from '../../shared/procedures/resync-places';
import { loadRatioStrategies } from '../../shared/procedures/settings';
import { sweepOpen } from '../../shared/procedures/sweep-open';

/**
 * Brings SKUs to the shops. 'again' where some of them must be computed again: then the page is not done; 'not-synced'
 * where no shop has them synced at the moment. With `readBack` only that listing, and what the platform shows is read first.
 */
export type SyncPage = (
  skuIds: readonly string[],
  readBack?: { shopId: string; listing: string },
) => Promise<'done' | 'again' | 'not-synced'>;

/** Listings taken in one go: progress is saved behind each page. */
const PAGE = 100;

/**
 * Carries saved strategies, exceptions, switches and mappings to the shops: computes the SKUs that each asks for, page by
 * page, and remembers in the document itself how far it has come. A newer save of the document starts it anew.
 */
export async function walkResyncs(run: Run, sync: SyncPage, mayGoOn: () => boolean): Promise<number> {
  const { store, clock } = run.ports;
  return sweepOpen(
    run.ports,
    'resync',
    clock.nowMs(),
    async (page: readonly Key[]) => {
      for (const key of page) {
        const stored = await store.get<ResyncDocument>(key);
        if (stored) await walk(run, stored, sync, mayGoOn);
      }
    },
    mayGoOn,
  );
}

async function walk(run: Run, from: Stored<ResyncDocument>, sync: SyncPage, mayGoOn: () => boolean): Promise<void> {
  const { store } = run.ports;
  let current = from;
  let resync: Resync | null =
    current.value.resync ?? ('shopIds' in current.value ? await resyncByDate(run, current.value) : null);
  while (resync && mayGoOn()) {
    const next: Resync | null | 'again' | 'not-synced' = await step(run, current.value, resync, sync);
    if (next === 'again') return;
    const walked = next === null || next === 'not-synced';
    if (walked && 'itemId' in current.value) await reviveParkedOrders(run.ports, current.value);
    const nowMs = run.ports.clock.nowMs();
    const once = walked ? onceMore(resync, next === 'not-synced', nowMs) : null;
    const value = { ...current.value, resync: once ?? (next === 'not-synced' ? resync : next) };
    // A date that has passed while it was walked calls for another walk.
    const walkedAsOfMs = (resync.kind === 'shops' ? resync.fromMs : undefined) ?? nowMs;
    const { open, ...places } = resyncPlaces(value, once?.untilMs ?? (walked ? walkedAsOfMs : nowMs));
    const waits = open && (next !== 'not-synced' || once) ? { open } : {};
    const put = { key: current.key, expect: current.version, value, places: { ...places, ...waits } };
    if ((await store.put(put)) === 'conflict' || walked) return;
    current = { ...current, version: current.version + 1, value };
    resync = next;
  }
}

/** A strategy that begins or ends by its dates asks for its shops when the time comes. */
async function resyncByDate({ ports }: Run, strategy: RatioStrategy): Promise<Resync> {
  const nowMs = ports.clock.nowMs();
  const others = (await loadRatioStrategies(ports.store)).flatMap(({ value }) =>
    value.id === strategy.id ? [] : [value],
  );
  const resumed = takesUpByDate(strategy, others, nowMs);
  return resyncShops(strategy.shopIds, null, { fromMs: nowMs, resumed });
}

/** What is walked again later, because an index may not have shown everything yet. */
function onceMore(walked: Resync, notSynced: boolean, nowMs: number): (Resync & { readonly untilMs: number }) | null {
  if (walked.kind === 'shops' || walked.untilMs === undefined || walked.untilMs <= nowMs) return null;
  return { kind: notSynced ? walked.kind : 'sku', skuId: walked.skuId, untilMs: walked.untilMs };
}

/** One page of the walk; returns what is left of it. */
async function step(
  run: Run,
  document: ResyncDocument,
  resync: Resync,
  sync: SyncPage,
): Promise<Resync | null | 'again' | 'not-synced'> {
  if (resync.kind !== 'shops') return stepOfListing(document, resync, sync);
  const [shopId, ...others] = resync.shopIds;
  if (shopId === undefined || !isKeyPart(shopId)) return null;
  const after = resync.after === null ? {} : { after: resync.after };
  const page = await run.ports.store.query<ItemMapping>(`mapping#${shopId}`, { ...after, limit: PAGE });
  const unread = page.flatMap(({ value }) => (resync.readBack || value.resync?.kind === 'read-back' ? [value] : []));
  await askReadBack(run.ports, shopId, unread);
  if ((await sync(page.flatMap(({ value }) => value.skuId ?? []))) === 'again') return 'again';
  const last = page.at(-1);
  if (last && page.length === PAGE) return { ...resync, after: last.key.sk };
  return others.length > 0 ? { ...resync, shopIds: others, after: null } : null;
}

async function stepOfListing(
  document: ResyncDocument,
  { kind, skuId, alsoSkuIds = [] }: ListingResync,
  sync: SyncPage,
): Promise<null | 'again' | 'not-synced'> {
  const skuIds = kind === 'sku' ? [skuId, ...alsoSkuIds] : alsoSkuIds;
  if (skuIds.length > 0 && (await sync(skuIds)) === 'again') return 'again';
  if (kind === 'sku' || !('itemId' in document)) return null;
  const done = await sync([skuId], { shopId: document.shopId, listing: listingKey(document) });
  return done === 'done' ? null : done;
}
