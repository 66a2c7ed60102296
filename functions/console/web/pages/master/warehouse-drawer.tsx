import { Drawer, Form, Input, Radio } from 'antd';
import { useMemo } from 'react';
import type { Warehouse } from '../../../../../shared/domain/settings';
import { Id } from '../../../schema/common';
import { WarehouseBody } from '../../../schema/settings';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { zodRule } from '../../kit/zod-rule';

const TEXTS = texts(
  {
    create: '新增仓库',
    edit: (name: string) => `修改 ${name}`,
    id: '仓库编码',
    idHint: '保存后不能修改',
    name: '仓库名称',
    kind: '类型',
    source: '逻辑仓（还没有分给店铺的货）',
    distribution: '配销仓（分给店铺销售的货）',
    kindHint: '已有库存、分货单或策略使用这个仓库时，请不要更改类型：引用它的店铺和策略会无法保存。',
  },
  {
    create: 'Add a warehouse',
    edit: (name: string) => `Edit ${name}`,
    id: 'Warehouse id',
    idHint: 'stays as it is once saved',
    name: 'Name',
    kind: 'Kind',
    source: 'Source (goods not yet given to any shop)',
    distribution: 'Distribution (goods given to shops to sell)',
    kindHint:
      'Leave the kind as it is once stock, allocation orders or strategies use the warehouse: shops and strategies that name it could not be saved any more.',
  },
);

const SAYS = {
  id: { zh: '1 到 80 个字符，不能含 # 和 /', en: '1 to 80 letters, digits, blanks or _-.:@+*&=,()' },
  name: { zh: '必填，最多 200 个字符', en: 'Needed, 200 characters at most' },
  kind: { zh: '请选择类型', en: 'Choose a kind' },
} as const;

interface WarehouseValues {
  readonly id: string;
  readonly title: string;
  readonly kind: Warehouse['kind'] | null;
}

/** One warehouse, or a new one. */
export function WarehouseDrawer({ row, onClose }: { row: Warehouse | undefined; onClose: () => void }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const initial = useMemo<WarehouseValues>(
    () => ({ id: row?.id ?? '', title: row?.title ?? '', kind: row?.kind ?? null }),
    [row],
  );
  return (
    <Drawer open title={row ? t.edit(row.title) : t.create} size={440} onClose={onClose}>
      <DocumentForm<WarehouseValues>
        name={`warehouse.${row?.id ?? 'new'}`}
        version={row?.version ?? 0}
        initial={initial}
        editable
        save={({ id, title, kind }, version) =>
          callApi('PUT', `/api/warehouses/${encodeURIComponent(id.trim())}`, { body: { title, kind, version } })
        }
        onSaved={onClose}
        onCancel={onClose}
      >
        <Form.Item label={t.id} name="id" required extra={t.idHint} rules={[zodRule(Id, SAYS.id, language)]}>
          <Input maxLength={80} readOnly={row !== undefined} />
        </Form.Item>
        <Form.Item
          label={t.name}
          name="title"
          required
          rules={[zodRule(WarehouseBody.shape.title, SAYS.name, language)]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          label={t.kind}
          name="kind"
          required
          {...(row && { extra: t.kindHint })}
          rules={[zodRule(WarehouseBody.shape.kind, SAYS.kind, language)]}
        >
          <Radio.Group
            vertical
            options={(['source', 'distribution'] as const).map((value) => ({ value, label: t[value] }))}
          />
        </Form.Item>
      </DocumentForm>
    </Drawer>
  );
}
