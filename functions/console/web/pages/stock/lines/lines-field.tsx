import { Alert, Button, Checkbox, Space, Table } from 'antd';
import { DeleteOutlined } from '@ant-design/icons';
import type { ColumnsType } from 'antd/es/table';
import type { ClipboardEvent } from 'react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router';
import { isKeyPart } from '../../../../../../shared/domain/kernel/ids';
import { sumByKey } from '../../../../../../shared/domain/kernel/quantity';
import { readCsv } from '../../../kit/csv';
import { ErrorView } from '../../../kit/error-view';
import { countText } from '../../../kit/format';
import { texts, useTexts } from '../../../kit/language';
import { ledgerPath } from '../../../kit/paths';
import { AddLine } from './add-line';
import type { Import } from './import-dialog';
import { ImportDialog } from './import-dialog';
import type { Line, QtyRule } from './line';
import { appended, LINES_MAX, qtyOf, readQty, repeatedRows } from './line';
import { LinesTools } from './lines-tools';
import { useProblemText } from './problem-words';
import { QtyInput } from './qty-input';
import type { FoundRow } from './read-rows';
import { findRows } from './read-rows';
import { SkuCell } from './sku-cell';
import { useStockOf } from './use-stock-of';

const TEXTS = texts(
  {
    title: '明细',
    no: '行',
    sku: '商品编码',
    name: '商品名称',
    qty: '数量',
    available: (warehouse: string) => `${warehouse}可用`,
    note: '提示',
    remove: (row: number) => `删除第 ${row} 行`,
    repeats: (row: number) => `与第 ${row} 行重复，将合并计算`,
    refused: '上次审核时库存不足',
    short: (available: string) => `超出可用库存 ${available}`,
    unknown: '商品编码不存在',
    total: (lines: number, pieces: string) => `共 ${lines} 行，${pieces} 件`,
    problems: (n: number) => `${n} 行有提示`,
    onlyThese: '只看有提示的行',
    empty: '还没有明细。选择商品添加，导入 CSV，或从 Excel 复制“商品编码、数量”两列后在此粘贴。',
    full: `已达到每单 ${LINES_MAX} 行的上限`,
  },
  {
    title: 'Lines',
    no: 'Row',
    sku: 'SKU',
    name: 'Name',
    qty: 'Quantity',
    available: (warehouse: string) => `Available in ${warehouse}`,
    note: 'Note',
    remove: (row: number) => `Remove row ${row}`,
    repeats: (row: number) => `Same SKU as row ${row}; they are added up`,
    refused: 'Too few in stock at the last audit',
    short: (available: string) => `More than the ${available} available`,
    unknown: 'There is no such SKU',
    total: (lines: number, pieces: string) => `${lines} lines, ${pieces} pieces`,
    problems: (n: number) => `${n} rows have a note`,
    onlyThese: 'Only rows with a note',
    empty:
      'No lines yet. Add a SKU, import a CSV file, or copy the columns SKU and quantity in Excel and paste them here.',
    full: `A document takes ${LINES_MAX} lines at most`,
  },
);

interface LinesFieldProps {
  readonly value?: Line[];
  readonly onChange?: (lines: Line[]) => void;
  readonly editable: boolean;
  readonly rule: QtyRule;
  /** Warehouse whose stock stands beside the lines; null where none is chosen. */
  readonly warehouseId: string | null;
  readonly warehouseName: string;
  /** SKUs that the last try to post it lacked. */
  readonly lacking: readonly string[];
  /** Names the exported file. */
  readonly fileName: string;
}

