import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { RatioStrategyView, SavedRatioStrategy } from '../../../../schema/settings';
import type * as z from 'zod';
import { useMay } from '../../../app/session';
import { callApi } from '../../../kit/api';
import { DocumentForm } from '../../../kit/document-form';
import { texts, useTexts } from '../../../kit/language';
import { newId } from '../../../kit/new-id';
import { StrategyPage } from '../../../kit/strategy-page';
import { RatioWarnings } from './ratio-warnings';
import { SaveEffect } from './save-effect';
import { StrategyFields } from './strategy-fields';
import type { StrategyValues } from './strategy-values';
import { bodyOf, NEW_STRATEGY, valuesOf } from './strategy-values';
import { useRatioCheck } from './use-ratio-check';

const TEXTS = texts(
  {
    create: '新建比例同步策略',
  },
  {
    create: 'New ratio sync strategy',
  },
);

const LIST = '/operations/ratio-strategies';

/** One 比例同步策略, or a new one. */
export default function RatioStrategyPage() {
  const t = useTexts(TEXTS);
  return (
    <StrategyPage<RatioStrategyView>
      api="/api/ratio-strategies"
      list={LIST}
      create={t.create}
      form={(row, reopen) => <StrategyForm row={row} reopen={reopen} />}
    />
  );
}

function StrategyForm({ row, reopen }: { row: RatioStrategyView | undefined; reopen: () => void }) {
  const navigate = useNavigate();
  const mayEdit = useMay('strategist');
  const initial = useMemo(() => (row ? valuesOf(row) : NEW_STRATEGY), [row]);
  const [values, setValues] = useState<StrategyValues>(initial);
  // Made once for the form: a save that got no answer and is pressed again is the same document.
  const [id] = useState(() => row?.id ?? newId('BL'));
  const warnings = useRatioCheck(row?.id, values);
  return (
    <div className="card form-card">
      <DocumentForm<StrategyValues>
        name={`ratio-strategy.${row?.id ?? 'new'}`}
        version={row?.version ?? 0}
        initial={initial}
        editable={mayEdit}
        save={(saved, version) =>
          callApi<z.infer<typeof SavedRatioStrategy>>('PUT', `/api/ratio-strategies/${encodeURIComponent(id)}`, {
            body: bodyOf(saved, version),
          })
        }
        onSaved={() => void navigate(LIST)}
        onTheirs={reopen}
        onCancel={() => void navigate(LIST)}
        onValues={(changed) => setValues({ ...initial, ...changed })}
      >
        <StrategyFields editable={mayEdit} values={values} />
        <RatioWarnings warnings={warnings} />
        {mayEdit && <SaveEffect before={row?.shopIds ?? []} values={values} />}
      </DocumentForm>
    </div>
  );
}
