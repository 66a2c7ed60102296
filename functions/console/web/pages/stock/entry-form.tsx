import type { FormInstance } from 'antd';
import { Form, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import { Id } from '../../../schema/common';
import type { StockEntryView } from '../../../schema/stock';
import { ApiError, callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useWarehouses } from '../../kit/names';
import { zodRule } from '../../kit/zod-rule';
import type { Line } from './lines/line';
import { fromLines } from './lines/line';
import { LinesField } from './lines/lines-field';
import { useLinesRule } from './lines/lines-rule';

const TEXTS = texts(
  {
    id: '单号',
    badId: '1 到 80 个字符，不能含 # 和 /',
    warehouse: '仓库',
    choose: '请选择仓库',
    reason: '备注',
    post: '保存并过账',
    posts: '保存后立即改动库存，不能撤销；登记错误请再做一张调整单。',
    signs: '调整数量：正数增加，负数减少。订单占用的库存不能调走。',
    stock: '仓库',
  },
  {
    id: 'Number',
    badId: '1 to 80 characters without # and /',
    warehouse: 'Warehouse',
    choose: 'Choose a warehouse',
    reason: 'Note',
    post: 'Save and post',
    posts: 'Saving changes the stock at once and cannot be undone; a mistake is mended by an adjustment.',
    signs: 'A positive quantity adds, a negative one takes away. Pieces that orders hold cannot be taken away.',
    stock: 'the warehouse',
  },
);

interface EntryValues {
  readonly id: string;
  readonly warehouseId: string | undefined;
  readonly reason: string;
  readonly lines: Line[];
}

interface EntryFormProps {
  readonly type: StockEntryView['type'];
  readonly proposedId: string;
  /** Another number, where the one that is given is used up by a refused entry. */
  readonly nextId: (refused: string) => string;
  readonly editable: boolean;
  readonly onSaved: (id: string) => void;
}

/** A receipt or an adjustment before it is posted. */
export function EntryForm(props: EntryFormProps) {
  const t = useTexts(TEXTS);
  const { type } = props;
  const [lacking, setLacking] = useState<readonly string[]>([]);
  const form = useRef<FormInstance<EntryValues> | null>(null);
  let savedAs = props.proposedId;
  const save = async ({ id, lines, ...rest }: EntryValues): Promise<unknown> => {
    savedAs = id;
    const qtyRule = type === 'receipt' ? 'positive' : 'signed';
    try {
      return await callApi('POST', '/api/stock-entries', {
        body: { ...rest, id, type, lines: fromLines(lines, qtyRule) },
      });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'LACK_OF_STOCK') {
        // The refused entry keeps its number; the next try is another entry.
        setLacking((error.facts['skuIds'] as string[] | undefined) ?? []);
        form.current?.setFieldValue('id', props.nextId(id));
      }
      throw error;
    }
  };
  return (
    <DocumentForm<EntryValues>
      name={`stock-entry.${type}`}
      version={0}
      initial={{ id: props.proposedId, warehouseId: undefined, reason: '', lines: [] }}
      editable={props.editable}
      save={save}
      saveText={t.post}
      onSaved={() => props.onSaved(savedAs)}
    >
      {(made) => {
        form.current = made;
        return <Fields {...props} form={made} lacking={lacking} />;
      }}
    </DocumentForm>
  );
}

function Fields({ form, ...props }: EntryFormProps & { form: FormInstance<EntryValues>; lacking: readonly string[] }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { warehouseOptions, warehouseName } = useWarehouses();
  const rule = props.type === 'receipt' ? 'positive' : 'signed';
  const linesRule = useLinesRule(rule, { needed: true });
  const warehouseId = Form.useWatch('warehouseId', form);
  return (
    <>
      <div className="card fields">
        <Form.Item
          name="id"
          label={t.id}
          required
          rules={[zodRule(Id, { zh: TEXTS.zh.badId, en: TEXTS.en.badId }, language)]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="warehouseId" label={t.warehouse} rules={[{ required: true, message: t.choose }]}>
          <Select placeholder={t.choose} options={warehouseOptions} />
        </Form.Item>
        <Form.Item name="reason" label={t.reason}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <div className="card">
        <p className="quiet flush">
          {t.posts} {props.type === 'adjustment' && t.signs}
        </p>
        <Form.Item name="lines" rules={[linesRule]}>
          <LinesField
            editable={props.editable}
            rule={rule}
            warehouseId={warehouseId ?? null}
            warehouseName={warehouseId === undefined ? t.stock : warehouseName(warehouseId)}
            lacking={props.lacking}
            fileName={props.proposedId}
          />
        </Form.Item>
      </div>
    </>
  );
}
