/**
 * What a saved document still has to bring to the shops: kept in the document itself, in the same put as the change, so
 * that a crash cannot separate them. One SKU in all shops; one listing of which the platform may have changed its number by
 * itself, so that it must be read back; or everything that some shops list, walked page by page from `after`. Up to `untilMs`
 * an index may not show yet what the document concerns: at that time it is walked once more.
 *
 * `alsoSkuIds` are computed anew in all shops besides: what a listing sold before, or is mapped to, is shared out by who lists
 * it.
 *
 * A listing to be read back that is not synced at the moment keeps its request, and stands nowhere among what waits: the
 * next walk over its shop asks anew. With `readBack` that walk asks for every listing: the shops' sync was paused, and
 * nobody knows what has become of their numbers meanwhile.
 */
export type Resync =
  | ListingResync
  | {
      readonly kind: 'shops';
      readonly shopIds: readonly string[];
      readonly after: string | null;
      /** When it began: no page of it was computed earlier. Release 0.3 did not say. */
      readonly fromMs?: number;
      readonly readBack?: true;
    };

/** What a mapping asks for. */
export interface ListingResync {
  readonly kind: 'sku' | 'read-back';
  readonly skuId: string;
  readonly alsoSkuIds?: readonly string[];
  readonly untilMs?: number;
}

/** A listing is to be read back, besides what its mapping asks for already. */
export function resyncReadBack(skuId: string, unfinished: Resync | null): ListingResync {
  const before = ofListing(unfinished);
  const also = [...(before?.alsoSkuIds ?? []), ...(before?.kind === 'sku' ? [before.skuId] : [])];
  return listingResync('read-back', skuId, also, before?.untilMs);
}

/**
 * A listing is saved to sell `skuId`, of another SKU or of none `before`: both are shared out anew. What the platform shows
 * of it is still to be read where it sells what it sold.
 */
export function resyncMapped(
  { skuId, untilMs }: Pick<ListingResync, 'skuId' | 'untilMs'>,
  before: { readonly skuId: string | null; readonly resync: Resync | null } | undefined,
): ListingResync {
  const unfinished = ofListing(before?.resync ?? null);
  const also = unfinished?.alsoSkuIds ?? [];
  if (unfinished?.kind === 'read-back' && before?.skuId === skuId)
    return listingResync('read-back', skuId, also, untilMs);
  const left = [...also, before?.skuId ?? skuId].filter((id) => id !== skuId);
  return listingResync('sku', skuId, left, untilMs);
}

const ofListing = (resync: Resync | null): ListingResync | undefined =>
  resync && resync.kind !== 'shops' ? resync : undefined;

function listingResync(
  kind: ListingResync['kind'],
  skuId: string,
  also: readonly string[],
  untilMs: number | undefined,
): ListingResync {
  const alsoSkuIds = [...new Set(also)];
  return { kind, skuId, ...(alsoSkuIds.length > 0 && { alsoSkuIds }), ...(untilMs !== undefined && { untilMs }) };
}

/**
 * The walk over several shops' listings; union with what an earlier save has not finished yet. `resumed`: what is saved
 * takes up a sync that was paused.
 */
export function resyncShops(
  shopIds: readonly string[],
  unfinished: Resync | null,
  { fromMs, resumed }: { readonly fromMs: number; readonly resumed: boolean },
): Resync {
  const before = unfinished?.kind === 'shops' ? unfinished : undefined;
  const all = [...new Set([...shopIds, ...(before?.shopIds ?? [])])].sort();
  const readBack = resumed || before?.readBack;
  return { kind: 'shops', shopIds: all, after: null, fromMs, ...(readBack && { readBack: true }) };
}
