import type { ChannelId } from '../../../shared/domain/order/platform-order';
import type { WaitingKind } from '../../../shared/procedures/keys';

/** Paths of the console's page (functions/console/web/app/menu.ts), with the filters that its lists take from the address. */
const path = (to: string, filters: Readonly<Record<string, string | undefined>> = {}): string => {
  const given = Object.entries(filters).filter((filter): filter is [string, string] => filter[1] !== undefined);
  return given.length === 0 ? to : `${to}?${new URLSearchParams(given).toString()}`;
};

const part = encodeURIComponent;

export const links = {
  deliveryOrders: (filters: { status?: string; shopId?: string }): string => path('/orders/delivery-orders', filters),
  platformOrders: (channel: ChannelId, filters: { conversion?: string; shopId?: string }): string =>
    path(`/interfaces/${channel}/orders`, filters),
  mappings: (filters: { unmapped?: 'true'; shopId?: string }): string => path('/interfaces/mappings', filters),
  quarantine: (): string => path('/interfaces/quarantine'),
  parkedMessages: (): string => path('/interfaces/parked-messages'),
  shops: (): string => path('/master/shops'),
  syncQueue: (filters: { status?: string; shopId?: string; skuId?: string }): string =>
    path('/operations/sync-queue', filters),
  stock: (filters: { warehouseId?: string; skuId?: string }): string => path('/stock/balances', filters),
};

/** The page of a waiting document by its partition key; null where its kind has none. */
export function linkToDocument(kind: WaitingKind, pk: string, channelOf: (shopId: string) => ChannelId): string | null {
  const [, first = '', second = ''] = pk.split('#');
  switch (kind) {
    case 'conversion':
      return `/interfaces/${channelOf(first)}/orders/${part(first)}/${part(second)}`;
    case 'holding':
    case 'audit':
      return `/orders/delivery-orders/${part(first)}/${part(second)}`;
    case 'stock-work':
      return pk.startsWith('allocation-order#')
        ? `/stock/allocation-orders/${part(first)}`
        : `/stock/entries/${part(first)}`;
    case 'sync':
      return links.syncQueue({ shopId: first });
    case 'resync':
      return null;
  }
}
