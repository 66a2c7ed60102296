import type { CountName, GaugeName, Log, LogFields } from '../../shared/ports/log';

/** {@link Log} that keeps what it is told. */
export class ListLog implements Log {
  readonly lines: { level: string; event: string; fields: LogFields }[] = [];
  readonly counts = new Map<string, number>();
  readonly gauges: { metric: string; value: number; fields: LogFields }[] = [];

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields });
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, fields });
  }

  count(metric: CountName, by = 1): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + by);
  }

  gauge(metric: GaugeName, value: number, fields: LogFields = {}): void {
    this.gauges.push({ metric, value, fields });
  }
}
