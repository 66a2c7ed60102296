import { App, Progress } from 'antd';
import { useCallback, useRef, useState } from 'react';
import type { Query } from './api';
import { callApi } from './api';
import type { CsvColumn } from './csv';
import { csvText, saveFile } from './csv';
import { useErrorText } from './error-text';
import { texts, useTexts } from './language';

/** Rows of one file at most: what Excel opens without trouble and a browser holds. */
const ROWS_MAX = 50_000;

/** Largest page that the API gives. */
const PAGE = 200;

const TEXTS = texts(
  {
    exporting: '正在导出',
    read: (rows: number) => `已读取 ${rows} 行`,
    cancel: '取消',
    cut: (rows: number) => `只导出了前 ${rows} 行，请缩小筛选范围分批导出`,
    done: (rows: number) => `已导出 ${rows} 行`,
    empty: '没有可导出的数据',
  },
  {
    exporting: 'Exporting',
    read: (rows: number) => `${rows} rows read`,
    cancel: 'Cancel',
    cut: (rows: number) => `Only the first ${rows} rows were exported; narrow the filter to export the rest`,
    done: (rows: number) => `${rows} rows exported`,
    empty: 'There is nothing to export',
  },
);

/** Exports a list, page by page through the API with the filter that is set, into one CSV file. Shows how far it is. */
export function useExport<Row>(path: string, columns: readonly CsvColumn<Row>[], fileName: string) {
  const t = useTexts(TEXTS);
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController | undefined>(undefined);
  const start = useCallback(
    async (query: Query) => {
      const aborter = new AbortController();
      stop.current = aborter;
      setBusy(true);
      const content = (rows: number) => (
        <>
          <Progress percent={Math.round((rows / ROWS_MAX) * 100)} showInfo={false} status="active" />
          <span aria-live="polite">{t.read(rows)}</span>
        </>
      );
      const shown = modal.confirm({
        title: t.exporting,
        content: content(0),
        okButtonProps: { hidden: true },
        cancelText: t.cancel,
        onCancel: () => aborter.abort(),
      });
      try {
        const rows: Row[] = [];
        let after: string | null = null;
        do {
          const page: { rows: Row[]; next: string | null } = await callApi('GET', path, {
            query: { ...query, limit: PAGE, after },
            signal: aborter.signal,
          });
          rows.push(...page.rows);
          after = page.next;
          shown.update({ content: content(rows.length) });
        } while (after !== null && rows.length < ROWS_MAX);
        if (rows.length > 0) saveFile(`${fileName}.csv`, csvText(columns, rows));
        if (after !== null) void message.warning(t.cut(rows.length), 8);
        else void message.info(rows.length > 0 ? t.done(rows.length) : t.empty);
      } catch (error) {
        if (!aborter.signal.aborted) void message.error(errorText(error), 8);
      } finally {
        shown.destroy();
        setBusy(false);
      }
    },
    [path, columns, fileName, t, modal, message, errorText],
  );
  return { busy, start };
}
