import type { ItemMapping } from '../domain/order/item-mapping';
import type { Shop } from '../domain/settings';
import type { RatioException, RatioStrategy, ShopStrategy } from '../domain/sync/ratio-strategy';
import { nextBoundaryMs } from '../domain/sync/ratio-strategy';
import type { IndexPlaces } from '../ports/store';
import { keys, openPlace } from './keys';
import { mappingPlaces } from './map-listings';

/** Documents whose change must reach the shops. */
export type ResyncDocument = RatioStrategy | RatioException | Shop | ShopStrategy | ItemMapping;

/**
 * Clocks of instances differ by less. Where a strategy begins or ends by its own dates, the shops are walked at that moment, and
 * again when every clock has passed it: one that is behind may compute by the former state a moment after the others.
 */
const CLOCKS_APART_MS = 10_000;

/**
 * Open while the shops do not show yet what the document says, and from the time on at which it begins or ends by its
 * own dates.
 */
export function resyncPlaces(document: ResyncDocument, nowMs: number): IndexPlaces {
  if ('itemId' in document) return mappingPlaces(document, nowMs);
  if ('channel' in document) {
    return document.resync ? { open: openPlace('resync', keys.shop(document.id), nowMs) } : {};
  }
  if ('warehouseIds' in document) {
    const key = keys.ratioStrategy(document.id);
    if (document.resync) return { open: openPlace('resync', key, nowMs) };
    const next = nextBoundaryMs(document, nowMs) ?? Number.POSITIVE_INFINITY;
    const passed = nextBoundaryMs(document, nowMs - CLOCKS_APART_MS) ?? Number.POSITIVE_INFINITY;
    const dueMs = Math.min(next, passed + CLOCKS_APART_MS);
    return Number.isFinite(dueMs) ? { open: openPlace('resync', key, dueMs) } : {};
  }
  const key =
    'skuId' in document ? keys.ratioException(document.skuId, document.shopId) : keys.shopStrategy(document.shopId);
  return document.resync ? { open: openPlace('resync', key, nowMs) } : {};
}
