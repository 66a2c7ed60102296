/**
 * What a saved document still has to bring to the shops: kept in the document itself, in the same put as the change, so
 * that a crash cannot separate them. One SKU; one listing of which the platform may have changed its number by itself, so
 * that it must be read back; or everything that some shops list, walked page by page from `after`. Up to `untilMs` an
 * index may not show yet what the document concerns: at that time it is walked once more.
 */
export type Resync =
  | { readonly kind: 'sku'; readonly skuId: string; readonly untilMs?: number }
  | { readonly kind: 'read-back'; readonly skuId: string; readonly untilMs?: number }
  | { readonly kind: 'shops'; readonly shopIds: readonly string[]; readonly after: string | null };

/** The walk over several shops' listings; union with what an earlier save has not finished yet. */
export function resyncShops(shopIds: readonly string[], unfinished: Resync | null): Resync {
  const before = unfinished?.kind === 'shops' ? unfinished.shopIds : [];
  return { kind: 'shops', shopIds: [...new Set([...shopIds, ...before])].sort(), after: null };
}
