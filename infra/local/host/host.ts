import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { handler as autoAudit } from '../../../functions/auto-audit/handler';
import { handler as consoleApi } from '../../../functions/console/handler';
import { handler as documentConversion } from '../../../functions/document-conversion/handler';
import { handler as orderIngestion } from '../../../functions/order-ingestion/handler';
import { handler as ratioSyncPush } from '../../../functions/ratio-sync-push/handler';
import { handler as stockChangeCapture } from '../../../functions/stock-change-capture/handler';
import type { Config } from '../../../shared/config';
import { configOf } from '../../../shared/config';
import type { Handler } from '../../../shared/platform/define-function';
import { connectBus } from '../../../shared/platform/connect-bus';
import { connectPool } from '../../../shared/platform/connect-pool';
import type { Instance } from '../../../shared/platform/profile';
import { instanceOf } from '../../../shared/platform/profile';
import { AWS_SHAPES, HUAWEI_SHAPES } from './cloud-shapes';
import { functionServer } from './http-server';
import { startQueues } from './queues';
import type { Timer } from './schedule';
import { nameOf } from './schedule';

/** The functions that the host runs, by name. */
export const FUNCTIONS: Record<string, Handler> = {
  'order-ingestion': orderIngestion,
  'document-conversion': documentConversion,
  'auto-audit': autoAudit,
  'stock-change-capture': stockChangeCapture,
  'ratio-sync-push': ratioSyncPush,
  console: consoleApi,
};

/** Queue and timer functions get a minute, as they are deployed. */
const RUN_MS = 60_000;

/** The host's own pages, which no function answers. */
export const OWN_PAGES = ['/healthz', '/metrics'] as const;

export interface Host {
  readonly url: string;
  /** Stops taking requests, lets what runs end, and closes the store. */
  close(): Promise<void>;
}

/**
 * The local host: the handlers that are deployed, in one process, behind HTTP, with their queues and timers. Settings are
 * the functions' own (environment), events and contexts those of the profile's cloud; the port and the timers are the host's.
 */
export async function startHost(options: {
  port: number;
  timers: readonly Timer[];
  onTimerError?: (name: string, error: unknown) => void;
}): Promise<Host> {
  const config = configOf({});
  const shapes = config.profile === 'huawei' ? HUAWEI_SHAPES : AWS_SHAPES;
  const instance = await instanceOf(config);
  const startedAtMs = Date.now();
  let closing = false;
  const queues = await startQueues(config, instance, (functionName, event) =>
    call(functionName, event, shapes.context(functionName, RUN_MS)),
  );
  const pages: Readonly<Record<(typeof OWN_PAGES)[number], () => Promise<object>>> = {
    '/healthz': async () => ({ ok: true, upMs: Date.now() - startedAtMs }),
    '/metrics': async () => ({
      counts: Object.fromEntries(instance.sums.counts),
      gauges: Object.fromEntries(instance.sums.gauges),
      busMessages: await queues.size(),
      connections: await promisify(server.getConnections.bind(server))(),
      residentBytes: process.memoryUsage.rss(),
    }),
  };
  const server = functionServer(routeFor, shapes, async (path) => {
    const own = OWN_PAGES.find((page) => page === path);
    return own && pages[own]();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const timers = options.timers.map((timer) => {
    const run = (): Promise<unknown> =>
      call(
        timer.functionName,
        shapes.timerEvent(timer.task),
        shapes.context(timer.functionName, RUN_MS, () => closing),
      );
    return startTimer(timer, run, options.onTimerError ?? (() => undefined));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.all(timers.map((timer) => timer.stop()));
      await queues.close();
      server.closeAllConnections();
      await closed;
      await closeConnections(config, instance);
    },
  };
}

/** What functions of this process opened; opening again gives the same. */
async function closeConnections(config: Config, instance: Instance): Promise<void> {
  await Promise.all([(await connectBus(config, instance)).close(), (await connectPool(config, instance)).close()]);
  await instance.store.close();
}

async function call(functionName: string, event: object, context: object): Promise<unknown> {
  const handler = FUNCTIONS[functionName];
  if (!handler) throw new Error(`there is no function ${functionName}`);
  return handler(event, context);
}

function routeFor(method: string, path: string): { name: string; handler: Handler } | undefined {
  const name = path.startsWith('/webhooks/')
    ? 'order-ingestion'
    : method === 'POST' && path === '/api/conversions'
      ? 'document-conversion'
      : 'console';
  const handler = FUNCTIONS[name];
  return handler && { name, handler };
}

function startTimer(
  timer: Timer,
  run: () => Promise<unknown>,
  onError: (name: string, error: unknown) => void,
): { stop: () => Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let waiting: NodeJS.Timeout | undefined;
  const tick = (): void => {
    const begunAtMs = performance.now();
    running = (async () => {
      try {
        await run();
      } catch (error) {
        // The run has logged it; the next run goes on from what is stored.
        onError(nameOf(timer), error);
      }
      if (!stopped) waiting = setTimeout(tick, Math.max(0, timer.everyMs - (performance.now() - begunAtMs)));
    })();
  };
  tick();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(waiting);
      await running;
    },
  };
}
