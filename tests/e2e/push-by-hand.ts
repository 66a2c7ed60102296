import type { LocalWorld } from './local-world';
import { paidMessage, push } from './raw-http';
import type { Goods, Purchase } from './steps';
import { buy } from './steps';

/** What Doudian takes for an acknowledgement. */
export const ACKNOWLEDGED = '200 0';

/** A push by hand of an order that the platform itself never tells of: its answer, and the order. */
export async function pushByHand(
  world: LocalWorld,
  { doudian }: Goods,
): Promise<{ purchase: Purchase; answer: string }> {
  await world.sandbox.put('/sandbox/faults', { loseMessages: 1 });
  const purchase = await buy(world, [{ listing: doudian, quantity: 1 }]);
  await world.sandbox.put('/sandbox/faults', {});
  const { status, body } = await push(world, paidMessage(purchase.orderNo));
  return { purchase, answer: `${status} ${String(body['code'])}` };
}

/** An acknowledged push is stored by then, whatever is away: the pull has had no time to bring it. */
export async function expectStored(world: LocalWorld, { shopId, orderNo }: Purchase): Promise<void> {
  await world.host.get(`/api/platform-orders/${shopId}/${orderNo}`);
}
