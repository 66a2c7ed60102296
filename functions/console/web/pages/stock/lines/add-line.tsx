import { PlusOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import { texts, useTexts } from '../../../kit/language';
import { SkuPicker } from '../../../kit/sku-picker';
import type { Line, QtyRule } from './line';
import { readQty } from './line';

const TEXTS = texts(
  { sku: '添加商品', qty: '添加数量', add: '添加一行', placeholder: '数量' },
  { sku: 'SKU to add', qty: 'Quantity to add', add: 'Add a line', placeholder: 'Quantity' },
);

/** One more line: a SKU, a quantity, Enter. */
export function AddLine({ rule, onAdd }: { rule: QtyRule; onAdd: (line: Omit<Line, 'key'>) => void }) {
  const t = useTexts(TEXTS);
  const [skuId, setSkuId] = useState<string | null>(null);
  const [qtyText, setQtyText] = useState('');
  const wrong = 'problem' in readQty(qtyText, rule);
  const add = (): void => {
    if (skuId === null || wrong) return;
    onAdd({ skuId, qtyText: qtyText.trim() });
    setSkuId(null);
    setQtyText('');
  };
  return (
    <Space wrap>
      <SkuPicker label={t.sku} value={skuId} onChange={setSkuId} />
      <Input
        className="number qty"
        aria-label={t.qty}
        placeholder={t.placeholder}
        inputMode="numeric"
        maxLength={20}
        value={qtyText}
        status={qtyText !== '' && wrong ? 'error' : ''}
        onChange={(event) => setQtyText(event.target.value)}
        onPressEnter={(event) => {
          // Enter would send the whole form.
          event.preventDefault();
          add();
        }}
      />
      <Button icon={<PlusOutlined />} disabled={skuId === null || wrong} onClick={add}>
        {t.add}
      </Button>
    </Space>
  );
}
