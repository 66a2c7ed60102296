import pLimit from 'p-limit';
import { isKeyPart } from '../domain/kernel/ids';
import type { Shop } from '../domain/settings';
import { hasCode } from '../errors';
import type { Ports } from '../ports/ports';
import { quarantine } from './quarantine';
import type { StoreOutcome } from './store-platform-orders';
import { storePlatformOrder } from './store-platform-orders';

/** Orders of one shop that are asked for at once: platforms limit the rate per app, and the answers come quickly. */
const FETCHES_AT_ONCE = 8;

type FetchPorts = Pick<Ports, 'store' | 'clock' | 'bus' | 'channels' | 'log' | 'access'>;

/**
 * 'These orders changed' → fetch → store → queue: the step in which every way in ends, whether the platform pushed, was
 * polled or was listed. Returns what became of each order; an Error means that the platform must tell us again.
 */
export async function fetchAndStoreOrders(
  ports: FetchPorts,
  shop: Shop,
  orderNos: readonly string[],
): Promise<Map<string, StoreOutcome | Error>> {
  const limit = pLimit(FETCHES_AT_ONCE);
  const outcomes = new Map<string, StoreOutcome | Error>();
  await Promise.all(
    [...new Set(orderNos)].map((orderNo) =>
      limit(async () => {
        try {
          outcomes.set(orderNo, await fetchAndStore(ports, shop, orderNo));
        } catch (error) {
          outcomes.set(orderNo, error instanceof Error ? error : new Error(String(error)));
          ports.log.count('ingestion.fetch-failed');
          ports.log.warn('ingestion.fetch-failed', { shopId: shop.id, orderNo, reason: String(error) });
        }
      }),
    ),
  );
  return outcomes;
}

async function fetchAndStore(ports: FetchPorts, shop: Shop, orderNo: string): Promise<StoreOutcome> {
  const aside = (reason: string): Promise<void> =>
    quarantine(ports, {
      shopId: shop.id,
      source: 'order',
      orderNo,
      reason,
      text: orderNo,
      receivedAtMs: ports.clock.nowMs(),
    });
  if (!isKeyPart(orderNo)) {
    await aside('the order number is not usable');
    return 'quarantined';
  }
  const askedAtMs = ports.clock.nowMs();
  try {
    const raw = await ports.channels[shop.channel].fetchOrder(ports.access(shop), orderNo);
    return await storePlatformOrder(ports, shop, raw, askedAtMs);
  } catch (error) {
    const reason = reasonAside(error);
    if (reason === undefined) throw error;
    await aside(reason);
    return 'quarantined';
  }
}

/**
 * Why an order is set aside instead of asked for without end; undefined where the fault is none of the order's. A message
 * that names it would be sent for ever, and the pull would never get past it. Where a platform refuses every order, the
 * second look brings them back once it does not.
 */
function reasonAside(error: unknown): string | undefined {
  if (hasCode(error, 'NOT_FOUND')) return 'the platform does not know this order';
  return hasCode(error, 'CHANNEL_REFUSED', 'DOCUMENT_TOO_LARGE') ? error.message : undefined;
}
