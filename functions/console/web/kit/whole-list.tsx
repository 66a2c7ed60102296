import { DownloadOutlined, ReloadOutlined } from '@ant-design/icons';
import { Button, Empty, Space, Table, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { csvText, saveFile } from './csv';
import { ErrorView } from './error-view';
import type { Filter } from './filter-bar';
import { FilterBar } from './filter-bar';
import { texts, useTexts } from './language';
import type { ListColumn } from './list-page';
import { csvColumns } from './list-page';
import { useApi } from './queries';
import { useUrlState } from './url-state';

/** A filter over rows that are all here: `matches` says whether a row stays when its field holds `value`. */
export type WholeFilter<Row> = Exclude<Filter, { kind: 'time' }> & {
  readonly matches: (row: Row, value: string) => boolean;
};

/** A column; with `by` the list can be ordered by it. */
export type WholeColumn<Row> = ListColumn<Row> & { readonly by?: (row: Row) => string | number };

interface WholeListProps<Row, Answer extends { readonly rows: readonly Row[] }> {
  /** Address in the API; it answers every row at once. */
  readonly path: string;
  readonly title: string;
  /** Under another heading, as one of several parts of a page. */
  readonly part?: boolean;
  readonly rowKey: (row: Row) => string;
  readonly columns: readonly WholeColumn<Row>[];
  readonly filters?: readonly WholeFilter<Row>[];
  readonly actions?: ReactNode;
  readonly note?: (answer: Answer) => ReactNode;
  readonly empty: ReactNode;
}

const TEXTS = texts(
  {
    export: '导出 CSV',
    refresh: '刷新',
    noMatch: '没有符合筛选条件的数据',
    clear: '清除筛选',
    count: (shown: number, all: number) => (shown === all ? `共 ${all} 条` : `${shown} 条，共 ${all} 条`),
  },
  {
    export: 'Export CSV',
    refresh: 'Refresh',
    noMatch: 'Nothing matches the filter',
    clear: 'Clear the filter',
    count: (shown: number, all: number) => (shown === all ? `${all} in all` : `${shown} of ${all}`),
  },
);

/** Rows on one page of the table. */
const PAGE = 50;

/**
 * A list that is short enough to be answered whole, such as shops or strategies: filters and order stand in the address and
 * are applied here; the export takes what the filter leaves.
 */
export function WholeList<Row extends object, Answer extends { readonly rows: readonly Row[] } = { rows: Row[] }>(
  props: WholeListProps<Row, Answer>,
) {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const { data, error, isFetching, isPending, refetch } = useApi<Answer>(props.path, {}, { liveMs: 15_000 });
  const filters = props.filters ?? [];
  const all = data?.rows ?? [];
  const rows = all.filter((row) =>
    filters.every(({ names: [name], matches }) => {
      const value = state[name];
      return value === undefined || matches(row, value);
    }),
  );
  const order = orderOf(state['sort'], props.columns);
  const shown = order ? [...rows].sort(order.compare) : rows;
  const columns = props.columns.map(({ by, ...column }) => ({
    ...column,
    ...(by && {
      key: nameOf(column),
      sorter: true,
      sortOrder: order?.name === nameOf(column) ? order.direction : null,
    }),
  }));
  const Heading = props.part ? 'h2' : 'h1';
  return (
    <section aria-label={props.title}>
      <div className="page-head">
        <Heading>{props.title}</Heading>
        <Space>{props.actions}</Space>
      </div>
      {data && props.note?.(data)}
      <div className="list-tools">
        <FilterBar filters={filters} />
        <Space>
          <Tooltip title={t.refresh}>
            <Button aria-label={t.refresh} icon={<ReloadOutlined spin={isFetching} />} onClick={() => void refetch()} />
          </Tooltip>
          <Button
            icon={<DownloadOutlined />}
            disabled={shown.length === 0}
            onClick={() => saveFile(`${props.title}.csv`, csvText(csvColumns(props.columns), shown))}
          >
            {t.export}
          </Button>
        </Space>
      </div>
      {error !== null && <ErrorView error={error} retry={() => void refetch()} />}
      <Table<Row>
        size="small"
        rowKey={props.rowKey}
        columns={columns}
        dataSource={shown}
        loading={isPending}
        pagination={shown.length > PAGE ? { pageSize: PAGE, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        onChange={(_pages, _filters, sorter) => {
          if (Array.isArray(sorter)) return;
          const name = String(sorter.columnKey ?? '');
          set({ sort: sorter.order ? `${sorter.order === 'descend' ? '-' : ''}${name}` : null });
        }}
        locale={{
          emptyText: (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={all.length > 0 ? t.noMatch : error ? null : props.empty}
            >
              {all.length > 0 && (
                <Button onClick={() => set(Object.fromEntries(filters.map(({ names: [name] }) => [name, null])))}>
                  {t.clear}
                </Button>
              )}
            </Empty>
          ),
        }}
      />
      <div className="list-foot">
        <span className="quiet">{t.count(rows.length, all.length)}</span>
      </div>
    </section>
  );
}

/** What a column is called in the address: its key, the same in both languages. */
const nameOf = (column: { readonly key?: unknown; readonly title: string }): string =>
  typeof column.key === 'string' ? column.key : column.title;

/** `name` or `-name` of the address as the order of the rows. */
function orderOf<Row>(sort: string | undefined, columns: readonly WholeColumn<Row>[]) {
  if (sort === undefined) return undefined;
  const down = sort.startsWith('-');
  const name = sort.slice(down ? 1 : 0);
  const by = columns.find((column) => nameOf(column) === name)?.by;
  if (!by) return undefined;
  const direction = down ? ('descend' as const) : ('ascend' as const);
  const sign = down ? -1 : 1;
  const compare = (a: Row, b: Row): number => {
    const [x, y] = [by(a), by(b)];
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'zh-CN');
  };
  return { name, direction, compare };
}

/** True where the text is found in one of these, whatever its case. */
export function found(text: string, ...inside: readonly string[]): boolean {
  return inside.some((one) => one.toLowerCase().includes(text.toLowerCase()));
}
