import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import type { ChannelMessage } from '../../shared/ports/channel';
import { fetchAndStoreOrders } from '../../shared/procedures/fetch-orders';
import { loadShops } from '../../shared/procedures/settings';

/** Messages taken at once: what the strictest queue hands out and takes back in one call. */
const MESSAGES_AT_ONCE = 100;

/** A run ends with this much time left, so that a page in hand is stored and confirmed. */
const SPARE_MS = 10_000;

/** Pages of one shop in one run: a shop that has more goes on in the next run, and does not starve the others. */
const PAGES_MAX = 50;

/**
 * Polls the message queues of the platforms that do not push. A message is confirmed only after the order that it names
 * is stored; what is not confirmed comes again.
 */
export async function pollMessages(run: Run<'bus'>): Promise<Record<string, number>> {
  const shops = (await loadShops(run.ports.store)).map(({ value }) => value).filter((shop) => shop.active);
  const counts = await Promise.all(shops.map((shop) => pollShop(run, shop, shops)));
  return { shops: shops.length, messages: counts.reduce((sum, count) => sum + count, 0) };
}

async function pollShop(run: Run<'bus'>, shop: Shop, shops: readonly Shop[]): Promise<number> {
  const { ports } = run;
  const { intake } = ports.channels[shop.channel];
  if (intake.kind !== 'poll') return 0;
  let taken = 0;
  try {
    const access = ports.access(shop);
    for (let page = 0; page < PAGES_MAX && run.remainingMs() > SPARE_MS; page += 1) {
      const messages = await intake.consume(access, MESSAGES_AT_ONCE);
      if (messages.length === 0) break;
      const done = await storeNamed(run, shop, shops, messages);
      if (done.length > 0) await intake.confirm(access, done);
      taken += done.length;
      if (done.length < messages.length) break;
    }
  } catch (error) {
    // One shop whose platform is down must not stop the others; its messages wait on the platform.
    ports.log.count('ingestion.poll-failed');
    ports.log.warn('ingestion.poll-failed', { shopId: shop.id, reason: String(error) });
  }
  return taken;
}

/** Fetches and stores what the messages name, each for the shop of its seller. Returns the ids that may be confirmed. */
async function storeNamed(
  run: Run<'bus'>,
  polled: Shop,
  shops: readonly Shop[],
  messages: readonly ChannelMessage[],
): Promise<string[]> {
  const byShop = new Map<Shop, ChannelMessage[]>();
  const done: string[] = [];
  for (const message of messages) {
    const shop = message.orderNo === null ? undefined : sellerOf(polled, shops, message);
    if (shop) byShop.set(shop, [...(byShop.get(shop) ?? []), message]);
    else done.push(message.messageId);
    if (!shop && message.orderNo !== null) run.ports.log.count('ingestion.unknown-seller');
  }
  for (const [shop, named] of byShop) {
    const outcomes = await fetchAndStoreOrders(
      run.ports,
      shop,
      named.flatMap((message) => message.orderNo ?? []),
    );
    done.push(
      ...named
        .filter(({ orderNo }) => !(outcomes.get(orderNo ?? '') instanceof Error))
        .map((message) => message.messageId),
    );
  }
  return done;
}

/** Sellers of one app share its queue. A shop that states no number of its own takes what its queue holds. */
function sellerOf(polled: Shop, shops: readonly Shop[], { sellerId }: ChannelMessage): Shop | undefined {
  if (sellerId === '' || polled.platformShopId === '' || sellerId === polled.platformShopId) return polled;
  return shops.find((shop) => shop.channel === polled.channel && shop.platformShopId === sellerId);
}
