/**
 * What a saved document still has to bring to the shops: kept in the document itself, in the same put as the change, so
 * that a crash cannot separate them. One SKU; one listing of which the platform may have changed its number by itself, so
 * that it must be read back; or everything that some shops list, walked page by page from `after`. Up to `untilMs` an
 * index may not show yet what the document concerns: at that time it is walked once more.
 *
 * A listing to be read back that is not synced at the moment keeps its request, and stands nowhere among what waits: the
 * next walk over its shop asks anew. With `readBack` that walk asks for every listing: the shops' sync was paused, and
 * nobody knows what has become of their numbers meanwhile.
 */
export type Resync =
  | { readonly kind: 'sku'; readonly skuId: string; readonly untilMs?: number }
  | { readonly kind: 'read-back'; readonly skuId: string; readonly untilMs?: number }
  | {
      readonly kind: 'shops';
      readonly shopIds: readonly string[];
      readonly after: string | null;
      readonly readBack?: true;
    };

/**
 * The walk over several shops' listings; union with what an earlier save has not finished yet. `resumed`: what is saved
 * takes up a sync that was paused.
 */
export function resyncShops(shopIds: readonly string[], unfinished: Resync | null, resumed: boolean): Resync {
  const before = unfinished?.kind === 'shops' ? unfinished : undefined;
  const all = [...new Set([...shopIds, ...(before?.shopIds ?? [])])].sort();
  return { kind: 'shops', shopIds: all, after: null, ...((resumed || before?.readBack) && { readBack: true }) };
}
