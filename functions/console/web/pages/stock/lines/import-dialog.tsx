import { Alert, Checkbox, Modal, Skeleton, Table } from 'antd';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { isKeyPart } from '../../../../../../shared/domain/kernel/ids';
import { ErrorView } from '../../../kit/error-view';
import { texts, useTexts } from '../../../kit/language';
import { StatusTag } from '../../../kit/status-tag';
import type { Line, QtyRule } from './line';
import { LINES_MAX } from './line';
import { useProblemText } from './problem-words';
import type { CheckedRow, FoundRow } from './read-rows';
import { checkRows } from './read-rows';
import { checkStock } from './use-stock-of';

/** Rows of one file that are looked at; a document takes far fewer. */
const ROWS_MAX = 2_000;

const TEXTS = texts(
  {
    title: (source: string) => `导入明细：${source}`,
    pasted: '粘贴的内容',
    row: '行号',
    sku: '商品编码',
    name: '商品名称',
    qty: '数量',
    check: '检查结果',
    good: '可导入',
    bad: '不导入',
    onlyBad: '只看有问题的行',
    take: (n: number) => `导入 ${n} 行`,
    cancel: '取消',
    summary: (good: number, bad: number) => `可导入 ${good} 行，有问题 ${bad} 行。有问题的行不会导入。`,
    none: '没有读到任何行。文件第一列为商品编码，第二列为数量，可有表头。',
    cut: (n: number) => `文件有 ${n} 行，只检查前 ${ROWS_MAX} 行`,
  },
  {
    title: (source: string) => `Import lines: ${source}`,
    pasted: 'what was pasted',
    row: 'Row',
    sku: 'SKU',
    name: 'Name',
    qty: 'Quantity',
    check: 'Check',
    good: 'Can be taken',
    bad: 'Left out',
    onlyBad: 'Only rows with a problem',
    take: (n: number) => `Take ${n} rows`,
    cancel: 'Cancel',
    summary: (good: number, bad: number) =>
      `${good} rows can be taken, ${bad} have a problem. Rows with a problem are left out.`,
    none: 'There are no rows. The first column is the SKU, the second the quantity; a header may stand above.',
    cut: (n: number) => `The file has ${n} rows; only the first ${ROWS_MAX} are looked at`,
  },
);

/** What was read from a file or the clipboard; `fileName` is null for the clipboard. */
export interface Import {
  readonly fileName: string | null;
  readonly rows: readonly FoundRow[];
}

/** Shows each row of an import with what is wrong with it, before anything is taken. */
export function ImportDialog(props: {
  readonly source: Import;
  readonly lines: readonly Line[];
  readonly rule: QtyRule;
  readonly onTake: (rows: readonly FoundRow[]) => void;
  readonly onCancel: () => void;
}) {
  const t = useTexts(TEXTS);
  const problemText = useProblemText();
  const [onlyBad, setOnlyBad] = useState(false);
  const rows = props.source.rows.slice(0, ROWS_MAX);
  const skuIds = [...new Set(rows.map(({ skuId }) => skuId))].filter(isKeyPart);
  const { data, error, refetch } = useQuery({
    queryKey: ['/api/stock/check', null, skuIds],
    queryFn: ({ signal }) => checkStock(null, skuIds, signal),
  });
  const titleOf = (skuId: string): string | null => data?.get(skuId)?.title ?? null;
  const checked = checkRows(rows, {
    rule: props.rule,
    isKnown: (skuId) => titleOf(skuId) !== null,
    present: new Set(props.lines.map(({ skuId }) => skuId)),
    room: LINES_MAX - props.lines.length,
  });
  const good = checked.filter(({ problem }) => problem === null);
  const bad = checked.length - good.length;

  return (
    <Modal
      open
      width={820}
      title={t.title(props.source.fileName ?? t.pasted)}
      okText={t.take(data ? good.length : 0)}
      cancelText={t.cancel}
      okButtonProps={{ disabled: !data || good.length === 0 }}
      onOk={() => props.onTake(good)}
      onCancel={props.onCancel}
    >
      {error ? (
        <ErrorView error={error} retry={() => void refetch()} />
      ) : rows.length === 0 ? (
        <Alert type="warning" showIcon title={t.none} />
      ) : !data ? (
        <Skeleton active />
      ) : (
        <>
          <Alert
            className="form-note"
            type={bad > 0 ? 'warning' : 'success'}
            showIcon
            title={t.summary(good.length, bad)}
            description={props.source.rows.length > ROWS_MAX ? t.cut(props.source.rows.length) : undefined}
          />
          {bad > 0 && (
            <Checkbox checked={onlyBad} onChange={(event) => setOnlyBad(event.target.checked)}>
              {t.onlyBad}
            </Checkbox>
          )}
          <Table<CheckedRow>
            size="small"
            rowKey="rowNo"
            pagination={checked.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
            dataSource={onlyBad ? checked.filter(({ problem }) => problem !== null) : checked}
            columns={[
              { title: t.row, dataIndex: 'rowNo', width: 64, className: 'number' },
              { title: t.sku, dataIndex: 'skuId', className: 'breaks' },
              { title: t.name, render: (_, { skuId }) => titleOf(skuId), className: 'breaks' },
              { title: t.qty, dataIndex: 'qtyText', className: 'number' },
              {
                title: t.check,
                render: (_, { problem }) =>
                  problem === null ? (
                    <StatusTag tone="good">{t.good}</StatusTag>
                  ) : (
                    <>
                      <StatusTag tone="bad">{t.bad}</StatusTag> {problemText(problem)}
                    </>
                  ),
              },
            ]}
          />
        </>
      )}
    </Modal>
  );
}
