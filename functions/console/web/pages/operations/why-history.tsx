import { Table } from 'antd';
import type { SyncRecordView } from '../../../schema/sync';
import { ApiError } from '../../kit/api';
import { ErrorView } from '../../kit/error-view';
import { timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useApi } from '../../kit/queries';
import { StatusTag } from '../../kit/status-tag';
import type { SyncPlace } from '../../kit/synced-qty';
import { SyncedQty } from '../../kit/synced-qty';
import { usePushText } from './push-result';
import { SYNC_STATUS, SYNC_TONE } from './sync-words';

/** Records shown; the sync queue has the others. */
const SHOWN = 50;

const TEXTS = texts(
  {
    title: '同步历史',
    no: '序号',
    at: '创建时间',
    qty: '数量',
    status: '状态',
    push: '推送结果',
    why: '为什么',
    this: '当前查看',
    none: '还没有同步记录',
  },
  {
    title: 'Sync records of this listing',
    no: 'No.',
    at: 'Created',
    qty: 'Quantity',
    status: 'Status',
    push: 'What became of the push',
    why: 'Why',
    this: 'shown above',
    none: 'No sync records yet',
  },
);

/** The listing's records, newest first. */
export function WhyHistory({ place, shown }: { place: SyncPlace; shown?: number }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const pushText = usePushText();
  const part = encodeURIComponent;
  const { data, error, refetch } = useApi<{ rows: SyncRecordView[] }>(
    `/api/sync-queue/${part(place.shopId)}/${part(place.itemId)}`,
    { platformSkuId: place.platformSkuId, limit: SHOWN },
    { liveMs: 5_000 },
  );
  // A listing without records is none to this route.
  const failed = error instanceof ApiError && error.code === 'NOT_FOUND' ? null : error;
  return (
    <section aria-label={t.title}>
      <h2>{t.title}</h2>
      {failed && !data ? (
        <ErrorView error={failed} retry={() => void refetch()} />
      ) : (
        <Table<SyncRecordView>
          size="small"
          rowKey="number"
          pagination={false}
          dataSource={data?.rows ?? []}
          locale={{ emptyText: t.none }}
          columns={[
            {
              ...{ title: t.no, className: 'number' },
              render: (_, { number }) =>
                number === shown ? <b className="marked" title={t.this}>{`▸ ${number}`}</b> : number,
            },
            { title: t.at, render: (_, { createdAtMs }) => timeText(createdAtMs) },
            {
              ...{ title: t.qty, className: 'number' },
              render: (_, record) => <SyncedQty qty={record.qty} place={record} />,
            },
            {
              title: t.status,
              render: (_, { status }) => (
                <StatusTag tone={SYNC_TONE[status]}>{SYNC_STATUS[language][status]}</StatusTag>
              ),
            },
            { title: t.push, render: (_, record) => pushText(record) },
            { title: t.why, render: (_, { why }) => why[language] },
          ]}
        />
      )}
    </section>
  );
}
