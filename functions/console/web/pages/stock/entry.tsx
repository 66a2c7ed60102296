import { Alert, Descriptions } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { StockEntryPage, StockEntryView } from '../../../schema/stock';
import { useMay } from '../../app/session';
import { DetailPage } from '../../kit/detail-page';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { LogTable } from '../../kit/log-table';
import { useWarehouses } from '../../kit/names';
import { useApi } from '../../kit/queries';
import { StatusTag } from '../../kit/status-tag';
import { useUrlState } from '../../kit/url-state';
import { EntryForm } from './entry-form';
import { toLines } from './lines/line';
import { LinesField } from './lines/lines-field';
import { proposeId } from './propose-id';
import { stockEntryPath } from '../../kit/paths';
import { ENTRY_STATUS, ENTRY_TONE, ENTRY_TYPE } from './stock-words';

const LIST = '/stock/entries';

/** Numbers begin with 入库 or 调整 in pinyin's first letters, as warehouses write them. */
const PREFIX = { receipt: 'RK', adjustment: 'TZ' } as const;

const TEXTS = texts(
  {
    receipt: '新建入库单',
    adjustment: '新建调整单',
    type: '类型',
    warehouse: '仓库',
    reason: '备注',
    posting: '过账中：正在登记库存，完成后自动显示结果。',
    refused: (skus: string) => `未过账：可用库存不足（${skus}），没有改动任何库存。请用新单号重新登记。`,
  },
  {
    receipt: 'New receipt',
    adjustment: 'New adjustment',
    type: 'Type',
    warehouse: 'Warehouse',
    reason: 'Note',
    posting: 'Posting: the stock is being entered; the result appears here by itself.',
    refused: (skus: string) =>
      `Not posted: too few available (${skus}); no stock was changed. Enter it again under a new number.`,
  },
);

/** One stock entry, or a new one: `new?type=receipt|adjustment`. */
export default function EntryPage() {
  const { id = '' } = useParams();
  const { state } = useUrlState();
  const type = state['type'] === 'adjustment' ? 'adjustment' : 'receipt';
  return id === 'new' ? <NewEntry key={type} type={type} /> : <PresentEntry id={id} />;
}

function NewEntry({ type }: { type: StockEntryView['type'] }) {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const editable = useMay('operator');
  const { data, error, refetch } = useApi<StockEntryPage>('/api/stock-entries', { limit: 200 });
  const [proposed, setProposed] = useState<string | null>(null);
  const ids = data?.rows.map(({ id }) => id);
  // Once: the proposal must not change under the hands of the one who types.
  if (ids && proposed === null) setProposed(proposeId(PREFIX[type], Date.now(), ids));
  return (
    <DetailPage
      title={t[type]}
      list={LIST}
      error={proposed === null ? error : null}
      loading={proposed === null}
      retry={() => void refetch()}
    >
      <EntryForm
        type={type}
        proposedId={proposed ?? ''}
        nextId={(refused) => proposeId(PREFIX[type], Date.now(), [...(ids ?? []), refused])}
        editable={editable}
        onSaved={(id) => void navigate(stockEntryPath(id), { replace: true })}
      />
    </DetailPage>
  );
}

function PresentEntry({ id }: { id: string }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { warehouseName } = useWarehouses();
  const { data, error, refetch } = useApi<StockEntryView>(`/api/stock-entries/${encodeURIComponent(id)}`, undefined, {
    liveMs: 5_000,
  });
  const name = data ? ENTRY_TYPE[language][data.type] : '';
  return (
    <DetailPage
      title={`${name} ${id}`}
      list={LIST}
      error={data ? null : error}
      loading={!data}
      retry={() => void refetch()}
      status={data && <StatusTag tone={ENTRY_TONE[data.status]}>{ENTRY_STATUS[language][data.status]}</StatusTag>}
    >
      {data && (
        <>
          {data.status === 'posting' && <Alert className="form-note" type="info" showIcon title={t.posting} />}
          {data.status === 'refused' && (
            <Alert className="form-note" type="error" showIcon title={t.refused(data.lacking.join(', '))} />
          )}
          <div className="card">
            <Descriptions
              size="small"
              items={[
                { key: 'type', label: t.type, children: name },
                { key: 'warehouse', label: t.warehouse, children: warehouseName(data.warehouseId) },
                { key: 'reason', label: t.reason, children: data.reason === '' ? '–' : data.reason },
              ]}
            />
          </div>
          <div className="card">
            <LinesField
              value={toLines(data.lines)}
              editable={false}
              rule={data.type === 'receipt' ? 'positive' : 'signed'}
              warehouseId={data.warehouseId}
              warehouseName={warehouseName(data.warehouseId)}
              lacking={data.lacking}
              fileName={id}
            />
          </div>
          <LogTable log={data.log} />
        </>
      )}
    </DetailPage>
  );
}
