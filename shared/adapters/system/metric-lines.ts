import type { LogFields } from '../../ports/log';
import { DIMENSIONS, METRICS } from '../../ports/log';
import { Samples } from './samples';

/** How metrics leave the process: CloudWatch's embedded metric format, or plain lines that LTS and AOM sum up. */
export type MetricFormat = 'emf' | 'lines';

/** Values of one metric that CloudWatch takes in one line. */
const VALUES_MAX = 100;

const NAMESPACE = 'Yipan';

interface Series {
  readonly metric: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  sum: number;
  readonly samples: Samples;
}

/**
 * Collects metrics until they are flushed: a sum per series is one line where a line per count would be the largest item
 * of the log bill. A series is a metric with its dimensions; all other fields are dropped.
 */
export class MetricLines {
  private readonly series = new Map<string, Series>();

  count(metric: string, by: number, fields: LogFields): void {
    this.seriesOf(metric, 'Count', fields).sum += by;
  }

  gauge(metric: keyof typeof METRICS, value: number, fields: LogFields): void {
    this.seriesOf(metric, METRICS[metric], fields).samples.add(value);
  }

  /** What was collected, as objects to write; afterwards nothing is. What has no `function` gets the one of `fields`. */
  take(format: MetricFormat, nowMs: number, fields: LogFields): object[] {
    const { function: functionName } = dimensionsOf(fields);
    if (functionName !== undefined) this.adopt(functionName);
    const taken = [...this.series.values()];
    this.series.clear();
    return format === 'emf' ? emfLines(taken, nowMs) : taken.map((series) => plainLine(series, nowMs));
  }

  private adopt(functionName: string): void {
    for (const [id, { metric, unit, dimensions, sum, samples }] of [...this.series]) {
      if (dimensions['function'] !== undefined) continue;
      this.series.delete(id);
      const own = this.seriesOf(metric, unit, { ...dimensions, function: functionName });
      own.sum += sum;
      for (const value of samples.values()) own.samples.add(value);
    }
  }

  private seriesOf(metric: string, unit: string, fields: LogFields): Series {
    const dimensions = dimensionsOf(fields);
    const id = JSON.stringify([metric, dimensions]);
    const known = this.series.get(id) ?? { metric, unit, dimensions, sum: 0, samples: new Samples() };
    this.series.set(id, known);
    return known;
  }
}

function dimensionsOf(fields: LogFields): Record<string, string> {
  return Object.fromEntries(
    DIMENSIONS.flatMap((name) => {
      const value = fields[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

/**
 * One line for all series of the same dimensions. Each is kept for its function as a whole, too, so that an alarm need
 * not know every outcome.
 */
function emfLines(taken: readonly Series[], nowMs: number): object[] {
  const groups = new Map<string, Series[]>();
  for (const series of taken) {
    const id = JSON.stringify(series.dimensions);
    groups.set(id, [...(groups.get(id) ?? []), series]);
  }
  return [...groups.values()].flatMap((group) => {
    const longest = Math.max(...group.map(({ samples }) => samples.values().length), 1);
    const parts = Array.from({ length: Math.ceil(longest / VALUES_MAX) }, (_, part) => part);
    return parts.map((part) => emfLine(group, part, nowMs));
  });
}

function emfLine(group: readonly Series[], part: number, nowMs: number): object {
  const dimensions = group[0]?.dimensions ?? {};
  const names = Object.keys(dimensions);
  const whole = names.includes('function') && names.length > 1 ? [['function']] : [];
  const shown = group.flatMap((series) => {
    const values = series.samples.values().slice(part * VALUES_MAX, (part + 1) * VALUES_MAX);
    if (series.samples.count === 0 && part === 0) return [{ series, value: series.sum }];
    return values.length === 0 ? [] : [{ series, value: values.length === 1 ? values[0] : values }];
  });
  const metrics = shown.map(({ series }) => ({ Name: series.metric, Unit: series.unit }));
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [...whole, names], Metrics: metrics }],
    },
    ...dimensions,
    ...Object.fromEntries(shown.map(({ series, value }) => [series.metric, value])),
  };
}

/** A gauge's line holds the largest value and how many there were: alarms ask for the worst. */
function plainLine({ metric, unit, dimensions, sum, samples }: Series, nowMs: number): object {
  return {
    at: new Date(nowMs).toISOString(),
    level: 'info',
    event: 'metric',
    metric,
    value: samples.count === 0 ? sum : samples.max,
    unit,
    ...(samples.count > 0 && { samples: samples.count }),
    ...dimensions,
  };
}
