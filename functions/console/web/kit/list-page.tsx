import { DownloadOutlined, LeftOutlined, ReloadOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Empty, Select, Space, Table, Tooltip } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import type { Key, ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { queryText } from './api';
import type { CsvColumn } from './csv';
import { ErrorView } from './error-view';
import type { Filter } from './filter-bar';
import { FilterBar } from './filter-bar';
import { timeText } from './format';
import { texts, useTexts } from './language';
import { useApi } from './queries';
import { useExport } from './use-export';
import { useUrlState } from './url-state';

/** A page of a list as the API gives it. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
  /** A filter that reads on behind many rows has looked so far back, and no further. */
  readonly searchedToMs?: number | null;
}

/** A column on the screen and, unless `csv` is false, in the exported file. */
export type ListColumn<Row> = ColumnsType<Row>[number] & {
  readonly csv?: Omit<CsvColumn<Row>, 'title'> | false;
  readonly title: string;
};

interface ListPageProps<Row> {
  /** Address of the list in the API. */
  readonly path: string;
  readonly title: string;
  readonly rowKey: (row: Row) => string;
  readonly columns: readonly ListColumn<Row>[];
  readonly filters?: readonly Filter[];
  /** Members of the query that are not for the person to choose. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Whether `order=newest|oldest` is understood. */
  readonly sortable?: boolean;
  /** Buttons right of the filters: what one can do here. */
  readonly actions?: ReactNode;
  /** A note between the title and the table. */
  readonly note?: ReactNode;
  /** Said where there is nothing: what to do first. */
  readonly empty: ReactNode;
  readonly selection?: {
    readonly keys: readonly Key[];
    readonly onChange: (keys: Key[], rows: Row[]) => void;
    /** Accessible name of a row's tick. */
    readonly label?: (row: Row) => string;
    /** Rows that can be ticked; all if not given. */
    readonly selectable?: (row: Row) => boolean;
  };
  /** Asked again so often while it is looked at; 15 s if not given. */
  readonly liveMs?: number | false;
  readonly expand?: (row: Row) => ReactNode;
}

const TEXTS = texts(
  {
    next: '下一页',
    previous: '上一页',
    first: '回到第一页',
    perPage: (n: number) => `${n} 条/页`,
    size: '每页条数',
    export: '导出 CSV',
    refresh: '刷新',
    newest: '最新在前',
    oldest: '最早在前',
    order: '排序',
    noMatch: '没有符合筛选条件的数据',
    clear: '清除筛选',
    searchedTo: (at: string) => `已查找到 ${at}，更早的数据点“下一页”继续查找`,
    shown: (n: number) => `本页 ${n} 条`,
  },
  {
    next: 'Next page',
    previous: 'Previous page',
    first: 'First page',
    perPage: (n: number) => `${n} a page`,
    size: 'Rows on a page',
    export: 'Export CSV',
    refresh: 'Refresh',
    newest: 'Newest first',
    oldest: 'Oldest first',
    order: 'Order',
    noMatch: 'Nothing matches the filter',
    clear: 'Clear the filter',
    searchedTo: (at: string) => `Searched back to ${at}; “Next page” goes on with what is older`,
    shown: (n: number) => `${n} on this page`,
  },
);

const SIZES = [20, 50, 100, 200];

/**
 * A list: filters, order and position stand in the address; pages follow a cursor, so that rows which arrive meanwhile shift
 * nothing; the export takes everything that the filter leaves.
 */
