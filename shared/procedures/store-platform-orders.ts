import { createHash } from 'node:crypto';
import { withLine } from '../domain/kernel/log-line';
import type { PlatformOrder } from '../domain/order/platform-order';
import { supersedes } from '../domain/order/platform-order';
import type { ReceivedOrder } from '../domain/order/received-order';
import type { Shop } from '../domain/settings';
import { AppError, hasCode } from '../errors';
import type { RawOrder } from '../ports/channel';
import type { Ports } from '../ports/ports';
import { keys } from './keys';
import { quarantine } from './quarantine';
import { receivedOrderPlaces } from './received-order-places';

export type StoreOutcome = 'stored' | 'unchanged' | 'older' | 'quarantined';

/** Times that a version is compared anew because another one was saved first. */
const TRIES_MAX = 8;

type StorePorts = Pick<Ports, 'store' | 'clock' | 'bus' | 'channels' | 'log'>;

/**
 * Keeps one version of a platform order, whole: first the raw text under (modified time, hash), then the order's state,
 * which from now on waits for conversion. Only when this has returned may the platform be told that we have it. The same
 * version again changes nothing; an older one never replaces a newer one. What cannot be read is kept in quarantine.
 */
export async function storePlatformOrder(
  ports: StorePorts,
  shop: Shop,
  raw: RawOrder,
  fetchedAtMs: number,
): Promise<StoreOutcome> {
  let order: PlatformOrder;
  try {
    order = ports.channels[shop.channel].readOrder(raw.text);
  } catch (error) {
    if (!hasCode(error, 'ORDER_UNREADABLE')) throw error;
    await quarantine(ports, {
      shopId: shop.id,
      source: 'order',
      orderNo: raw.orderNo,
      reason: error.message,
      text: raw.text,
      receivedAtMs: ports.clock.nowMs(),
    });
    return 'quarantined';
  }
  const hash = hashOf(order);
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const head = await ports.store.get<ReceivedOrder>(keys.platformOrder(shop.id, order.orderNo));
    if (head?.value.rawHash === hash) {
      if (!isSettled(head.value) && isSettled({ ...head.value, fetchedAtMs })) {
        // Best effort: whoever saved the order meanwhile knows at least as much.
        await ports.store.put({
          key: head.key,
          expect: head.version,
          value: { ...head.value, fetchedAtMs },
          places: head.places,
        });
      }
      return 'unchanged';
    }
    if (head && !supersedes(order, head.value)) return 'older';
    // The key holds the hash: a conflict means that these very bytes are there already.
    await ports.store.put({
      key: keys.rawOrder(shop.id, order.orderNo, order.modifiedAtMs, hash),
      expect: 0,
      value: { text: raw.text, fetchedAtMs },
    });
    const nowMs = ports.clock.nowMs();
    const value = receivedOrder(shop, order, head?.value, { hash, fetchedAtMs, nowMs });
    const key = keys.platformOrder(shop.id, order.orderNo);
    const saved = await ports.store.put({
      key,
      expect: head?.version ?? 0,
      value,
      places: receivedOrderPlaces(value, nowMs),
    });
    if (saved === 'conflict') continue;
    const body = { shopId: shop.id, orderNo: order.orderNo };
    await ports.bus.publish([{ topic: 'platform-order-changed', key: `${shop.id}#${order.orderNo}`, body }]);
    ports.log.count('orders.stored', 1, { channel: shop.channel });
    ports.log.info('order.stored', { shopId: shop.id, orderNo: order.orderNo, platformStatus: order.platformStatus });
    return 'stored';
  }
  throw new AppError('DOCUMENT_CONTENDED', { shopId: shop.id, orderNo: order.orderNo });
}

/**
 * Platforms count modified times in seconds, so a second change within one looks the same. A version that was asked for
 * this long after its modified time holds everything of that second, even where the platform's clock and ours differ.
 */
const SETTLED_AFTER_MS = 30_000;

/** True where no other version with the same modified time can be missing. */
export function isSettled(order: Pick<ReceivedOrder, 'fetchedAtMs' | 'modifiedAtMs'>): boolean {
  return order.fetchedAtMs >= order.modifiedAtMs + SETTLED_AFTER_MS;
}

function receivedOrder(
  shop: Shop,
  order: PlatformOrder,
  before: ReceivedOrder | undefined,
  now: { hash: string; fetchedAtMs: number; nowMs: number },
): ReceivedOrder {
  return {
    channel: shop.channel,
    shopId: shop.id,
    orderNo: order.orderNo,
    status: order.status,
    platformStatus: order.platformStatus,
    createdAtMs: order.createdAtMs,
    modifiedAtMs: order.modifiedAtMs,
    payableFen: order.payableFen,
    fetchedAtMs: now.fetchedAtMs,
    rawHash: now.hash,
    conversion: 'waiting',
    unmapped: [],
    log: withLine(before?.log ?? [], {
      type: before ? '平台更新' : '订单接入',
      content: `平台状态 ${order.platformStatus}`,
      actor: { kind: 'platform', id: shop.channel },
      atMs: now.nowMs,
      status: 'waiting',
    }),
  };
}

/** Hash of what the order says: gateways wrap the same order in answers with request ids of their own. */
function hashOf(order: PlatformOrder): string {
  return createHash('sha256').update(JSON.stringify(order)).digest('hex').slice(0, 16);
}
