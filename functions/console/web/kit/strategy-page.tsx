import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { useParams } from 'react-router';
import { DetailPage } from './detail-page';
import { texts, useTexts } from './language';
import { MissingDocument } from './missing-document';
import { StatusTag } from './status-tag';
import { useOpened } from './use-opened';

const TEXTS = texts(
  { version: (version: number) => `第 ${version} 版` },
  { version: (version: number) => `Version ${version}` },
);

/**
 * The strategy that the address names, as it was when it was opened, or a new one; its name and version above its form. `form`
 * begins anew whenever the strategy is opened anew.
 */
export function StrategyPage<
  Row extends { readonly id: string; readonly name: string; readonly version: number },
>(props: {
  readonly api: string;
  readonly list: string;
  /** Title of a new one. */
  readonly create: string;
  readonly form: (row: Row | undefined, reopen: () => void) => ReactNode;
}) {
  const t = useTexts(TEXTS);
  const { id: given = 'new' } = useParams();
  const isNew = given === 'new';
  const find = useCallback((rows: readonly Row[]) => rows.find(({ id }) => id === given), [given]);
  const { row, count, missing, error, retry, reopen } = useOpened(props.api, find, !isNew);
  if (missing) return <MissingDocument list={props.list} />;
  return (
    <DetailPage
      title={isNew ? props.create : (row?.name ?? given)}
      list={props.list}
      status={row && <StatusTag tone="off">{t.version(row.version)}</StatusTag>}
      error={error}
      retry={retry}
      loading={!isNew && !row}
    >
      <div key={`${given} ${count}`}>{props.form(row, reopen)}</div>
    </DetailPage>
  );
}
