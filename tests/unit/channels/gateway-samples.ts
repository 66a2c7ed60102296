import { doudianChannel } from '../../../shared/adapters/channels/doudian/doudian';
import { taobaoChannel } from '../../../shared/adapters/channels/taobao/taobao';
import type { Channel, ShopAccess, StockWrite } from '../../../shared/ports/channel';
import type { Clock } from '../../../shared/ports/clock';
import { type GatewayAnswer, StubGateway } from './stub-gateway';

export const ACCESS: ShopAccess = {
  shopId: 'shop-1',
  appKey: '23400001',
  appSecret: '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5',
  accessToken: '6100b20c6b8e2f3d',
  platformShopId: '',
};
const CLOCK: Clock = { nowMs: () => Date.parse('2026-03-08T06:05:09Z'), sleep: async () => undefined };
export const WRITE: StockWrite = {
  listing: { itemId: '3473196049974326153', platformSkuId: '1736502463777799' },
  mode: 'set',
  qty: 12,
  key: 'shop-1:7',
};
// Long enough for a slow machine to answer; only silence waits for it.
const TIMEOUT_MS = 1_000;

export const CHANNELS: Record<'taobao' | 'doudian', (gatewayUrl: string) => Channel> = {
  taobao: (gatewayUrl) => taobaoChannel({ gatewayUrl, timeoutMs: TIMEOUT_MS, clock: CLOCK }),
  doudian: (gatewayUrl) => doudianChannel({ gatewayUrl, timeoutMs: TIMEOUT_MS, clock: CLOCK }),
};

export async function withGateway<T>(
  answers: readonly GatewayAnswer[],
  act: (gateway: StubGateway) => Promise<T>,
): Promise<T> {
  const gateway = await StubGateway.open(...answers);
  try {
    return await act(gateway);
  } finally {
    await gateway.close();
  }
}

export const json = (value: unknown, status = 200): GatewayAnswer => ({ status, text: JSON.stringify(value) });
