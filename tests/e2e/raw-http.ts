import { createHash } from 'node:crypto';
import { pushUrl } from '../../infra/local/host/data-folder';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import type { LocalWorld } from './local-world';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request as it is said, with no help: the answer whatever it is. */
export async function send(
  method: string,
  url: string,
  { token, text, headers = {} }: { token?: string; text?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(text !== undefined && { body: text }),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, body: JSON.parse(await response.text()) as Answer['body'] };
}

/** The proof of a push: made here, so that a mistake of the sandbox's or of the adapter's cannot hide itself. */
export function signed(
  world: LocalWorld,
  body: string | Buffer,
  { appKey, appSecret } = keysOf(world),
): Record<string, string> {
  const sign = createHash('md5').update(appKey).update(body).update(appSecret).digest('hex');
  return { 'app-id': appKey, 'event-sign': sign };
}

function keysOf(world: LocalWorld): { appKey: string; appSecret: string } {
  const keys = world.secrets.shops[SAMPLE_SHOPS.doudian];
  if (!keys) throw new Error('the Doudian shop has no keys');
  return keys;
}

/** Posts to the address of the Doudian shop as the platform does. */
export function push(world: LocalWorld, text: string, headers = signed(world, text)): Promise<Answer> {
  return send('POST', pushUrl(world.hostUrl), { text, headers });
}

/** The body of a push that says of an order that it is paid. */
export function paidMessage(orderNo: string, shopNumber = '4463798'): string {
  const data = `{"p_id":${orderNo},"shop_id":${shopNumber},"order_status":2}`;
  return JSON.stringify([{ tag: '101', msg_id: `${orderNo}101`, data }]);
}
