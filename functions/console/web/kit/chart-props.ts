/** A row of numbers, one for each label; null for none. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Place in the palette; its own place among the series if not given. */
  readonly colour?: number;
  /** A line that stands for a limit or a middle rather than for single values. */
  readonly dashed?: boolean;
}

export interface ChartProps {
  /** What it shows, for those who cannot see it and above its table. */
  readonly name: string;
  readonly kind: 'bars' | 'lines';
  /** What the labels are, heading of the table's first column. */
  readonly labelName: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** A number as people read it, with its unit. */
  readonly format: (value: number) => string;
  /** Bars of one label stand on each other. */
  readonly stacked?: boolean;
  /** Labels at the left, bars to the right. */
  readonly sideways?: boolean;
  readonly height?: number;
}
