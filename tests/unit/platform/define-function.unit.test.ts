import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as DefineFunction from '../../../shared/platform/define-function';
import { LogLines } from '../../support/log-lines';

// One process is one instance of one function: every test loads the modules anew, with settings of its own.

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

let folder: string;
let lines: LogLines;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-function-'));
  lines = new LogLines();
  jest.resetModules();
});

afterEach(() => {
  lines.end();
  rmSync(folder, { recursive: true, force: true });
});

const load = (): Promise<typeof DefineFunction> => import('../../../shared/platform/define-function');

/** The settings as FunctionGraph hands them over. */
function contextOf(settings: Readonly<Record<string, string>>, remainingMs = 60_000): object {
  return {
    getFunctionName: () => 'yipan-prod-auto-audit',
    getRequestID: () => 'request-1',
    getUserData: (name: string) => settings[name],
    getRemainingTimeInMilliSeconds: () => remainingMs,
  };
}

const embedded = () => ({
  YIPAN_STORE_FILE: join(folder, 'yipan.db'),
  YIPAN_SECRETS: '{"shops":{},"users":[]}',
});

/** Nobody listens there: what these functions do needs no store. */
const cloud = (profile: 'aws' | 'huawei') => ({
  ...{ YIPAN_PROFILE: profile, YIPAN_STORE_TABLE: 'yipan', YIPAN_STORE_REGION: 'r' },
  ...{ YIPAN_STORE_ENDPOINT: 'http://127.0.0.1:9', YIPAN_STORE_ACCESS_KEY: 'k', YIPAN_STORE_SECRET_KEY: 's' },
  ...{ YIPAN_SECRETS: '{"shops":{},"users":[]}' },
});

const request = (headers: Readonly<Record<string, string>> = {}) => ({
  ...{ httpMethod: 'GET', path: '/', headers, body: '', isBase64Encoded: false },
  requestContext: { stage: 'RELEASE' },
});

describe('a line that a step writes', () => {
  it('says which function, request and trace it belongs to', async () => {
    const { defineFunction } = await load();
    const handler = defineFunction(
      'auto-audit',
      {},
      {
        http: async (_, { ports }) => {
          ports.log.warn('step', { shopId: 'tb' });
          return { statusCode: 204, headers: {}, body: '', isBase64Encoded: false };
        },
      },
    );
    await handler(request({ traceparent: TRACEPARENT }), contextOf(embedded()));
    await handler(request(), contextOf(embedded()));
    const [first, second] = lines.of('step');
    expect(first).toMatchObject({
      ...{ level: 'warn', event: 'step', function: 'yipan-prod-auto-audit', requestId: 'request-1' },
      ...{ traceId: TRACE_ID, shopId: 'tb' },
    });
    expect(second?.['traceId']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.['traceId']).not.toBe(TRACE_ID);
  });

  it('carries the trace of the message that told of its document, however many a batch holds', async () => {
    const { defineFunction } = await load();
    const handler = defineFunction(
      'auto-audit',
      {},
      {
        queue: async (batch, { ports }) => {
          for (const { body } of batch) ports.log.info('step', { deliveryOrderId: String(body['deliveryOrderId']) });
          return new Map([[batch[1]?.eventId ?? '', new Error('no such strategy')]]);
        },
      },
    );
    const traces = ['1'.repeat(32), '2'.repeat(32)];
    const envelopes = traces.map((traceId, i) => ({
      ...{ eventId: `e${i}`, sequence: i + 1, topic: 'delivery-order-ready', key: `tb#${i}`, atMs: 0 },
      ...{ traceparent: `00-${traceId}-00f067aa0ba902b7-01`, body: { deliveryOrderId: `tb#${i}` } },
    }));
    const Records = [...envelopes.map((one) => JSON.stringify(one)), 'no envelope'].map((body, i) => ({
      ...{ messageId: `m${i}`, eventSource: 'aws:sqs', body },
    }));
    expect(await handler({ Records }, contextOf(embedded()))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }],
    });
    expect(lines.of('step').map((line) => line['traceId'])).toEqual(traces);
    expect(lines.of('message.failed')).toMatchObject([
      ...[{ traceId: traces[1], deliveryOrderId: 'tb#1', code: 'INTERNAL', reason: 'Error: no such strategy' }],
      { topic: '', code: 'BAD_EVENT' },
    ]);
  });
});

