import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stock write as it came in. */
interface StockArrival {
  readonly platformSkuId: string;
  readonly atMs: number;
}

/** A gateway of Doudian's over real HTTP that answers from memory. */
export interface HttpPlatform {
  /** What a host's YIPAN_DOUDIAN_GATEWAY is set to. */
  readonly gatewayUrl: string;
  /** Makes an order known, by its number; it is forgotten when it was fetched. */
  place(orderNo: string, text: string): void;
  readonly arrivals: readonly StockArrival[];
  close(): Promise<void>;
}

const DONE = '{"code":10000,"msg":"success","sub_code":"","sub_msg":"","log_id":"bench","data":';

/**
 * Stands in for the platform sandbox where speed is measured: that one checks signatures and keeps books, at a cost that
 * would be taken for ours on a machine of two cores. It checks nothing, and lists no orders: the pull finds none.
 */
export async function startHttpPlatform(): Promise<HttpPlatform> {
  const orders = new Map<string, string>();
  const shown = new Map<string, number>();
  const arrivals: StockArrival[] = [];

  const write = (item: string, body: string): void => {
    const platformSkuId = skuOf(item);
    const stockNum = Number(/"stock_num":(-?\d+)/.exec(item)?.[1] ?? '0');
    const isAdded = body.includes('"incremental":true');
    shown.set(platformSkuId, stockNum + (isAdded ? (shown.get(platformSkuId) ?? 0) : 0));
    arrivals.push({ platformSkuId, atMs: Date.now() });
  };
  const answer = (path: string, body: string): string => {
    switch (path) {
      case '/order/orderDetail': {
        const orderNo = /"shop_order_id":"(\d+)"/.exec(body)?.[1] ?? '';
        const text = orders.get(orderNo);
        orders.delete(orderNo);
        return text ?? `${DONE}{}}`;
      }
      case '/order/searchList':
        return `${DONE}{"total":0,"shop_order_list":[]}}`;
      case '/sku/stockNum':
        return `${DONE}{"stock_num":${shown.get(skuOf(body)) ?? 0}}}`;
      case '/sku/syncStock':
        write(body, body);
        return `${DONE}{}}`;
      case '/sku/syncStockBatchMultiProducts': {
        const items = body.match(/\{[^{}]*"sku_id"[^{}]*\}/g) ?? [];
        for (const item of items) write(item, body);
        const results = items.map((_, i) => `{"uniq_id":"${i}","status_code":0,"status_message":""}`);
        return `${DONE}{"results":[${results.join(',')}]}}`;
      }
      default:
        return '{"code":70000,"msg":"unknown method","sub_code":"isp.api-service-off","sub_msg":"","log_id":"bench"}';
    }
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const text = answer((request.url ?? '').split('?')[0] ?? '', body);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    gatewayUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    place: (orderNo, text) => void orders.set(orderNo, text),
    arrivals,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const skuOf = (body: string): string => /"sku_id":(\d+)/.exec(body)?.[1] ?? '';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
