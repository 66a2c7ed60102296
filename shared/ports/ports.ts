import type { ChannelId } from '../domain/order/platform-order';
import type { Bus } from './bus';
import type { Channel, ShopAccess } from './channel';
import type { Clock } from './clock';
import type { Log } from './log';
import type { Pool } from './pool';
import type { Random } from './random';
import type { Store } from './store';

/** All doors to the outside. A step names the ones it needs by picking from these. */
export interface Ports {
  readonly store: Store;
  readonly bus: Bus;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly channels: Readonly<Record<ChannelId, Channel>>;
  /** Keys of a shop, from the secret settings. Throws SECRET_MISSING. */
  readonly access: (shop: { readonly id: string; readonly platformShopId: string }) => ShopAccess;
}

/** Doors that a function opens only where it needs them: each is a client more in its bundle. */
export type Door = 'bus' | 'pool';

/** The ports of a function with these doors. */
export type PortsWith<D extends Door> = Omit<Ports, Door> & Pick<Ports, D>;
