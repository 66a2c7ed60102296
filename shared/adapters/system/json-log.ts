import type { Clock } from '../../ports/clock';
import type { CountName, GaugeName, Log, LogFields } from '../../ports/log';
import type { MetricFormat } from './metric-lines';
import { MetricLines } from './metric-lines';

const LEVELS = { info: 0, warn: 1, error: 2 } as const;
export type LogLevel = keyof typeof LEVELS;

interface JsonLogOptions {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  /** Takes counts instead of their being collected: one process shows its sums itself. Gauges are then left out. */
  readonly onCount?: (metric: string, by: number) => void;
  /** How metrics are written; plain lines where it is not said. */
  readonly metrics?: MetricFormat;
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
    if (this.options.onCount) this.options.onCount(metric, by);
    else this.metrics.count(metric, by, { ...this.fields, ...fields });
  }

  gauge(metric: GaugeName, value: number, fields: LogFields = {}): void {
    if (!this.options.onCount) this.metrics.gauge(metric, value, { ...this.fields, ...fields });
  }

  /** Writes the metrics collected since the last time: at the end of a run, before the cloud freezes the process. */
  flush(): void {
    for (const line of this.metrics.take(this.options.metrics ?? 'lines', this.clock.nowMs())) {
      this.options.write(JSON.stringify(line));
    }
  }

  private line(level: LogLevel, event: string, fields: LogFields): void {
    if (LEVELS[level] < LEVELS[this.options.level]) return;
    const at = new Date(this.clock.nowMs()).toISOString();
    this.options.write(JSON.stringify({ at, level, event, ...this.fields, ...fields }));
  }
}
