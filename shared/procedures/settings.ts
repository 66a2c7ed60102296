import type { AuditStrategy } from '../domain/order/audit-order';
import type { Shop, Warehouse } from '../domain/settings';
import type { RatioStrategy, ShopStrategy } from '../domain/sync/ratio-strategy';
import type { User } from '../domain/user/user';
import { AppError } from '../errors';
import type { Store, Stored } from '../ports/store';
import { keys } from './keys';

/** Settings of one kind at most. They are read whole by every run, so their number must stay small. */
const SETTINGS_MAX = 1_000;

/** All documents of a kind of settings. */
async function all<T>(store: Store, pk: string): Promise<Stored<T>[]> {
  return store.query<T>(pk, { limit: SETTINGS_MAX });
}

export const loadShops = (store: Store): Promise<Stored<Shop>[]> => all(store, 'shop');
export const loadWarehouses = (store: Store): Promise<Stored<Warehouse>[]> => all(store, 'warehouse');
export const loadRatioStrategies = (store: Store): Promise<Stored<RatioStrategy>[]> => all(store, 'ratio-strategy');
export const loadShopStrategies = (store: Store): Promise<Stored<ShopStrategy>[]> => all(store, 'shop-strategy');
export const loadAuditStrategies = (store: Store): Promise<Stored<AuditStrategy>[]> => all(store, 'audit-strategy');
export const loadUsers = (store: Store): Promise<Stored<User>[]> => all(store, 'user');

/** The shop, or UNKNOWN_SHOP with its id. */
export async function requireShop(store: Store, shopId: string): Promise<Shop> {
  const stored = await store.get<Shop>(keys.shop(shopId));
  if (!stored) throw new AppError('UNKNOWN_SHOP', { shopId });
  return stored.value;
}
