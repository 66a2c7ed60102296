import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonLog } from '../../shared/adapters/system/json-log';
import { systemClock } from '../../shared/adapters/system/system';
import { callContextOf } from '../../shared/platform/call-context';
import type { CountName, GaugeName, MetricName } from '../../shared/ports/log';
import { METRICS } from '../../shared/ports/log';
import { PROJECT } from '../support/build-bundles';
import type { Stack, Value } from './aws-stack';
import { targetOf, textOf } from './aws-stack';

/** A metric that an alarm of a template asks for. */
export interface AskedMetric {
  readonly alarm: string;
  readonly namespace: string;
  readonly metric: string;
  /** Values as AWS will see them: functions by the name under which they are deployed. */
  readonly dimensions: Readonly<Record<string, string>>;
}

interface MetricOfTemplate {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: Value }[];
}

/** All metrics that the alarms of a stack ask for, those inside expressions, too. */
export function askedMetrics(stack: Stack): AskedMetric[] {
  return stack.ofType('AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) => {
    const parts = (Properties['Metrics'] ?? []) as readonly { readonly MetricStat?: { readonly Metric: Value } }[];
    const inside = parts.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
    const metrics = (inside.length > 0 ? inside : [Properties]) as unknown as MetricOfTemplate[];
    return metrics.map(({ Namespace, MetricName, Dimensions }) => ({
      alarm: textOf(Properties['AlarmName']),
      namespace: Namespace,
      metric: MetricName,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value: value }) => [Name, valueOf(stack, value)])),
    }));
  });
}

function valueOf(stack: Stack, value: Value): string {
  if (typeof value === 'string') return value;
  const text = typeof value === 'object' && 'Fn::Sub' in value ? value['Fn::Sub'] : undefined;
  if (text !== undefined) return textOf(text);
  const id = targetOf(value);
  const name = stack.resources.get(id)?.Properties['FunctionName'];
  return name === undefined ? id : textOf(name);
}

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** Whether a function's bundle holds a file that counts the metric; outcomes of a push are counted by their status. */
export function isCountedIn(functionName: string, metric: string): boolean {
  const { outputs } = JSON.parse(readFileSync(join(PROJECT, 'dist/metafile.json'), 'utf8')) as Metafile;
  const inputs = outputs[`dist/functions/${functionName}/handler.js`]?.inputs ?? {};
  const files = Object.keys(inputs).filter(
    (path) => /^(functions|shared)\//.test(path) && path !== 'shared/ports/log.ts',
  );
  return files.some((path) => {
    const text = readFileSync(join(PROJECT, path), 'utf8');
    const literal = new RegExp(`\\.(count|gauge)\\(\\s*'${metric.replaceAll('.', '\\.')}'`).test(text);
    const either = /\.count\(\s*\w+ \? '([\w.-]+)' : '([\w.-]+)'/.exec(text)?.slice(1) ?? [];
    return (
      literal || either.includes(metric) || (metric.startsWith('sync.') && text.includes('.count(`sync.${outcome'))
    );
  });
}

/** The dimensions by which CloudWatch keeps a metric, among those that the log writes for it, if these are among them. */
export function writtenDimensions(metric: string, dimensions: Readonly<Record<string, string>>): object | undefined {
  const written: string[] = [];
  const write = (line: string): unknown => written.push(line);
  const log = new JsonLog(systemClock, { level: 'error', write, metrics: 'emf' });
  const run = log.child({ function: callContextOf({ functionName: dimensions['function'] }, 'any').functionName });
  const fields = { stage: 'any', ...dimensions };
  if (METRICS[metric as MetricName] === 'Count') run.count(metric as CountName, 1, fields);
  else run.gauge(metric as GaugeName, 1, fields);
  run.flush();
  const line = JSON.parse(written[0] ?? '{}') as Record<string, unknown> & {
    _aws: { CloudWatchMetrics: { Dimensions: string[][] }[] };
  };
  const sets = line._aws.CloudWatchMetrics[0]?.Dimensions ?? [];
  const names = Object.keys(dimensions);
  const set = sets.find((one) => one.length === names.length && one.every((name) => names.includes(name)));
  return set && Object.fromEntries(set.map((name) => [name, line[name]]));
}
