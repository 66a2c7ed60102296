import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { AllocationOrderPage, AllocationOrderView } from '../../../schema/allocation-order';
import { useMay } from '../../app/session';
import { DetailPage } from '../../kit/detail-page';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { LogTable } from '../../kit/log-table';
import { useApi } from '../../kit/queries';
import { StatusTag } from '../../kit/status-tag';
import { AllocationAudit } from './allocation-audit';
import { AllocationForm } from './allocation-form';
import { AllocationFacts } from './allocation-facts';
import { toLines } from './lines/line';
import { proposeId } from './propose-id';
import { allocationPath } from '../../kit/paths';
import { ALLOCATION_STATUS, ALLOCATION_TONE } from './stock-words';

const LIST = '/stock/allocation-orders';

const TEXTS = texts({ title: '分货单', new: '新建分货单' }, { title: 'Allocation order', new: 'New allocation order' });

/** One allocation order 分货单, or a new one. */
export default function AllocationOrderPageById() {
  const { id = '' } = useParams();
  return id === 'new' ? <NewOrder /> : <PresentOrder key={id} id={id} />;
}

function NewOrder() {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const editable = useMay('operator');
  const { data, error, refetch } = useApi<AllocationOrderPage>('/api/allocation-orders', { limit: 200 });
  const [proposed, setProposed] = useState<string | null>(null);
  // Once: the proposal must not change under the hands of the one who types.
  if (data && proposed === null) {
    setProposed(
      proposeId(
        'FH',
        Date.now(),
        data.rows.map(({ id }) => id),
      ),
    );
  }
  return (
    <DetailPage
      title={t.new}
      list={LIST}
      error={proposed === null ? error : null}
      loading={proposed === null}
      retry={() => void refetch()}
    >
      <AllocationForm
        initial={{
          ...{ id: proposed ?? '', lines: [], draft: false },
          ...{ sourceWarehouseId: undefined, targetWarehouseId: undefined },
        }}
        version={0}
        lacking={[]}
        editable={editable}
        onSaved={(id) => void navigate(allocationPath(id), { replace: true })}
        onTheirs={() => undefined}
        onValues={() => undefined}
      />
    </DetailPage>
  );
}

function PresentOrder({ id }: { id: string }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const mayWrite = useMay('operator');
  const [dirty, setDirty] = useState(false);
  const [base, setBase] = useState<AllocationOrderView | undefined>();
  const { data, error, refetch } = useApi<AllocationOrderView>(
    `/api/allocation-orders/${encodeURIComponent(id)}`,
    undefined,
    {
      liveMs: base?.status === 'auditing' ? 1_000 : 15_000,
    },
  );
  // What others save meanwhile must not change the form under the hands of the one who types.
  if (data && data !== base && !dirty) setBase(data);
  const open = base?.status === 'draft' || base?.status === 'saved';
  // Not before the present order has come: what is offered until then would be said of the former one.
  const renew = (): void => void refetch().then(() => setDirty(false));
  return (
    <DetailPage
      title={`${t.title} ${id}`}
      list={LIST}
      error={base ? null : error}
      loading={!base}
      retry={() => void refetch()}
      status={
        base && <StatusTag tone={ALLOCATION_TONE[base.status]}>{ALLOCATION_STATUS[language][base.status]}</StatusTag>
      }
      actions={mayWrite && base && open && <AllocationAudit order={base} dirty={dirty} onEnd={renew} />}
    >
      {base && (
        <>
          <AllocationFacts order={base} />
          {/* Anew after each save; a sweep that touches it meanwhile changes the version only. */}
          <AllocationForm
            key={`${base.version} ${open}`}
            initial={{
              ...{ id, draft: false, lines: toLines(base.lines) },
              ...{ sourceWarehouseId: base.sourceWarehouseId, targetWarehouseId: base.targetWarehouseId },
            }}
            version={base.version}
            lacking={base.lacking}
            editable={mayWrite && open}
            onSaved={renew}
            onTheirs={renew}
            onValues={() => setDirty(true)}
          />
          <LogTable log={base.log} />
        </>
      )}
    </DetailPage>
  );
}
