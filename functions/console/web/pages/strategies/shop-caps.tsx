import { Alert, Drawer, Form, InputNumber } from 'antd';
import { useMemo } from 'react';
import type { ShopStrategyRow } from '../../../schema/settings';
import { ShopStrategyBody } from '../../../schema/settings';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { zodRule } from '../../kit/zod-rule';

const TEXTS = texts(
  {
    title: (shop: string) => `${shop} 的安全库存和上限`,
    reserve: '安全库存（件）',
    reserveHint: '从每个商品应显示的数量中扣下的件数',
    max: '上限（件）',
    maxHint: '每个商品最多显示的件数，留空为不限',
    effect: '保存后，该店铺全部在售商品的数量会重新计算。',
    off: '该店铺未启用平台库存同步：只计算，不推送。',
    example: (shown: number) => `例：按比例得 100 件时，店铺显示 ${shown} 件`,
  },
  {
    title: (shop: string) => `Safety stock and cap of ${shop}`,
    reserve: 'Safety stock (pieces)',
    reserveHint: 'kept back from what each SKU would show',
    max: 'Cap (pieces)',
    maxHint: 'most that each SKU ever shows; empty for none',
    effect: 'Saving has everything that the shop lists computed anew.',
    off: 'Platform stock sync is off for this shop: quantities are computed, not pushed.',
    example: (shown: number) => `Example: where the ratio gives 100 pieces, the shop shows ${shown}`,
  },
);

const SAYS = { zh: '0 到 1000000 的整数', en: 'A whole number from 0 to 1,000,000' };

interface Caps {
  readonly reserveQty: number | null;
  readonly maxQty: number | null;
}

/** 安全库存 and 上限 of one shop; the switch stays as it is. */
export function ShopCaps({ row, onClose }: { row: ShopStrategyRow; onClose: () => void }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const initial = useMemo<Caps>(() => ({ reserveQty: row.reserveQty, maxQty: row.maxQty }), [row]);
  const { shape } = ShopStrategyBody;
  return (
    <Drawer open title={t.title(row.shopTitle)} size={420} onClose={onClose}>
      <DocumentForm<Caps>
        name={`shop-strategy.${row.shopId}`}
        version={row.version}
        initial={initial}
        editable
        save={({ reserveQty, maxQty }, version) =>
          callApi('PUT', `/api/shop-strategies/${encodeURIComponent(row.shopId)}`, {
            body: { stockSyncEnabled: row.stockSyncEnabled, reserveQty: reserveQty ?? 0, maxQty, version },
          })
        }
        onSaved={onClose}
        onCancel={onClose}
      >
        <Form.Item
          label={t.reserve}
          name="reserveQty"
          extra={t.reserveHint}
          rules={[zodRule(shape.reserveQty, SAYS, language)]}
        >
          <InputNumber min={0} max={1_000_000} precision={0} className="number-field" />
        </Form.Item>
        <Form.Item label={t.max} name="maxQty" extra={t.maxHint} rules={[zodRule(shape.maxQty, SAYS, language)]}>
          <InputNumber min={0} max={1_000_000} precision={0} className="number-field" />
        </Form.Item>
        <Form.Item<Caps> dependencies={['reserveQty', 'maxQty']} noStyle>
          {({ getFieldValue }) => {
            const reserve = (getFieldValue('reserveQty') as number | null) ?? 0;
            const max = getFieldValue('maxQty') as number | null;
            const shown = Math.min(Math.max(0, 100 - reserve), max ?? Number.MAX_SAFE_INTEGER);
            return (
              <Alert
                type="info"
                className="form-note"
                title={t.example(shown)}
                description={row.stockSyncEnabled ? t.effect : t.off}
              />
            );
          }}
        </Form.Item>
      </DocumentForm>
    </Drawer>
  );
}
