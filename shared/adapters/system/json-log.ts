import type { Clock } from '../../ports/clock';
import type { CountName, GaugeName, Log, LogFields } from '../../ports/log';
import type { MetricFormat } from './metric-lines';
import { MetricLines } from './metric-lines';
import type { MetricSums } from './metric-sums';

const LEVELS = { info: 0, warn: 1, error: 2 } as const;
export type LogLevel = keyof typeof LEVELS;

interface JsonLogOptions {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  /** How metrics are written when the log is flushed; they are not where it is not said. */
  readonly metrics?: MetricFormat;
  /** Is told of every metric as it comes, written or not. */
  readonly sums?: MetricSums;
}

/**
 * {@link Log} that writes one JSON object a line. Metrics are collected over all children of a log and written by `flush`,
 * at any level: who silences the lines still wants the alarms.
 */
export class JsonLog implements Log {
  constructor(
    private readonly clock: Clock,
    private readonly options: JsonLogOptions,
    private readonly fields: LogFields = {},
    private readonly metrics: MetricLines = new MetricLines(),
  ) {}

  /** A log whose lines and metrics carry these fields, too: who is called, and for which request. */
  child(fields: LogFields): JsonLog {
    return new JsonLog(this.clock, this.options, { ...this.fields, ...fields }, this.metrics);
  }

  info(event: string, fields: LogFields = {}): void {
    this.line('info', event, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.line('warn', event, fields);
  }

  error(event: string, fields: LogFields = {}): void {
    this.line('error', event, fields);
  }

  count(metric: CountName, by = 1, fields: LogFields = {}): void {
    this.options.sums?.count(metric, by);
    if (this.options.metrics) this.metrics.count(metric, by, { ...fields, ...this.fields });
  }

  gauge(metric: GaugeName, value: number, fields: LogFields = {}): void {
    this.options.sums?.gauge(metric, value, fields);
    if (this.options.metrics) this.metrics.gauge(metric, value, { ...fields, ...this.fields });
  }

  /**
   * Writes the metrics collected since the last time: at the end of a run, before the cloud freezes the process. What was
   * measured outside of runs, by a connection of the instance, goes with this run's function: in a cloud an instance has one.
   */
  flush(): void {
    const { metrics, write } = this.options;
    if (!metrics) return;
    for (const line of this.metrics.take(metrics, this.clock.nowMs(), this.fields)) write(JSON.stringify(line));
  }

  private line(level: LogLevel, event: string, fields: LogFields): void {
    if (LEVELS[level] < LEVELS[this.options.level]) return;
    const at = new Date(this.clock.nowMs()).toISOString();
    this.options.write(JSON.stringify({ at, level, event, ...this.fields, ...fields }));
  }
}
