import type { Sku, Warehouse } from '../../shared/domain/settings';
import { AppError } from '../../shared/errors';
import type { Store } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';

/** Warehouses must exist, and be of the kind that the document needs. */
export async function requireWarehouses(
  store: Store,
  ids: readonly string[],
  kind: Warehouse['kind'] | null,
): Promise<void> {
  const found = await store.getMany<Warehouse>(ids.map(keys.warehouse));
  ids.forEach((warehouseId, i) => {
    if (!found[i]) throw new AppError('UNKNOWN_WAREHOUSE', { warehouseId });
    if (kind && found[i].value.kind !== kind)
      throw new AppError('WRONG_WAREHOUSE_KIND', { warehouseId, kind: found[i].value.kind, needed: kind });
  });
}

/** SKUs must exist. */
export async function requireSkus(store: Store, ids: readonly string[]): Promise<void> {
  const found = await store.getMany<Sku>(ids.map(keys.sku));
  const unknown = ids.filter((_, i) => !found[i]);
  if (unknown.length > 0) throw new AppError('UNKNOWN_SKU', { skuIds: unknown.slice(0, 20) });
}
