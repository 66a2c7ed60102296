import { Button, Drawer, Empty, Form, Select, Space, Switch } from 'antd';
import { useMemo, useState } from 'react';
import type * as z from 'zod';
import { RATIO_BP_MAX } from '../../../../../../shared/domain/kernel/quantity';
import type { RatioExceptionView } from '../../../../schema/settings';
import { RatioExceptionBody } from '../../../../schema/settings';
import { useMay } from '../../../app/session';
import { callApi } from '../../../kit/api';
import { DocumentForm } from '../../../kit/document-form';
import { percentText } from '../../../kit/format';
import { texts, useLanguage, useTexts } from '../../../kit/language';
import { useShops } from '../../../kit/names';
import { RatioField } from '../../../kit/number-fields';
import { useApi } from '../../../kit/queries';
import { SkuPicker } from '../../../kit/sku-picker';
import { StatusTag } from '../../../kit/status-tag';
import { useUrlState } from '../../../kit/url-state';
import type { WholeColumn } from '../../../kit/whole-list';
import { WholeList } from '../../../kit/whole-list';
import { zodRule } from '../../../kit/zod-rule';

type RatioException = z.infer<typeof RatioExceptionView>;

const TEXTS = texts(
  {
    about: '某个商品在某个店铺用与策略不同的比例。配销仓仍取策略的，关闭后回到策略的比例。',
    title: (sku: string) => `${sku} 的例外比例`,
    sku: '商品编码',
    choose: '先选择商品编码，再查看或设置它的例外比例',
    none: '这个商品没有例外比例，各店铺按比例同步策略计算',
    add: '新增例外比例',
    shop: '店铺',
    ratio: '例外比例',
    status: '状态',
    on: '启用',
    off: '未启用',
    progress: '重算',
    computing: '重算中',
    done: '已完成',
    edit: '修改',
    editOf: (shop: string) => `修改 ${shop} 的例外比例`,
    enabled: '启用',
    effect: '保存后，这个商品在所有店铺的数量会重新计算。',
    taken: '该店铺已有例外比例，请在列表中修改',
  },
  {
    about:
      'Another ratio than the strategy’s for one SKU in one shop. The warehouses stay the strategy’s; switched off, its ratio counts again.',
    title: (sku: string) => `Ratio exceptions of ${sku}`,
    sku: 'SKU',
    choose: 'Choose a SKU to see or set its exceptions',
    none: 'This SKU has no exceptions: every shop goes by its strategy',
    add: 'Add an exception',
    shop: 'Shop',
    ratio: 'Ratio',
    status: 'Status',
    on: 'On',
    off: 'Off',
    progress: 'Computed anew',
    computing: 'under way',
    done: 'done',
    edit: 'Edit',
    editOf: (shop: string) => `Edit the exception of ${shop}`,
    enabled: 'Switched on',
    effect: 'Saving has this SKU computed anew for every shop.',
    taken: 'This shop has one already: edit it in the list',
  },
);

const SAYS = {
  shop: { zh: '请选择店铺', en: 'Choose a shop' },
  ratio: {
    zh: `0% 到 ${percentText(RATIO_BP_MAX)}，最多两位小数`,
    en: `0% to ${percentText(RATIO_BP_MAX)}, two decimals at most`,
  },
} as const;

interface ExceptionValues {
  readonly shopId: string | null;
  readonly enabled: boolean;
  readonly ratioBp: number | null;
}

