import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { METRICS } from '../../../shared/ports/log';
import { awsAlarms, awsCharts, huaweiAlarms, huaweiCharts, runbookSections, sources, stages } from './watch-files';

// Alarms, dashboards, the runbook and the code speak of the same metrics: what nobody counts never rings, and an alarm that
// nobody explains is of no use at three in the morning.

/** Outcomes of a push, each counted as `sync.‹status›`; the compiler asks for every one. */
const PUSH_OUTCOMES: Readonly<Record<SyncRecord['status'], true>> = {
  ...{ 'in-flight': true, pushed: true, shown: true, failed: true, unknown: true },
};

const KNOWN = Object.keys(METRICS);

/** Metrics and events that the code writes, by the literal names in its calls. */
function written(calls: 'metrics' | 'events'): Set<string> {
  const call = calls === 'metrics' ? /\.(?:count|gauge)\(\s*([^;]*?),?\s*\)/g : /\.(?:info|warn|error)\(\s*([^;]*?),/g;
  const names = sources().flatMap((text) =>
    [...text.matchAll(call)].flatMap(([, args = '']) => [...args.matchAll(/'([a-z-]+\.[a-z-]+)'/g)]),
  );
  return new Set(names.map(([, name = '']) => name));
}

describe('metrics', () => {
  it('that are listed are all counted somewhere', () => {
    const counted = written('metrics');
    for (const status of Object.keys(PUSH_OUTCOMES)) counted.add(`sync.${status}`);
    expect(counted).toContain('waiting.oldest');
    expect(KNOWN.filter((name) => !counted.has(name))).toEqual([]);
  });

  it.each([
    ['alarms on AWS', awsAlarms],
    ['the dashboard on AWS', awsCharts],
    ['alarms on Huawei Cloud', async () => huaweiAlarms()],
    ['the dashboard on Huawei Cloud', async () => huaweiCharts()],
  ])('that %s ask for are all known', async (_, read) => {
    const asked = (await read()).flatMap(({ metrics }) => metrics);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !KNOWN.includes(name))).toEqual([]);
  });

  it('that the runbook names in its text, and events that it has one look for, are written by the code', () => {
    const text = [...runbookSections().values()].join('\n');
    const named = [...text.matchAll(/`(?:event = )?([a-z-]+\.[a-z-]+)`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    const known = new Set([...KNOWN, ...written('events')]);
    expect(named.filter((name) => !known.has(name) && !name.endsWith('.yml'))).toEqual([]);
  });

  it('of orders by outcome, age of what waits, sync delay, pushes, flow control and conflicts are on both dashboards', async () => {
    for (const charts of [await awsCharts(), huaweiCharts()]) {
      const shown = new Set(charts.flatMap(({ metrics }) => metrics));
      for (const metric of [
        ...['orders.stored', 'orders.conversions', 'orders.audits', 'waiting.oldest', 'sync.delay', 'sync.pushed'],
        ...['sync.failed', 'sync.flow-control', 'store.conflicts'],
      ])
        expect(shown).toContain(metric);
    }
  });
});

describe('the runbook', () => {
  it('explains every alarm of both clouds, and none that there is not', async () => {
    const alarms = [...(await awsAlarms()), ...huaweiAlarms()].map(({ name }) => name);
    expect([...runbookSections().keys()].sort()).toEqual([...new Set(alarms)].sort());
  });

  it('says of each what it means, where to look, what to do, and when it is harmless', () => {
    for (const [name, text] of runbookSections()) {
      const begun = [...text.matchAll(/^- (\w+): \S/gm)].map(([, word]) => word);
      expect([name, begun]).toEqual([name, ['Means', 'Look', 'Do', 'Harmless']]);
    }
  });
});

describe('alarms', () => {
  it('watch the oldest waiting document of every stage, at the function that sweeps it', () => {
    const functions = join(__dirname, '../../../functions');
    const swept = readdirSync(functions).flatMap((name) =>
      readdirSync(join(functions, name))
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => {
          const text = readFileSync(join(functions, name, file), 'utf8');
          return [...text.matchAll(/sweepOpen\(\s*[\w.]+,\s*'([a-z-]+)'/g)].map(([, kind = '']) => [kind, name]);
        }),
    );
    expect(stages).toEqual(Object.fromEntries(swept));
  });

  it('of both clouds have the same names, but for what only one of them has', async () => {
    const aws = new Set((await awsAlarms()).map(({ name }) => name));
    const huawei = new Set(huaweiAlarms().map(({ name }) => name));
    // SQS's dead letters and ages are Kafka's parked messages and lag; throttled calls are rejected ones; the store and the
    // gateway of Huawei Cloud are watched with the instances that the brand has.
    expect([...aws].filter((name) => !huawei.has(name)).sort()).toEqual(
      ['api-errors', 'dead-letters', 'function-throttles', 'queue-age', 'table-throttles'].sort(),
    );
    expect([...huawei].filter((name) => !aws.has(name)).sort()).toEqual(
      ['function-rejected', 'kafka-lag', 'message-parked'].sort(),
    );
  });
});
