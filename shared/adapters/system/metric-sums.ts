import type { LogFields } from '../../ports/log';

/**
 * Metrics as one process shows them itself: the sum of each count since the start, and the last value of each gauge, by
 * stage (`waiting.oldest/audit`) where it has one. Grows with the number of metrics, not with what happens.
 */
export class MetricSums {
  readonly counts = new Map<string, number>();
  readonly gauges = new Map<string, number>();

  count(metric: string, by: number): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + by);
  }

  gauge(metric: string, value: number, { stage }: LogFields): void {
    this.gauges.set(typeof stage === 'string' ? `${metric}/${stage}` : metric, value);
  }
}
