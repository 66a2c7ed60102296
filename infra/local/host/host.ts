import type { AddressInfo } from 'node:net';
import { handler as autoAudit } from '../../../functions/auto-audit/handler';
import { handler as consoleApi } from '../../../functions/console/handler';
import { handler as documentConversion } from '../../../functions/document-conversion/handler';
import { handler as orderIngestion } from '../../../functions/order-ingestion/handler';
import { handler as ratioSyncPush } from '../../../functions/ratio-sync-push/handler';
import { handler as stockChangeCapture } from '../../../functions/stock-change-capture/handler';
import { configOf } from '../../../shared/config';
import type { Handler } from '../../../shared/platform/define-function';
import { inProcessBus } from '../../../shared/platform/connect-bus';
import { instanceOf } from '../../../shared/platform/profile';
import type { BusEnvelope, Topic } from '../../../shared/ports/bus';
import { functionServer } from './http-server';
import { lambdaContext } from './lambda-context';
import type { Timer } from './schedule';
import { nameOf } from './schedule';

const FUNCTIONS: Readonly<Record<string, Handler>> = {
  'order-ingestion': orderIngestion,
  'document-conversion': documentConversion,
  'auto-audit': autoAudit,
  'stock-change-capture': stockChangeCapture,
  'ratio-sync-push': ratioSyncPush,
  console: consoleApi,
};

/** Which function listens to which topic; batches as a queue trigger would form them. */
const QUEUES: readonly { topic: Topic; functionName: string; batchMax: number; parallel: number }[] = [
  { topic: 'platform-order-changed', functionName: 'document-conversion', batchMax: 50, parallel: 2 },
  { topic: 'delivery-order-ready', functionName: 'auto-audit', batchMax: 50, parallel: 2 },
  { topic: 'stock-changed', functionName: 'stock-change-capture', batchMax: 200, parallel: 1 },
];

/** Queue and timer functions get a minute, as they are deployed. */
const RUN_MS = 60_000;

export interface Host {
  readonly url: string;
  /** Stops taking requests, lets what runs end, and closes the store. */
  close(): Promise<void>;
}

/**
 * The local host: the handlers that are deployed, in one process, behind HTTP, with their queues and timers. Settings are
 * the functions' own (environment); the port and the timers are the host's.
 */
export async function startHost(options: {
  port: number;
  timers: readonly Timer[];
  onTimerError?: (name: string, error: unknown) => void;
}): Promise<Host> {
  const instance = await instanceOf(configOf({}));
  const bus = inProcessBus(instance);
  for (const { topic, functionName, batchMax, parallel } of QUEUES) {
    bus.consume(topic, (batch) => deliver(functionName, batch), { batchMax, parallel });
  }
  const startedAtMs = Date.now();
  let closing = false;
  const server = functionServer(routeFor, (path) => {
    if (path === '/healthz') return { ok: true, upMs: Date.now() - startedAtMs };
    if (path === '/metrics') {
      return {
        counts: Object.fromEntries(instance.counts),
        busMessages: bus.size(),
        residentBytes: process.memoryUsage.rss(),
      };
    }
    return undefined;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const timers = options.timers.map((timer) =>
    startTimer(timer, () => closing, options.onTimerError ?? (() => undefined)),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.all(timers.map((timer) => timer.stop()));
      await bus.close();
      server.closeAllConnections();
      await closed;
      await instance.store.close();
    },
  };
}

function routeFor(method: string, path: string): { name: string; handler: Handler } | undefined {
  const name = path.startsWith('/webhooks/')
    ? 'order-ingestion'
    : method === 'POST' && path === '/api/conversions'
      ? 'document-conversion'
      : path.startsWith('/api/')
        ? 'console'
        : undefined;
  const handler = name === undefined ? undefined : FUNCTIONS[name];
  return name !== undefined && handler ? { name, handler } : undefined;
}

/** Hands a batch to its function as an SQS event, and takes back the messages that failed. */
async function deliver(functionName: string, batch: readonly BusEnvelope[]): Promise<string[]> {
  const Records = batch.map((envelope) => ({
    messageId: envelope.eventId,
    eventSource: 'aws:sqs',
    body: JSON.stringify(envelope),
  }));
  const result = await FUNCTIONS[functionName]?.({ Records }, lambdaContext(functionName, RUN_MS));
  const { batchItemFailures } = result as { batchItemFailures: { itemIdentifier: string }[] };
  return batchItemFailures.map((failure) => failure.itemIdentifier);
}

function startTimer(
  timer: Timer,
  isClosing: () => boolean,
  onError: (name: string, error: unknown) => void,
): { stop: () => Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let waiting: NodeJS.Timeout | undefined;
  const tick = (): void => {
    const begunAtMs = performance.now();
    running = (async () => {
      try {
        await FUNCTIONS[timer.functionName]?.(
          { task: timer.task },
          lambdaContext(timer.functionName, RUN_MS, isClosing),
        );
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