export function ListPage<Row extends object>(props: ListPageProps<Row>) {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const location = useLocation();
  const navigate = useNavigate();
  const names = (props.filters ?? []).flatMap((filter) => filter.names);
  const chosen = Object.fromEntries(names.map((name) => [name, state[name]]));
  const query = { ...chosen, ...props.fixed, ...(props.sortable && { order: state['order'] }) };
  const limit = SIZES.includes(Number(state['limit'])) ? Number(state['limit']) : 50;
  const { data, error, isFetching, isPending, isPlaceholderData, refetch } = useApi<Page<Row>>(
    props.path,
    { ...query, limit, after: state['after'] },
    { liveMs: state['after'] === undefined ? (props.liveMs ?? 15_000) : false, keep: true },
  );
  const filtered = names.some((name) => state[name] !== undefined);
  const exported = useExport<Row>(props.path, csvColumns(props.columns), props.title);
  const cameFrom = (location.state as { pages?: number } | null)?.pages ?? 0;
  const next = data?.next ?? null;

  return (
    <section aria-label={props.title}>
      <div className="page-head">
        <h1>{props.title}</h1>
        <Space wrap>{props.actions}</Space>
      </div>
      {props.note}
      <div className="list-tools">
        <FilterBar filters={props.filters ?? []} />
        <Space wrap>
          {props.sortable && (
            <Select
              aria-label={t.order}
              value={state['order'] ?? 'newest'}
              options={[
                { value: 'newest', label: t.newest },
                { value: 'oldest', label: t.oldest },
              ]}
              onChange={(order) => set({ order: order === 'newest' ? null : order, after: null })}
            />
          )}
          <Tooltip title={t.refresh}>
            <Button aria-label={t.refresh} icon={<ReloadOutlined spin={isFetching} />} onClick={() => void refetch()} />
          </Tooltip>
          <Button icon={<DownloadOutlined />} loading={exported.busy} onClick={() => void exported.start(query)}>
            {t.export}
          </Button>
        </Space>
      </div>
      {error !== null && <ErrorView error={error} retry={() => void refetch()} />}
      <Table<Row>
        size="small"
        rowKey={props.rowKey}
        columns={[...props.columns]}
        dataSource={[...(data?.rows ?? [])]}
        // Rows of the former filter stand there until those of this one come: the veil says that they are not the answer.
        loading={isPending || isPlaceholderData}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{
          emptyText: (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={filtered ? t.noMatch : props.empty}>
              {filtered && (
                <Button onClick={() => set(Object.fromEntries([...names, 'after'].map((name) => [name, null])))}>
                  {t.clear}
                </Button>
              )}
            </Empty>
          ),
        }}
        {...(props.selection && {
          rowSelection: {
            selectedRowKeys: [...props.selection.keys],
            onChange: (keys: Key[], rows: Row[]) => props.selection?.onChange(keys, rows),
            getCheckboxProps: (row: Row) => ({
              ...(props.selection?.label && { 'aria-label': props.selection.label(row) }),
              disabled: props.selection?.selectable?.(row) === false,
            }),
          },
        })}
        {...(props.expand && { expandable: { expandedRowRender: props.expand } })}
      />
      <div className="list-foot">
        <span className="quiet">
          {t.shown(data?.rows.length ?? 0)}
          {data?.searchedToMs !== null && data?.searchedToMs !== undefined && next !== null && (
            <> · {t.searchedTo(timeText(data.searchedToMs))}</>
          )}
        </span>
        <Space>
          <Select
            aria-label={t.size}
            value={limit}
            options={SIZES.map((size) => ({ value: size, label: t.perPage(size) }))}
            onChange={(size) => set({ limit: size === 50 ? null : String(size), after: null })}
          />
          {state['after'] !== undefined && <Button onClick={() => set({ after: null })}>{t.first}</Button>}
          <Button icon={<LeftOutlined />} disabled={cameFrom === 0} onClick={() => void navigate(-1)}>
            {t.previous}
          </Button>
          <Button
            icon={<RightOutlined />}
            iconPlacement="end"
            disabled={next === null}
            onClick={() =>
              void navigate(location.pathname + queryText({ ...state, after: next }), {
                state: { pages: cameFrom + 1 },
              })
            }
          >
            {t.next}
          </Button>
        </Space>
      </div>
    </section>
  );
}

/** Columns of the exported file. */
export function csvColumns<Row>(columns: readonly ListColumn<Row>[]): CsvColumn<Row>[] {
  return columns.flatMap(({ title, csv, ...column }) => {
    if (csv === false) return [];
    if (csv) return [{ title, ...csv }];
    const member = 'dataIndex' in column ? column.dataIndex : undefined;
    return typeof member === 'string'
      ? [{ title, value: (row: Row) => cell((row as Record<string, unknown>)[member]) }]
      : [];
  });
}

function cell(value: unknown): string | number {
  return typeof value === 'string' || typeof value === 'number'
    ? value
    : value === null || value === undefined
      ? ''
      : JSON.stringify(value);
}
