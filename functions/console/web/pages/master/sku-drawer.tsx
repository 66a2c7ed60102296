import { Drawer, Form, Input } from 'antd';
import { useMemo } from 'react';
import { Id } from '../../../schema/common';
import type { SkuView } from '../../../schema/settings';
import { SkuBody } from '../../../schema/settings';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { zodRule } from '../../kit/zod-rule';

const TEXTS = texts(
  {
    create: '新增商品',
    edit: (id: string) => `修改 ${id}`,
    id: '商品编码',
    idHint: '与平台上的商家编码相同时，平台商品会自动对应；保存后不能修改',
    name: '商品名称',
  },
  {
    create: 'Add a SKU',
    edit: (id: string) => `Edit ${id}`,
    id: 'SKU',
    idHint: 'listings with this merchant code are mapped to it by themselves; it stays as it is once saved',
    name: 'Title',
  },
);

const SAYS = {
  id: { zh: '1 到 80 个字符，不能含 # 和 /', en: '1 to 80 letters, digits, blanks or _-.:@+*&=,()' },
  name: { zh: '必填，最多 200 个字符', en: 'Needed, 200 characters at most' },
} as const;

interface SkuValues {
  readonly id: string;
  readonly title: string;
}

/** One SKU 商品, or a new one. */
export function SkuDrawer({ row, onClose }: { row: SkuView | undefined; onClose: () => void }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const initial = useMemo<SkuValues>(() => ({ id: row?.id ?? '', title: row?.title ?? '' }), [row]);
  return (
    <Drawer open title={row ? t.edit(row.id) : t.create} size={440} onClose={onClose}>
      <DocumentForm<SkuValues>
        name={`sku.${row?.id ?? 'new'}`}
        version={row?.version ?? 0}
        initial={initial}
        editable
        save={({ id, title }, version) =>
          callApi('PUT', `/api/skus/${encodeURIComponent(id.trim())}`, { body: { title, version } })
        }
        onSaved={onClose}
        onCancel={onClose}
      >
        <Form.Item label={t.id} name="id" required extra={t.idHint} rules={[zodRule(Id, SAYS.id, language)]}>
          <Input maxLength={80} readOnly={row !== undefined} />
        </Form.Item>
        <Form.Item label={t.name} name="title" required rules={[zodRule(SkuBody.shape.title, SAYS.name, language)]}>
          <Input maxLength={200} />
        </Form.Item>
      </DocumentForm>
    </Drawer>
  );
}
