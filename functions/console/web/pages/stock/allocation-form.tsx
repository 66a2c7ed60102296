import type { FormInstance } from 'antd';
import { Descriptions, Form, Input, Select } from 'antd';
import { Id } from '../../../schema/common';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useWarehouses } from '../../kit/names';
import { zodRule } from '../../kit/zod-rule';
import type { Line } from './lines/line';
import { fromLines } from './lines/line';
import { LinesField } from './lines/lines-field';
import { useLinesRule } from './lines/lines-rule';
import { namedAnew } from './named-anew';

const TEXTS = texts(
  {
    id: '分货单号',
    badId: '1 到 80 个字符，不能含 # 和 /',
    source: '来源逻辑仓',
    target: '目标配销仓',
    choose: '请选择仓库',
    draft: '保存草稿',
    stock: '逻辑仓',
  },
  {
    id: 'Number',
    badId: '1 to 80 characters without # and /',
    source: 'From source warehouse',
    target: 'To distribution warehouse',
    choose: 'Choose a warehouse',
    draft: 'Save as draft',
    stock: 'the source',
  },
);

export interface AllocationValues {
  readonly id: string;
  readonly sourceWarehouseId: string | undefined;
  readonly targetWarehouseId: string | undefined;
  readonly lines: Line[];
  readonly draft: boolean;
}

interface AllocationFormProps {
  readonly initial: AllocationValues;
  /** 0 for a new one, whose number can be chosen. */
  readonly version: number;
  readonly lacking: readonly string[];
  readonly editable: boolean;
  readonly onSaved: (id: string) => void;
  readonly onTheirs: () => void;
  readonly onValues: () => void;
}

/** What an allocation order 分货单 moves: from where, to where, and how much of what. */
export function AllocationForm(props: AllocationFormProps) {
  const t = useTexts(TEXTS);
  const { version, initial } = props;
  let savedAs = initial.id;
  const save = ({ id, lines, ...rest }: AllocationValues, readVersion: number): Promise<unknown> => {
    savedAs = id;
    const body = { ...rest, lines: fromLines(lines, 'positive'), version: readVersion };
    return namedAnew(version === 0, callApi('PUT', `/api/allocation-orders/${encodeURIComponent(id)}`, { body }));
  };
  return (
    <DocumentForm<AllocationValues>
      name={version === 0 ? 'allocation-order.new' : `allocation-order.${initial.id}`}
      version={version}
      initial={initial}
      editable={props.editable}
      save={save}
      onSaved={() => props.onSaved(savedAs)}
      onTheirs={props.onTheirs}
      onValues={props.onValues}
      otherSave={{ text: t.draft, values: { draft: true } }}
    >
      {(form) => <Fields {...props} form={form} />}
    </DocumentForm>
  );
}

function Fields({ form, ...props }: AllocationFormProps & { form: FormInstance<AllocationValues> }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const sources = useWarehouses('source');
  const targets = useWarehouses('distribution');
  const linesRule = useLinesRule('positive', { needed: false });
  const sourceId = Form.useWatch('sourceWarehouseId', form) ?? props.initial.sourceWarehouseId;
  const chosen = (
    <Descriptions
      size="small"
      items={[
        { key: 'source', label: t.source, children: sources.warehouseName(props.initial.sourceWarehouseId ?? '') },
        { key: 'target', label: t.target, children: targets.warehouseName(props.initial.targetWarehouseId ?? '') },
      ]}
    />
  );
  const choices = (
    <div className="card fields">
      {props.version === 0 && (
        <Form.Item
          name="id"
          label={t.id}
          required
          rules={[zodRule(Id, { zh: TEXTS.zh.badId, en: TEXTS.en.badId }, language)]}
        >
          <Input maxLength={80} />
        </Form.Item>
      )}
      <Form.Item name="sourceWarehouseId" label={t.source} rules={[{ required: true, message: t.choose }]}>
        <Select placeholder={t.choose} options={sources.warehouseOptions} />
      </Form.Item>
      <Form.Item name="targetWarehouseId" label={t.target} rules={[{ required: true, message: t.choose }]}>
        <Select placeholder={t.choose} options={targets.warehouseOptions} />
      </Form.Item>
    </div>
  );
  return (
    <>
      {props.editable ? choices : <div className="card">{chosen}</div>}
      <div className="card">
        <Form.Item name="lines" rules={[linesRule]}>
          <LinesField
            editable={props.editable}
            rule="positive"
            warehouseId={sourceId ?? null}
            warehouseName={sourceId === undefined ? t.stock : sources.warehouseName(sourceId)}
            lacking={props.lacking}
            fileName={props.initial.id}
          />
        </Form.Item>
      </div>
    </>
  );
}
