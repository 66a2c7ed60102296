import { AppError, hasCode } from '../../shared/errors';
import type { HttpRequest, HttpResponse } from '../../shared/platform/http';
import { json } from '../../shared/platform/http';
import type { Ports } from '../../shared/ports/ports';
import { fetchAndStoreOrders } from '../../shared/procedures/fetch-orders';
import { quarantine } from '../../shared/procedures/quarantine';
import { requireShop } from '../../shared/procedures/settings';

/** Largest push taken. A platform's push of 20 messages is about 8 KB; queues of both clouds end at 256 KB. */
const BODY_BYTES_MAX = 256 * 1024;

const PATH = /^\/webhooks\/([a-z0-9-]{1,32})\/([^/]{1,80})$/;

/**
 * Takes a platform's push, `POST /webhooks/‹channel›/‹shop›`. Order: size, shop, signature over the raw bytes, shape;
 * then every order that it names is fetched and stored, and only then the platform gets the answer that ends its
 * pushing. A push is a hint: one sent again, late or by an eavesdropper makes us look at orders, and nothing else.
 */
export async function receivePush(
  request: HttpRequest,
  ports: Pick<Ports, 'store' | 'clock' | 'bus' | 'channels' | 'log' | 'access'>,
): Promise<HttpResponse> {
  const match = PATH.exec(request.path);
  const shopId = decoded(match?.[2] ?? '');
  if (!match || shopId === undefined || request.method !== 'POST')
    throw new AppError('NOT_FOUND', { path: request.path, method: request.method });
  if (request.rawBody.length > BODY_BYTES_MAX) {
    throw new AppError('BODY_TOO_LARGE', { bytes: request.rawBody.length, bytesMax: BODY_BYTES_MAX });
  }
  const [, channelId] = match;
  const shop = await requireShop(ports.store, shopId);
  const { intake } = ports.channels[shop.channel];
  if (shop.channel !== channelId || intake.kind !== 'push' || !shop.active)
    throw new AppError('UNKNOWN_SHOP', { shopId: shop.id, channel: channelId });
  if (!intake.verify(ports.access(shop), request.headers, request.rawBody)) {
    ports.log.count('webhook.bad-signature', 1, { shopId: shop.id });
    throw new AppError('BAD_SIGNATURE', { shopId: shop.id });
  }
  const aside = (reason: string): Promise<void> =>
    quarantine(ports, {
      ...{ shopId: shop.id, source: 'push', orderNo: null, reason },
      ...{ text: request.rawBody.toString('utf8'), receivedAtMs: ports.clock.nowMs() },
    });
  let named: { orderNos: string[]; shopIds: string[] };
  try {
    named = intake.orderNos(request.rawBody);
  } catch (error) {
    if (!hasCode(error, 'BAD_PUSH')) throw error;
    await aside(error.message);
    return json(200, intake.acceptedBody);
  }
  const foreign = shop.platformShopId === '' ? [] : named.shopIds.filter((id) => id !== shop.platformShopId);
  if (foreign.length > 0) {
    await aside(`the push speaks of shop ${foreign.join(', ')}, this address is shop ${shop.platformShopId}`);
    return json(200, intake.acceptedBody);
  }
  const outcomes = await fetchAndStoreOrders(ports, shop, named.orderNos);
  const failed = [...outcomes.values()].some((outcome) => outcome instanceof Error);
  ports.log.count(failed ? 'webhook.refused' : 'webhook.accepted', 1, { shopId: shop.id });
  return failed ? json(503, intake.refusedBody) : json(200, intake.acceptedBody);
}

/** A part of the path as it was meant; undefined where it is not properly encoded. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