/** 单品例外比例 of the SKU in the address. */
export function RatioExceptions() {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const mayEdit = useMay('strategist');
  const { shopName } = useShops();
  const [edited, setEdited] = useState<RatioException | 'new' | null>(null);
  const skuId = state['skuId'] ?? null;
  const path = `/api/ratio-exceptions/${encodeURIComponent(skuId ?? '')}`;
  const { data } = useApi<{ rows: RatioException[] }>(path, {}, { enabled: skuId !== null });
  const rows = data?.rows ?? [];
  const statusOf = ({ enabled }: RatioException): string => (enabled ? t.on : t.off);
  const columns: WholeColumn<RatioException>[] = [
    { title: t.shop, render: (_, { shopId }) => shopName(shopId), csv: { value: ({ shopId }) => shopName(shopId) } },
    {
      title: t.ratio,
      key: 'ratio',
      className: 'number',
      by: ({ ratioBp }) => ratioBp,
      render: (_, { ratioBp }) => percentText(ratioBp),
      csv: { value: ({ ratioBp }) => percentText(ratioBp) },
    },
    {
      title: t.status,
      render: (_, row) => <StatusTag tone={row.enabled ? 'good' : 'off'}>{statusOf(row)}</StatusTag>,
      csv: { value: statusOf },
    },
    {
      title: t.progress,
      render: (_, { resync }) => (resync ? <StatusTag tone="busy">{t.computing}</StatusTag> : t.done),
      csv: false,
    },
    ...(mayEdit
      ? [
          {
            title: '',
            csv: false as const,
            render: (_: unknown, row: RatioException) => (
              <Button
                size="small"
                autoInsertSpace={false}
                aria-label={t.editOf(shopName(row.shopId))}
                onClick={() => setEdited(row)}
              >
                {t.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <section>
      <p className="quiet">{t.about}</p>
      <SkuPicker label={t.sku} value={skuId} onChange={(chosen) => set({ skuId: chosen })} />
      {skuId === null ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.choose} />
      ) : (
        <WholeList<RatioException>
          part
          path={path}
          title={t.title(skuId)}
          rowKey={({ shopId }) => shopId}
          columns={columns}
          empty={t.none}
          actions={
            mayEdit && (
              <Button type="primary" onClick={() => setEdited('new')}>
                {t.add}
              </Button>
            )
          }
        />
      )}
      {skuId !== null && edited !== null && (
        <ExceptionDrawer
          key={edited === 'new' ? 'new' : `${edited.shopId} ${edited.version}`}
          skuId={skuId}
          row={edited === 'new' ? undefined : edited}
          taken={rows.map(({ shopId }) => shopId)}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  );
}

function ExceptionDrawer(props: {
  readonly skuId: string;
  readonly row: RatioException | undefined;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { shopName, shopOptions } = useShops();
  const { skuId, row, taken, onClose } = props;
  const initial = useMemo<ExceptionValues>(
    () => ({ shopId: row?.shopId ?? null, enabled: row?.enabled ?? true, ratioBp: row?.ratioBp ?? null }),
    [row],
  );
  return (
    <Drawer open title={row ? t.editOf(shopName(row.shopId)) : t.add} size={420} onClose={onClose}>
      <Space orientation="vertical" className="wide">
        <span className="quiet">
          {t.sku}: {skuId}
        </span>
        <DocumentForm<ExceptionValues>
          name={`ratio-exception.${skuId}.${row?.shopId ?? 'new'}`}
          version={row?.version ?? 0}
          initial={initial}
          editable
          save={({ shopId, enabled, ratioBp }, version) =>
            callApi('PUT', `/api/ratio-exceptions/${encodeURIComponent(skuId)}/${encodeURIComponent(shopId ?? '')}`, {
              body: { enabled, ratioBp, version },
            })
          }
          onSaved={onClose}
          onCancel={onClose}
        >
          <Form.Item
            label={t.shop}
            name="shopId"
            required
            rules={[
              { required: true, message: SAYS.shop[language] },
              {
                validator: (_rule, shopId: string | null) =>
                  !row && shopId !== null && taken.includes(shopId)
                    ? Promise.reject(new Error(t.taken))
                    : Promise.resolve(),
              },
            ]}
          >
            <Select options={shopOptions} disabled={row !== undefined} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          <Form.Item
            label={t.ratio}
            name="ratioBp"
            required
            rules={[zodRule(RatioExceptionBody.shape.ratioBp, SAYS.ratio, language)]}
          >
            <RatioField max={RATIO_BP_MAX} />
          </Form.Item>
          <Form.Item label={t.enabled} name="enabled" valuePropName="checked" extra={t.effect}>
            <Switch />
          </Form.Item>
        </DocumentForm>
      </Space>
    </Drawer>
  );
}
