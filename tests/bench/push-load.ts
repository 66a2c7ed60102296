import { Agent, request } from 'node:http';
import type { DoudianOrder } from './doudian-orders';
import { PUSH_PATH } from './doudian-orders';

/** Orders pushed in a time, and when each was sent, epoch ms. */
export interface Pushed {
  readonly sentAtMs: ReadonlyMap<string, number>;
  readonly startMs: number;
  /** When the last push was acknowledged. */
  readonly endMs: number;
}

/**
 * Pushes orders over HTTP for a time, so many at once, each connection going on when it is answered. Throws where a push is
 * not acknowledged: a rate of refusals would be no rate.
 */
export async function pushFor(
  hostUrl: string,
  load: { readonly atOnce: number; readonly forMs: number; readonly next: () => DoudianOrder },
): Promise<Pushed> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.atOnce });
  const sentAtMs = new Map<string, number>();
  const startMs = Date.now();
  const worker = async (): Promise<void> => {
    while (Date.now() - startMs < load.forMs) {
      const order = load.next();
      sentAtMs.set(order.orderNo, Date.now());
      const status = await post(agent, hostUrl, order);
      if (status !== 200) throw new Error(`the push of order ${order.orderNo} got ${status}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: load.atOnce }, worker));
    return { sentAtMs, startMs, endMs: Date.now() };
  } finally {
    agent.destroy();
  }
}

function post(agent: Agent, hostUrl: string, { push }: DoudianOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(push.body);
    const headers = { ...push.headers, 'content-length': body.length };
    const sent = request(`${hostUrl}${PUSH_PATH}`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
