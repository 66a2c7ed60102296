/** Values kept of one metric in one run: ten of CloudWatch's lines, and enough that a percentile of them means something. */
const KEPT_MAX = 1000;

/**
 * Measured values, evenly thinned out where there are too many: each kept one then stands for as many as every other. The
 * worst is kept whatever happens, since alarms ask for it.
 */
export class Samples {
  private readonly kept: number[] = [];
  private every = 1;
  private worst = Number.NEGATIVE_INFINITY;
  /** Values that were added. */
  count = 0;

  add(value: number): void {
    if (this.count % this.every === 0) this.kept.push(value);
    this.count += 1;
    this.worst = Math.max(this.worst, value);
    if (this.kept.length < KEPT_MAX) return;
    this.every *= 2;
    for (let i = 0; i < this.kept.length; i += 1) this.kept.splice(i + 1, 1);
  }

  /** The largest value; -Infinity where there is none. */
  get max(): number {
    return this.worst;
  }

  /** The values in the order in which they came; the worst at the end where thinning out has lost it. */
  values(): readonly number[] {
    return this.count === 0 || this.kept.includes(this.worst) ? this.kept : [...this.kept, this.worst];
  }
}
