import type { SandboxConfig } from './config';
import { parseConfig } from './config';
import { answerControl } from './control/control-api';
import { DoudianGateway } from './doudian/gateway';
import { FlowControl } from './flow-control';
import type { GatewayDeps, GatewayReply } from './gateway';
import type { HttpReply, HttpRequest } from './http-server';
import { listen } from './http-server';
import { renderPage } from './page/page';
import type { Shop } from './shop';
import { TopGateway } from './taobao/gateway';
import { World } from './world';

export interface SandboxOptions {
  /** 0 takes a free port */
  readonly port?: number;
  readonly nowMs?: () => number;
}

export interface Sandbox {
  readonly url: string;
  close(): Promise<void>;
}

const DOUDIAN_PREFIX = '/doudian';

/** Opens the back office of all configured shops on one loopback port. Throws InputError on a bad configuration. */
export async function startSandbox(config: SandboxConfig, options: SandboxOptions = {}): Promise<Sandbox> {
  const checked = parseConfig(config);
  const world = new World(checked, options.nowMs ?? Date.now);
  const deps: GatewayDeps = {
    nowMs: world.nowMs,
    flow: new FlowControl(),
    faults: () => world.faults,
    dice: world.dice,
    counters: world.gatewayCounters,
    rateLimitPerSecond: checked.rateLimitPerSecond ?? 0,
  };
  const shops = [...world.shops.values()];
  const top = new TopGateway(shops.filter(isTaobao), deps);
  const doudian = new DoudianGateway(shops.filter(isDoudian), deps);

  const server = await listen(options.port ?? 0, async (request) => {
    const { method, path, query, body } = request;
    if (path.startsWith('/sandbox/')) return answerControl(world, request);
    if (method === 'POST' && path === '/router/rest') return asHttp(top.call(formPairs(request)));
    if (method === 'POST' && path.startsWith(`${DOUDIAN_PREFIX}/`)) {
      return asHttp(doudian.call(path.slice(DOUDIAN_PREFIX.length), query, body));
    }
    if (method === 'GET' && path === '/') return { kind: 'answer', status: 200, type: 'text/html', body: renderPage() };
    return { kind: 'answer', status: 404, type: 'text/plain', body: 'not found' };
  });
  return {
    url: server.url,
    close: async () => {
      world.close();
      await server.close();
    },
  };
}

/** Some client libraries put the common parameters into the query and the rest into the form: both count. */
function* formPairs(request: HttpRequest): Generator<[string, string]> {
  yield* request.query;
  yield* new URLSearchParams(request.body);
}

function asHttp(reply: GatewayReply): HttpReply {
  return reply.kind === 'hold' ? reply : { kind: 'answer', status: 200, type: 'application/json', body: reply.body };
}

function isTaobao(shop: Shop): shop is Shop & { channel: 'taobao' } {
  return shop.channel === 'taobao';
}

function isDoudian(shop: Shop): shop is Shop & { channel: 'doudian' } {
  return shop.channel === 'doudian';
}