describe('a call that fails', () => {
  it("is told with its reason, and not in a parser's words, which quote what they read", async () => {
    const { defineFunction } = await load();
    const handler = defineFunction(
      'auto-audit',
      {},
      { timer: async () => JSON.parse('139****0000') as Record<string, number> },
    );
    await expect(handler({ task: 'sweep' }, contextOf(embedded()))).rejects.toThrow(SyntaxError);
    const [line] = lines.of('call.failed');
    expect(line).toMatchObject({ level: 'error', trigger: 'timer', code: 'INTERNAL', requestId: 'request-1' });
    expect(line?.['stack']).toMatch(/^ {4}at /);
    expect(lines.text()).not.toContain('139');
  });

  it('is told with the document that it was about', async () => {
    const { defineFunction } = await load();
    // Of the same loading of the modules as the function.
    const { AppError } = await import('../../../shared/errors');
    const handler = defineFunction(
      'order-ingestion',
      {},
      {
        http: async () => {
          throw new AppError('BAD_SIGNATURE', { shopId: 'dy-main' });
        },
      },
    );
    expect(await handler(request(), contextOf(embedded()))).toMatchObject({ statusCode: 401 });
    expect(lines.of('call.refused')).toMatchObject([{ level: 'info', code: 'BAD_SIGNATURE', shopId: 'dy-main' }]);
  });

  it('is told even where the settings are not usable, and an HTTP caller gets the reason', async () => {
    const { defineFunction } = await load();
    const handler = defineFunction('auto-audit', {}, {});
    expect(await handler(request(), contextOf({ YIPAN_SECRETS: '{}' }))).toMatchObject({ statusCode: 500 });
    expect(lines.of('call.failed')).toMatchObject([
      { function: 'yipan-prod-auto-audit', requestId: 'request-1', code: 'BAD_SETTINGS', trigger: 'unknown' },
    ]);
  });
});

describe('metrics', () => {
  const counting = ({ defineFunction }: typeof DefineFunction) =>
    defineFunction(
      'auto-audit',
      {},
      {
        timer: async (task, { ports }) => {
          ports.log.count('sweep.failed', 2, { stage: 'audit' });
          ports.log.gauge('waiting.oldest', 61, { stage: 'audit' });
          if (task === 'fail') throw new Error('no');
          return {};
        },
      },
    );

  it.each(['sweep', 'fail'])(
    'leave a function on AWS when it ends (%s), by the name that it is deployed under',
    async (task) => {
      const handler = counting(await load());
      await handler({ task }, contextOf(cloud('aws'))).catch(() => undefined);
      expect(lines.all().filter((line) => '_aws' in line)).toMatchObject([
        {
          _aws: {
            CloudWatchMetrics: [
              {
                Namespace: 'Yipan',
                Dimensions: [['function'], ['function', 'stage']],
                Metrics: [
                  { Name: 'sweep.failed', Unit: 'Count' },
                  { Name: 'waiting.oldest', Unit: 'Seconds' },
                ],
              },
            ],
          },
          ...{ function: 'yipan-prod-auto-audit', stage: 'audit', 'sweep.failed': 2, 'waiting.oldest': 61 },
        },
      ]);
    },
  );

  it('are plain lines on Huawei Cloud', async () => {
    const handler = counting(await load());
    await handler({ task: 'fail' }, contextOf(cloud('huawei'))).catch(() => undefined);
    const dimensions = { function: 'yipan-prod-auto-audit', stage: 'audit' };
    expect(lines.of('metric')).toMatchObject([
      { metric: 'sweep.failed', value: 2, unit: 'Count', ...dimensions },
      { metric: 'waiting.oldest', value: 61, unit: 'Seconds', samples: 1, ...dimensions },
    ]);
  });

  it('are sums and last values on one machine, with the calls of each function', async () => {
    const handler = counting(await load());
    const context = contextOf(embedded());
    await handler({ task: 'sweep' }, context);
    await handler({ task: 'fail' }, context).catch(() => undefined);
    const { configOf } = await import('../../../shared/config');
    const { instanceOf } = await import('../../../shared/platform/profile');
    const { sums } = await instanceOf(configOf(context));
    expect(Object.fromEntries(sums.counts)).toEqual({ 'sweep.failed': 4, 'calls.auto-audit': 2 });
    expect(Object.fromEntries(sums.gauges)).toEqual({ 'waiting.oldest/audit': 61 });
    expect(lines.of('metric')).toEqual([]);
  });
});

describe('the time that a step has', () => {
  it.each([
    ['an HTTP call', request(), 60_000, 28_000, 29_000],
    ['an HTTP call of a function that has less', request(), 5_000, 5_000, 5_000],
    ['a timer', { task: 'sweep' }, 60_000, 60_000, 60_000],
  ])('of %s ends before nobody waits for its answer any more', async (_, event, remainingMs, from, to) => {
    const { defineFunction } = await load();
    const seen: number[] = [];
    const handler = defineFunction(
      'auto-audit',
      {},
      {
        http: async (__, run) => {
          seen.push(run.remainingMs());
          return { statusCode: 204, headers: {}, body: '', isBase64Encoded: false };
        },
        timer: async (__, run) => {
          seen.push(run.remainingMs());
          return {};
        },
      },
    );
    await handler(event, contextOf(embedded(), remainingMs));
    expect(seen[0]).toBeGreaterThanOrEqual(from);
    expect(seen[0]).toBeLessThanOrEqual(to);
  });
});
