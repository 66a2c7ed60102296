import type { LogLevel } from '../../shared/adapters/system/json-log';
import { JsonLog } from '../../shared/adapters/system/json-log';
import type { MetricFormat } from '../../shared/adapters/system/metric-lines';
import { MetricSums } from '../../shared/adapters/system/metric-sums';
import { ManualClock } from '../support/manual-clock';

const AT_MS = Date.UTC(2026, 2, 8, 6, 0, 0, 7);
const AT = '2026-03-08T06:00:00.007Z';

function open(options: { level?: LogLevel; metrics?: MetricFormat; sums?: MetricSums }): {
  log: JsonLog;
  lines: () => unknown[];
} {
  const written: string[] = [];
  const write = (line: string): unknown => written.push(line);
  const log = new JsonLog(new ManualClock(AT_MS), { level: 'info', write, ...options });
  return { log, lines: () => written.splice(0).map((line): unknown => JSON.parse(line)) };
}

describe('log: JsonLog', () => {
  it('writes one JSON object a line, with the time, the level and the fields', () => {
    const { log, lines } = open({});
    const fields = { shopId: '天猫', orderNo: '1\n2', qty: 3, known: true, none: null, tags: ['a', 'b'] };
    log.info('order.stored', fields);
    expect(lines()).toEqual([{ at: AT, level: 'info', event: 'order.stored', ...fields }]);
  });

  it.each([
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('at level %s writes %j', (level, expected) => {
    const { log, lines } = open({ level });
    log.info('e');
    log.warn('e');
    log.error('e');
    expect(lines().map((line) => (line as { level: string }).level)).toEqual(expected);
  });

  it('puts the fields of a child on each of its lines, and on none of its parent', () => {
    const { log, lines } = open({});
    const child = log.child({ function: 'auto-audit', requestId: 'r1' }).child({ traceId: 't1' });
    child.warn('e', { qty: 1 });
    log.warn('e');
    expect(lines()).toEqual([
      { at: AT, level: 'warn', event: 'e', function: 'auto-audit', requestId: 'r1', traceId: 't1', qty: 1 },
      { at: AT, level: 'warn', event: 'e' },
    ]);
  });

  it('tells whoever sums of every metric, at any level, and writes none where nobody reads them', () => {
    const sums = new MetricSums();
    const { log, lines } = open({ level: 'error', sums });
    log.count('sync.calls', 2);
    log.child({ function: 'f' }).count('sync.calls');
    log.gauge('sync.delay', 900);
    log.gauge('sync.delay', 5);
    log.gauge('waiting.oldest', 60, { stage: 'audit' });
    log.gauge('waiting.oldest', 7, { stage: 'conversion' });
    log.flush();
    // 2 + 1; of gauges the last, by stage.
    expect([...sums.counts]).toEqual([['sync.calls', 3]]);
    expect([...sums.gauges]).toEqual([
      ['sync.delay', 5],
      ['waiting.oldest/audit', 60],
      ['waiting.oldest/conversion', 7],
    ]);
    expect(lines()).toEqual([]);
  });
});

describe('log: metrics', () => {
  it('writes nothing until it is flushed, then one sum per metric, at any level, and each once', () => {
    const sums = new MetricSums();
    const { log, lines } = open({ level: 'error', metrics: 'lines', sums });
    log.count('sync.calls');
    log.count('sync.calls', 5, { shopId: 's' });
    expect(lines()).toEqual([]);
    log.flush();
    log.flush();
    // 1 + 5; the shop is no dimension, so that it makes no series.
    expect(lines()).toEqual([
      { at: AT, level: 'info', event: 'metric', metric: 'sync.calls', value: 6, unit: 'Count' },
    ]);
    expect([...sums.counts]).toEqual([['sync.calls', 6]]);
  });

  it('tells metrics apart by their dimensions', () => {
    const { log, lines } = open({ metrics: 'lines' });
    const child = log.child({ function: 'auto-audit', requestId: 'r' });
    child.count('orders.audits', 2, { outcome: 'audited' });
    child.count('orders.audits', 1, { outcome: 'pending-audit' });
    log.flush();
    expect(lines()).toMatchObject([
      { metric: 'orders.audits', value: 2, function: 'auto-audit', outcome: 'audited' },
      { metric: 'orders.audits', value: 1, function: 'auto-audit', outcome: 'pending-audit' },
    ]);
  });

  it('writes the worst of several measured values as a plain line, with how many there were', () => {
    const { log, lines } = open({ metrics: 'lines' });
    for (const value of [40, 900, 7]) log.gauge('sync.delay', value);
    log.flush();
    expect(lines()).toMatchObject([{ metric: 'sync.delay', value: 900, samples: 3, unit: 'Milliseconds' }]);
  });

  it('writes embedded metrics that CloudWatch reads: what the dimensions and metrics name is in the line', () => {
    const { log, lines } = open({ metrics: 'emf' });
    const child = log.child({ function: 'yipan-prod-auto-audit', requestId: 'r' });
    child.count('sync.calls', 3);
    child.count('sync.pushed', 2);
    child.gauge('sync.delay', 40);
    child.gauge('sync.delay', 900);
    child.gauge('waiting.oldest', 0, { stage: 'audit' });
    log.flush();
    expect(lines()).toEqual([
      {
        _aws: {
          Timestamp: AT_MS,
          CloudWatchMetrics: [
            {
              Namespace: 'Yipan',
              Dimensions: [['function']],
              Metrics: [
                { Name: 'sync.calls', Unit: 'Count' },
                { Name: 'sync.pushed', Unit: 'Count' },
                { Name: 'sync.delay', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        function: 'yipan-prod-auto-audit',
        'sync.calls': 3,
        'sync.pushed': 2,
        'sync.delay': [40, 900],
      },
      {
        _aws: {
          Timestamp: AT_MS,
          CloudWatchMetrics: [
            {
              Namespace: 'Yipan',
              Dimensions: [['function'], ['function', 'stage']],
              Metrics: [{ Name: 'waiting.oldest', Unit: 'Seconds' }],
            },
          ],
        },
        function: 'yipan-prod-auto-audit',
        stage: 'audit',
        'waiting.oldest': 0,
      },
    ]);
  });

  it('spreads many measured values over lines of a hundred, and counts once', () => {
    const { log, lines } = open({ metrics: 'emf' });
    for (let i = 0; i < 201; i += 1) log.gauge('sync.delay', i);
    log.count('sync.calls');
    log.flush();
    const written = lines() as { 'sync.delay': number | number[]; 'sync.calls'?: number }[];
    expect(written.map((line) => [line['sync.delay']].flat().length)).toEqual([100, 100, 1]);
    expect(written.map((line) => line['sync.calls'])).toEqual([1, undefined, undefined]);
  });

  it("says whose it is even where the metric's own fields say otherwise", () => {
    const { log, lines } = open({ metrics: 'lines' });
    log.child({ function: 'yipan-prod-auto-audit' }).count('message.parked', 1, { function: 'auto-audit' });
    log.flush();
    expect(lines()).toMatchObject([{ metric: 'message.parked', function: 'yipan-prod-auto-audit' }]);
  });

  it('gives what the instance itself measured to the function whose run ends', () => {
    const { log, lines } = open({ metrics: 'lines' });
    const run = log.child({ function: 'yipan-prod-auto-audit' });
    run.count('bus.dropped', 4);
    log.count('bus.dropped', 3);
    run.flush();
    // 4 + 3, in one line: of two values of one metric in a line of CloudWatch's one would be lost.
    expect(lines()).toMatchObject([{ metric: 'bus.dropped', value: 7, function: 'yipan-prod-auto-audit' }]);
  });

  it('keeps a run that measures without end within limits, and the worst of what it measured', () => {
    const { log, lines } = open({ metrics: 'emf' });
    // A slope, so that half of what is kept must lie in each half, with its peak where thinning out would lose it.
    for (let i = 0; i < 100_000; i += 1) log.gauge('sync.delay', i === 77_777 ? 1_000_000 : i);
    log.flush();
    const kept = lines().flatMap((line) => (line as { 'sync.delay': number | number[] })['sync.delay']);
    expect(kept.length).toBeGreaterThan(500);
    expect(kept.length).toBeLessThanOrEqual(1001);
    expect(Math.max(...kept)).toBe(1_000_000);
    const below = kept.filter((value) => value < 50_000).length / kept.length;
    expect(below).toBeGreaterThan(0.48);
    expect(below).toBeLessThan(0.52);
  });
});
