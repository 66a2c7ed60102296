import { Form } from 'antd';
import { RATIO_BP_MAX } from '../../../../../../shared/domain/kernel/quantity';
import { RatioStrategyBody } from '../../../../schema/settings';
import { percentText } from '../../../kit/format';
import { texts, useLanguage, useTexts } from '../../../kit/language';
import { ManySelect } from '../../../kit/many-select';
import { useShops, useWarehouses } from '../../../kit/names';
import { RatioField } from '../../../kit/number-fields';
import { TimeField } from '../../../kit/time-field';
import { zodRule } from '../../../kit/zod-rule';
import { SkuListField } from './sku-list-field';
import type { StrategyValues } from './strategy-values';
import { NameAndSwitch, Priority } from '../../strategies/strategy-items';

const TEXTS = texts(
  {
    enabled: '启用',
    shops: '店铺',
    shopsHint: '这些店铺都按下面的比例显示库存',
    skus: '商品',
    warehouses: '配销仓',
    warehousesHint: '可用库存取这些配销仓之和',
    noWarehouse: '还没有配销仓，请先在“基础资料 › 仓库”中建立',
    ratio: '同步比例',
    ratioHint: (percent: string) => `店铺显示 = 向下取整（可用库存 × ${percent}），再扣安全库存并受上限约束`,
    priorityHint: '同一店铺、商品有多个策略时，数字大的生效',
    from: '生效时间（上海时间）',
    to: '失效时间（上海时间）',
    open: '不限',
  },
  {
    enabled: 'Switched on',
    shops: 'Shops',
    shopsHint: 'each of them shows stock by the ratio below',
    skus: 'SKUs',
    warehouses: 'Distribution warehouses',
    warehousesHint: 'the stock available in them is summed',
    noWarehouse: 'There is no distribution warehouse: make one under “Master data › Warehouses”',
    ratio: 'Ratio',
    ratioHint: (percent: string) =>
      `a shop shows floor(available stock × ${percent}), less its safety stock and up to its cap`,
    priorityHint: 'where several strategies cover a shop and SKU, the greater number decides',
    from: 'Valid from (Shanghai time)',
    to: 'Valid to (Shanghai time)',
    open: 'open',
  },
);

const SAYS = {
  shops: { zh: '至少选择一个店铺', en: 'Choose one shop at least' },
  skus: { zh: '至少一个商品，或选择“全部商品”', en: 'One SKU at least, or all SKUs' },
  warehouses: { zh: '选择 1 到 20 个配销仓', en: 'Choose 1 to 20 distribution warehouses' },
  ratio: {
    zh: `0% 到 ${percentText(RATIO_BP_MAX)}，最多两位小数`,
    en: `0% to ${percentText(RATIO_BP_MAX)}, two decimals at most`,
  },
  to: { zh: '失效时间必须晚于生效时间', en: 'It must end after it begins' },
} as const;

/** SKUs that a strategy lists at most. */
const SKUS_MAX = 2_000;

const { shape } = RatioStrategyBody;

export function StrategyFields({ editable, values }: { editable: boolean; values: StrategyValues }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { shopOptions } = useShops();
  const { warehouseOptions } = useWarehouses('distribution');
  return (
    <>
      <NameAndSwitch schema={shape.name} enabled={t.enabled} />
      <div className="form-row">
        <Form.Item
          label={t.shops}
          name="shopIds"
          required
          extra={t.shopsHint}
          rules={[zodRule(shape.shopIds, SAYS.shops, language)]}
        >
          <ManySelect options={shopOptions} />
        </Form.Item>
        <Form.Item
          label={t.warehouses}
          name="warehouseIds"
          required
          extra={t.warehousesHint}
          rules={[zodRule(shape.warehouseIds, SAYS.warehouses, language)]}
        >
          <ManySelect options={warehouseOptions} notFoundContent={t.noWarehouse} />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item
          label={t.ratio}
          name="ratioBp"
          required
          extra={t.ratioHint(values.ratioBp === null ? '%' : percentText(values.ratioBp))}
          rules={[zodRule(shape.ratioBp, SAYS.ratio, language)]}
        >
          <RatioField max={RATIO_BP_MAX} />
        </Form.Item>
        <Priority schema={shape.priority} hint={t.priorityHint} />
      </div>
      <div className="form-row">
        <Form.Item label={t.from} name="validFromMs">
          <TimeField placeholder={t.open} />
        </Form.Item>
        <Form.Item
          label={t.to}
          name="validToMs"
          dependencies={['validFromMs']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_rule, to: number | null) => {
                const from = getFieldValue('validFromMs') as number | null;
                return from !== null && to !== null && to <= from
                  ? Promise.reject(new Error(SAYS.to[language]))
                  : Promise.resolve();
              },
            }),
          ]}
        >
          <TimeField placeholder={t.open} />
        </Form.Item>
      </div>
      <Form.Item label={t.skus} name="skuIds" rules={[zodRule(shape.skuIds, SAYS.skus, language)]}>
        <SkuListField disabled={!editable} max={SKUS_MAX} />
      </Form.Item>
    </>
  );
}
