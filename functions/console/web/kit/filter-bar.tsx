import { DatePicker, Input, Select, Space } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { epochMsFromShanghaiText, shanghaiText } from '../../../../shared/domain/kernel/time';
import { texts, useTexts } from './language';
import { useUrlState } from './url-state';

/** A filter of a list; `names` are the members of the address and of the API's query that it sets. */
export type Filter =
  | {
      readonly kind: 'select';
      readonly names: readonly [string];
      readonly label: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    }
  | { readonly kind: 'text'; readonly names: readonly [string]; readonly label: string }
  | { readonly kind: 'time'; readonly names: readonly [from: string, to: string]; readonly label: string };

const TEXTS = texts({ from: '从', to: '到' }, { from: 'from', to: 'to' });

export function FilterBar({ filters }: { filters: readonly Filter[] }) {
  return (
    <Space wrap>
      {filters.map((filter) => (
        <FilterField key={filter.names[0]} filter={filter} />
      ))}
    </Space>
  );
}

function FilterField({ filter }: { filter: Filter }) {
  switch (filter.kind) {
    case 'select':
      return <SelectFilter filter={filter} />;
    case 'text':
      return <TextFilter name={filter.names[0]} label={filter.label} />;
    case 'time':
      return <TimeFilter names={filter.names} label={filter.label} />;
  }
}

function SelectFilter({ filter }: { filter: Extract<Filter, { kind: 'select' }> }) {
  const { state, set } = useUrlState();
  const [name] = filter.names;
  return (
    <Select
      className="filter"
      aria-label={filter.label}
      placeholder={filter.label}
      value={state[name] ?? null}
      options={[...filter.options]}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      onChange={(value: string | null | undefined) => set({ [name]: value ?? null, after: null })}
    />
  );
}

function TextFilter({ name, label }: { name: string; label: string }) {
  const { state, set } = useUrlState();
  const [typed, setTyped] = useState(state[name] ?? '');
  useEffect(() => setTyped(state[name] ?? ''), [state, name]);
  const apply = (value: string): void => {
    if (value.trim() !== (state[name] ?? '')) set({ [name]: value.trim(), after: null });
  };
  return (
    <Input
      className="filter"
      aria-label={label}
      placeholder={label}
      value={typed}
      allowClear
      maxLength={80}
      onChange={(event) => {
        setTyped(event.target.value);
        if (event.target.value === '') apply('');
      }}
      onPressEnter={() => apply(typed)}
      onBlur={() => apply(typed)}
    />
  );
}

function TimeFilter({ names: [from, to], label }: { names: readonly [string, string]; label: string }) {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const shown = (name: string) => {
    const atMs = Number(state[name]);
    return state[name] !== undefined && Number.isFinite(atMs) ? dayjs(shanghaiText(atMs)) : null;
  };
  // The picker's digits are Shanghai's, wherever the browser is.
  const epochMs = (text: string | undefined): string | null => {
    const atMs = text === undefined || text === '' ? undefined : epochMsFromShanghaiText(text);
    return atMs === undefined ? null : String(atMs);
  };
  return (
    <DatePicker.RangePicker
      aria-label={label}
      placeholder={[`${label} ${t.from}`, t.to]}
      showTime
      format="YYYY-MM-DD HH:mm:ss"
      allowEmpty={[true, true]}
      value={[shown(from), shown(to)]}
      onChange={(_values, written) => set({ [from]: epochMs(written[0]), [to]: epochMs(written[1]), after: null })}
    />
  );
}
