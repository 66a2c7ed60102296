import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import { loadShops } from '../../shared/procedures/settings';
import { fetchAndStoreOrders } from './fetch-orders';

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
export async function pollMessages(run: Run): Promise<Record<string, number>> {
  const shops = (await loadShops(run.ports.store)).map(({ value }) => value).filter((shop) => shop.active);
  const counts = await Promise.all(shops.map((shop) => pollShop(run, shop)));
  return { shops: shops.length, messages: counts.reduce((sum, count) => sum + count, 0) };
}

async function pollShop(run: Run, shop: Shop): Promise<number> {
  const { ports } = run;
  const { intake } = ports.channels[shop.channel];
  if (intake.kind !== 'poll') return 0;
  let taken = 0;
  try {
    const access = ports.access(shop);
    for (let page = 0; page < PAGES_MAX && run.remainingMs() > SPARE_MS; page += 1) {
      const messages = await intake.consume(access, MESSAGES_AT_ONCE);
      if (messages.length === 0) break;
      const outcomes = await fetchAndStoreOrders(ports, shop, messages.flatMap((message) => message.orderNo ?? []));
      const done = messages.filter(({ orderNo }) => orderNo === null || !(outcomes.get(orderNo) instanceof Error));
      if (done.length > 0) await intake.confirm(access, done.map((message) => message.messageId));
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
