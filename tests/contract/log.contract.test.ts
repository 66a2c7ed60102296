import type { LogLevel } from '../../shared/adapters/system/json-log';
import { JsonLog } from '../../shared/adapters/system/json-log';
import { ManualClock } from '../support/manual-clock';

const clock = new ManualClock(Date.UTC(2026, 2, 8, 6, 0, 0, 7));

function open(
  level: LogLevel,
  onCount?: (metric: string, by: number) => void,
): { log: JsonLog; lines: () => unknown[] } {
  const written: string[] = [];
  const log = new JsonLog(clock, { level, write: (line) => written.push(line), ...(onCount && { onCount }) });
  return { log, lines: () => written.map((line): unknown => JSON.parse(line)) };
}

describe('log: JsonLog', () => {
  it('writes one JSON object a line, with the time, the level and the fields', () => {
    const { log, lines } = open('info');
    const fields = { shopId: '天猫', orderNo: '1\n2', qty: 3, known: true, none: null, tags: ['a', 'b'] };
    log.info('order.stored', fields);
    expect(lines()).toEqual([{ at: '2026-03-08T06:00:00.007Z', level: 'info', event: 'order.stored', ...fields }]);
  });

  it.each([
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('at level %s writes %j', (level, expected) => {
    const { log, lines } = open(level);
    log.info('e');
    log.warn('e');
    log.error('e');
    expect(lines().map((line) => (line as { level: string }).level)).toEqual(expected);
  });

  it('writes a count as a line with a metric, once by default', () => {
    const { log, lines } = open('info');
    log.count('sync.calls');
    log.count('sync.calls', 5, { shopId: 's' });
    expect(lines()).toMatchObject([
      { event: 'metric', metric: 'sync.calls', by: 1 },
      { event: 'metric', metric: 'sync.calls', by: 5, shopId: 's' },
    ]);
  });

  it('hands counts to whoever sums them instead of writing them, at any level', () => {
    const counted: [string, number][] = [];
    const { log, lines } = open('error', (metric, by) => counted.push([metric, by]));
    log.count('sync.calls', 2);
    expect(counted).toEqual([['sync.calls', 2]]);
    expect(lines()).toEqual([]);
  });
});
