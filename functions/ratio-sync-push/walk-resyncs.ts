import { isKeyPart } from '../../shared/domain/kernel/ids';
import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { Resync } from '../../shared/domain/sync/resync';
import type { Run } from '../../shared/platform/define-function';
import type { Key, Stored } from '../../shared/ports/store';
import { reviveParkedOrders } from '../../shared/procedures/map-listings';
import type { ResyncDocument } from '../../shared/procedures/resync-places';
import { resyncPlaces } from '../../shared/procedures/resync-places';
import { sweepOpen } from '../../shared/procedures/sweep-open';

/**
 * Brings SKUs to the shops; false where some of them must be computed again: then the page is not done. With `readBack`
 * only that listing, and what the platform shows is read first.
 */
export type SyncPage = (skuIds: readonly string[], readBack?: { shopId: string; listing: string }) => Promise<boolean>;

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
  // A strategy that begins or ends by its dates asks for its shops when the time comes.
  let resync: Resync | null =
    current.value.resync ??
    ('shopIds' in current.value ? { kind: 'shops', shopIds: current.value.shopIds, after: null } : null);
  while (resync && mayGoOn()) {
    const next: Resync | null | 'again' = await step(run, current.value, resync, sync);
    if (next === 'again') return;
    if (next === null && 'itemId' in current.value) await reviveParkedOrders(run.ports, current.value);
    const nowMs = run.ports.clock.nowMs();
    const once = next === null ? onceMore(resync, nowMs) : null;
    const value = { ...current.value, resync: once ?? next };
    const places = resyncPlaces(value, once?.untilMs ?? nowMs);
    const saved = await store.put({ key: current.key, expect: current.version, value, places });
    if (saved === 'conflict' || once) return;
    current = { ...current, version: current.version + 1, value };
    resync = next;
  }
}

/** What is walked again later, because an index may not have shown everything yet. */
function onceMore(walked: Resync, nowMs: number): (Resync & { readonly untilMs: number }) | null {
  if (walked.kind === 'shops' || walked.untilMs === undefined || walked.untilMs <= nowMs) return null;
  return { kind: 'sku', skuId: walked.skuId, untilMs: walked.untilMs };
}

/** One page of the walk; returns what is left of it. */
async function step(
  run: Run,
  document: ResyncDocument,
  resync: Resync,
  sync: SyncPage,
): Promise<Resync | null | 'again'> {
  if (resync.kind === 'sku') return (await sync([resync.skuId])) ? null : 'again';
  if (resync.kind === 'read-back') {
    if (!('itemId' in document)) return null;
    return (await sync([resync.skuId], { shopId: document.shopId, listing: listingKey(document) })) ? null : 'again';
  }
  const [shopId, ...others] = resync.shopIds;
  if (shopId === undefined || !isKeyPart(shopId)) return null;
  const after = resync.after === null ? {} : { after: resync.after };
  const page = await run.ports.store.query<ItemMapping>(`mapping#${shopId}`, { ...after, limit: PAGE });
  if (!(await sync(page.flatMap(({ value }) => value.skuId ?? [])))) return 'again';
  const last = page.at(-1);
  if (last && page.length === PAGE) return { ...resync, after: last.key.sk };
  return others.length > 0 ? { kind: 'shops', shopIds: others, after: null } : null;
}
