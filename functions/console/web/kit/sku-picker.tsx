import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { Sku } from '../../../../shared/domain/settings';
import { ErrorView } from './error-view';
import { texts, useTexts } from './language';
import { useApi } from './queries';

const TEXTS = texts(
  { placeholder: '输入商品编码的开头', none: '没有以此开头的商品编码', searching: '正在查找…' },
  { placeholder: 'Beginning of the SKU', none: 'No SKU begins so', searching: 'Searching…' },
);

/** SKUs offered at once; who does not find theirs types another character. */
const OFFERED = 20;

/** Chooses one of our SKUs by the beginning of its id. A field of a form: takes `value` and tells `onChange`. */
export function SkuPicker(props: {
  readonly id?: string;
  readonly value?: string | null;
  readonly onChange?: (skuId: string | null) => void;
  /** Accessible name where no label of a form stands beside it. */
  readonly label?: string;
  readonly disabled?: boolean;
}) {
  const t = useTexts(TEXTS);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const prefix = useDeferredValue(typed.trim());
  const { data, error, isFetching } = useApi<{ rows: Sku[] }>(
    '/api/skus',
    { prefix, limit: OFFERED },
    { enabled: open, keep: true },
  );
  return (
    <Select<string>
      {...(props.id !== undefined && { id: props.id })}
      {...(props.label !== undefined && { 'aria-label': props.label })}
      {...(props.disabled !== undefined && { disabled: props.disabled })}
      className="sku-picker"
      placeholder={t.placeholder}
      value={props.value === '' ? null : (props.value ?? null)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      popupMatchSelectWidth={false}
      optionLabelProp="value"
      notFoundContent={error ? <ErrorView error={error} /> : isFetching ? t.searching : t.none}
      options={(data?.rows ?? []).map(({ id, title }) => ({ value: id, label: `${id} ${title}` }))}
      onOpenChange={setOpen}
      onChange={(skuId: string | undefined) => props.onChange?.(skuId ?? null)}
    />
  );
}