/** Lines of a stock document as a table that is typed, pasted and imported into. A field of a form. */
export function LinesField(props: LinesFieldProps) {
  const t = useTexts(TEXTS);
  const problemText = useProblemText();
  const lines = useMemo(() => props.value ?? [], [props.value]);
  const latest = useRef(lines);
  latest.current = lines;
  const [source, setSource] = useState<Import | null>(null);
  const [onlyNoted, setOnlyNoted] = useState(false);
  const { stockOf, error } = useStockOf(
    props.warehouseId,
    lines.map(({ skuId }) => skuId),
  );
  const { onChange, rule, editable } = props;
  const change = useCallback(
    (key: number, part: Partial<Line>) =>
      onChange?.(latest.current.map((line) => (line.key === key ? { ...line, ...part } : line))),
    [onChange],
  );
  const repeated = repeatedRows(lines);
  const wanted = sumByKey(
    lines,
    ({ skuId }) => skuId,
    (line) => qtyOf(line, rule),
  );

  /** Everything that a person should know of a line, the worst first. */
  const notesOf = (line: Line): string[] => {
    const notes: string[] = [];
    const read = readQty(line.qtyText, rule);
    const stock = stockOf(line.skuId);
    if (stock?.title === null || !isKeyPart(line.skuId)) notes.push(t.unknown);
    if ('problem' in read) notes.push(problemText({ kind: read.problem }));
    if (props.lacking.includes(line.skuId)) notes.push(t.refused);
    const taken = rule === 'positive' ? (wanted.get(line.skuId) ?? 0) : -(wanted.get(line.skuId) ?? 0);
    if (editable && props.warehouseId !== null && stock && taken > stock.availableQty)
      notes.push(t.short(countText(stock.availableQty)));
    const ofRow = repeated.get(line.key);
    if (ofRow !== undefined) notes.push(t.repeats(ofRow));
    return notes;
  };
  const rows = lines.map((line, i) => ({ ...line, no: i + 1, notes: notesOf(line), stock: stockOf(line.skuId) }));
  type Row = (typeof rows)[number];
  const noted = rows.filter(({ notes }) => notes.length > 0).length;
  const pieces = lines.reduce((sum, line) => sum + qtyOf(line, rule), 0);

  const take = (found: readonly FoundRow[]): void => {
    onChange?.(appended(lines, found));
    setSource(null);
  };
  const paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text/plain');
    // A single value goes into the field that one stands in.
    if (!editable || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    void readCsv(new Blob([text])).then((cells) => setSource({ fileName: null, rows: findRows(cells) }));
  };

  const same = (one: Row, other: Row): boolean =>
    one.skuId === other.skuId &&
    one.qtyText === other.qtyText &&
    one.no === other.no &&
    one.stock === other.stock &&
    one.notes.join() === other.notes.join();
  const columns: ColumnsType<Row> = [
    { title: t.no, dataIndex: 'no', width: 60, className: 'number' },
    {
      title: t.sku,
      width: 230,
      className: 'breaks',
      render: (_, row) =>
        editable ? (
          <SkuCell row={row.no} skuId={row.skuId} onChange={(skuId) => change(row.key, { skuId })} />
        ) : (
          row.skuId
        ),
    },
    { title: t.name, className: 'breaks', render: (_, row) => row.stock?.title ?? '' },
    {
      title: t.qty,
      width: 130,
      className: 'number',
      render: (_, row) =>
        editable ? (
          <QtyInput
            row={row.no}
            value={row.qtyText}
            wrong={'problem' in readQty(row.qtyText, rule)}
            onChange={(qtyText) => change(row.key, { qtyText })}
          />
        ) : (
          row.qtyText
        ),
    },
    ...(props.warehouseId === null
      ? []
      : [
          {
            title: t.available(props.warehouseName),
            width: 150,
            className: 'number',
            render: (_: unknown, row: Row) =>
              row.stock && row.stock.title !== null ? (
                <Link to={ledgerPath(props.warehouseId ?? '', row.skuId)} target={editable ? '_blank' : '_self'}>
                  {countText(row.stock.availableQty)}
                </Link>
              ) : (
                ''
              ),
          },
        ]),
    { title: t.note, render: (_, row) => (row.notes.length > 0 ? <b className="note">{row.notes.join('；')}</b> : '') },
    ...(editable
      ? [
          {
            title: '',
            width: 48,
            render: (_: unknown, row: Row) => (
              <Button
                type="text"
                size="small"
                aria-label={t.remove(row.no)}
                icon={<DeleteOutlined />}
                onClick={() => onChange?.(latest.current.filter(({ key }) => key !== row.key))}
              />
            ),
          },
        ]
      : []),
  ];

  return (
    <section aria-label={t.title} onPaste={paste}>
      <LinesTools
        editable={editable}
        fileName={props.fileName}
        rows={rows}
        onImport={setSource}
        onClear={() => onChange?.([])}
      />
      {error && <ErrorView error={error} />}
      {editable && lines.length >= LINES_MAX && <Alert className="form-note" type="info" showIcon title={t.full} />}
      <Table<Row>
        size="small"
        rowKey="key"
        columns={columns.map((column) => ({ ...column, shouldCellUpdate: (one, other) => !same(one, other) }))}
        dataSource={onlyNoted ? rows.filter(({ notes }) => notes.length > 0) : rows}
        pagination={{ defaultPageSize: 100, pageSizeOptions: [100, 500], hideOnSinglePage: lines.length <= 100 }}
        locale={{ emptyText: t.empty }}
      />
      <div className="list-foot">
        {editable && lines.length < LINES_MAX ? (
          <AddLine rule={rule} onAdd={(line) => onChange?.(appended(latest.current, [line]))} />
        ) : (
          <span />
        )}
        <Space wrap>
          {noted > 0 && (
            <Checkbox checked={onlyNoted} disabled={false} onChange={(event) => setOnlyNoted(event.target.checked)}>
              {t.onlyThese} ({t.problems(noted)})
            </Checkbox>
          )}
          <b>{t.total(lines.length, countText(pieces))}</b>
        </Space>
      </div>
      {source && (
        <ImportDialog source={source} lines={lines} rule={rule} onTake={take} onCancel={() => setSource(null)} />
      )}
    </section>
  );
}
