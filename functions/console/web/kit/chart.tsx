import { Skeleton, Table } from 'antd';
import { lazy, Suspense } from 'react';
import { texts, useTexts } from './language';

/** The drawing library is fetched when the first chart is shown. */
const ChartCanvas = lazy(() => import('./chart-canvas'));

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

const TEXTS = texts({ table: '查看数据' }, { table: 'Show the numbers' });

/**
 * A chart of fixed height, so that nothing jumps when its numbers come, with the same numbers as a table. Numbers that change
 * change in place.
 */
export function Chart(props: ChartProps) {
  const t = useTexts(TEXTS);
  const { labels, series, format, labelName, height = 220 } = props;
  return (
    <figure className="chart" aria-label={props.name}>
      <div className="chart-canvas" style={{ height }}>
        <Suspense fallback={<Skeleton.Node active className="chart-wait" />}>
          <ChartCanvas {...props} />
        </Suspense>
      </div>
      <details>
        <summary>{t.table}</summary>
        {/* Scrolled by the keyboard, too. */}
        <div className="chart-numbers" tabIndex={0} role="group" aria-label={props.name}>
          <Table
            size="small"
            rowKey="label"
            pagination={false}
            dataSource={labels.map((label, i) => ({ label, i }))}
            columns={[
              { title: labelName, dataIndex: 'label' },
              ...series.map(({ name, values }) => ({
                title: name,
                className: 'number',
                render: (_: unknown, { i }: { i: number }) => {
                  const value = values[i];
                  return typeof value === 'number' ? format(value) : '–';
                },
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}
