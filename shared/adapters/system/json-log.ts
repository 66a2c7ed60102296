import type { Clock } from '../../ports/clock';
import type { Log, LogFields } from '../../ports/log';

const LEVELS = { info: 0, warn: 1, error: 2 } as const;
export type LogLevel = keyof typeof LEVELS;

/** {@link Log} that writes one JSON object a line; a `count` is a line with a metric, which the log service sums. */
export class JsonLog implements Log {
  constructor(
    private readonly clock: Clock,
    private readonly options: {
      level: LogLevel;
      write: (line: string) => void;
      onCount?: (metric: string, by: number) => void;
    },
  ) {}

  info(event: string, fields: LogFields = {}): void {
    this.line('info', event, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.line('warn', event, fields);
  }

  error(event: string, fields: LogFields = {}): void {
    this.line('error', event, fields);
  }

  count(metric: string, by = 1, fields: LogFields = {}): void {
    if (this.options.onCount) this.options.onCount(metric, by);
    else this.line('info', 'metric', { metric, by, ...fields });
  }

  private line(level: LogLevel, event: string, fields: LogFields): void {
    if (LEVELS[level] < LEVELS[this.options.level]) return;
    this.options.write(JSON.stringify({ at: new Date(this.clock.nowMs()).toISOString(), level, event, ...fields }));
  }
}
