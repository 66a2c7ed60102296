import { Skeleton, Table } from 'antd';
import { lazy, Suspense } from 'react';
import type { ChartProps } from './chart-props';
import { texts, useTexts } from './language';

/** The drawing library is fetched when the first chart is shown. */
const ChartCanvas = lazy(() => import('./chart-canvas'));

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
