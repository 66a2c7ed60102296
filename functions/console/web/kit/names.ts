import type { Shop, Warehouse } from '../../../../shared/domain/settings';
import { useApi } from './queries';

/** Shops and warehouses by id, for names beside ids and choices in forms; few, and read once a minute at most. */
export function useShops() {
  const { data } = useApi<{ rows: Shop[] }>('/api/shops');
  const shops = data?.rows ?? [];
  return {
    shops,
    shopName: (id: string) => shops.find((shop) => shop.id === id)?.title ?? id,
    shopOptions: shops.map(({ id, title }) => ({ value: id, label: `${title} (${id})` })),
  };
}

export function useWarehouses(kind?: Warehouse['kind']) {
  const { data } = useApi<{ rows: Warehouse[] }>('/api/warehouses');
  const warehouses = (data?.rows ?? []).filter((warehouse) => kind === undefined || warehouse.kind === kind);
  return {
    warehouses,
    warehouseName: (id: string) => data?.rows.find((warehouse) => warehouse.id === id)?.title ?? id,
    warehouseOptions: warehouses.map(({ id, title }) => ({ value: id, label: `${title} (${id})` })),
  };
}
