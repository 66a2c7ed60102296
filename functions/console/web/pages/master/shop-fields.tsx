import { Alert, Form, Input, InputNumber, Select, Switch } from 'antd';
import type { ShopRow } from '../../../schema/settings';
import { Id } from '../../../schema/common';
import { ShopBody } from '../../../schema/settings';
import { CHANNEL } from '../../kit/channels';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { ManySelect } from '../../kit/many-select';
import { useWarehouses } from '../../kit/names';
import { zodRule } from '../../kit/zod-rule';

/** What the form of a shop holds. */
export interface ShopValues {
  readonly id: string;
  readonly channel: 'taobao' | 'doudian' | null;
  readonly title: string;
  readonly platformShopId: string;
  readonly warehouseIds: readonly string[];
  readonly active: boolean;
  readonly writesPerSecond: number | null;
  readonly writeBurst: number | null;
}

const TEXTS = texts(
  {
    id: '店铺编码',
    idHint: '保存后不能修改；密钥在服务器设置中按这个编码配置',
    channel: '平台',
    name: '店铺名称',
    platformShopId: '平台店铺号',
    platformShopIdHint: '平台消息中携带的店铺号；没有则留空',
    warehouses: '发货配销仓',
    warehousesHint: '订单按这里的先后顺序选仓',
    noWarehouse: '还没有配销仓，请先在“仓库”中建立',
    active: '启用',
    activeHint: '停用后不再接收订单，也不再推送库存',
    rate: '每秒库存写入次数',
    rateHint: '平台允许这个店铺的频率',
    burst: '可连续写入次数',
    noKeys: '这个店铺的密钥尚未配置，无法调用平台',
    noKeysHow: (id: string) => `请工程师在设置 YIPAN_SECRETS 的 shops.${id} 中加入 appKey、appSecret、accessToken。`,
  },
  {
    id: 'Shop id',
    idHint: 'stays as it is once saved; its keys stand under this id in the settings of the server',
    channel: 'Channel',
    name: 'Name',
    platformShopId: "Platform's number",
    platformShopIdHint: 'as the platform’s messages carry it; empty where they carry none',
    warehouses: 'Ships from',
    warehousesHint: 'distribution warehouses, in order of preference',
    noWarehouse: 'There is no distribution warehouse: make one under “Warehouses”',
    active: 'Active',
    activeHint: 'a shop that is not takes no orders and is pushed no stock',
    rate: 'Stock writes a second',
    rateHint: 'that the platform allows this shop',
    burst: 'Stock writes at once',
    noKeys: 'The keys of this shop are missing: the platform cannot be called',
    noKeysHow: (id: string) =>
      `An engineer puts appKey, appSecret and accessToken under shops.${id} of the setting YIPAN_SECRETS.`,
  },
);

const SAYS = {
  id: {
    zh: '1 到 80 个字符，不能含 # 和 /，不能是 new',
    en: '1 to 80 letters, digits, blanks or _-.:@+*&=,(); not “new”',
  },
  channel: { zh: '请选择平台', en: 'Choose a channel' },
  name: { zh: '必填，最多 200 个字符', en: 'Needed, 200 characters at most' },
  platformShopId: { zh: '最多 40 个字符', en: '40 characters at most' },
  warehouses: { zh: '选择 1 到 20 个配销仓', en: 'Choose 1 to 20 distribution warehouses' },
  rate: { zh: '大于 0，最多 10000', en: 'More than 0, 10,000 at most' },
  burst: { zh: '1 到 10000 的整数', en: 'A whole number from 1 to 10,000' },
} as const;

/** The page of a new shop has this in its address. */
const NewableId = Id.refine((id) => id !== 'new');

const { shape } = ShopBody;

export function ShopFields({ row }: { row: ShopRow | undefined }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { warehouseOptions } = useWarehouses('distribution');
  return (
    <>
      {row && !row.hasKeys && (
        <Alert type="warning" showIcon className="form-note" title={t.noKeys} description={t.noKeysHow(row.id)} />
      )}
      <div className="form-row">
        <Form.Item label={t.id} name="id" required extra={t.idHint} rules={[zodRule(NewableId, SAYS.id, language)]}>
          <Input maxLength={80} readOnly={row !== undefined} />
        </Form.Item>
        <Form.Item label={t.channel} name="channel" required rules={[zodRule(shape.channel, SAYS.channel, language)]}>
          <Select options={Object.entries(CHANNEL[language]).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item label={t.name} name="title" required rules={[zodRule(shape.title, SAYS.name, language)]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          label={t.platformShopId}
          name="platformShopId"
          extra={t.platformShopIdHint}
          rules={[zodRule(shape.platformShopId, SAYS.platformShopId, language)]}
        >
          <Input maxLength={40} />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item
          label={t.warehouses}
          name="warehouseIds"
          required
          extra={t.warehousesHint}
          rules={[zodRule(shape.warehouseIds, SAYS.warehouses, language)]}
        >
          <ManySelect options={warehouseOptions} notFoundContent={t.noWarehouse} />
        </Form.Item>
        <Form.Item label={t.active} name="active" valuePropName="checked" extra={t.activeHint}>
          <Switch />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item
          label={t.rate}
          name="writesPerSecond"
          extra={t.rateHint}
          rules={[zodRule(shape.writesPerSecond, SAYS.rate, language)]}
        >
          <InputNumber min={0.01} max={10_000} className="number-field" />
        </Form.Item>
        <Form.Item label={t.burst} name="writeBurst" rules={[zodRule(shape.writeBurst, SAYS.burst, language)]}>
          <InputNumber min={1} max={10_000} precision={0} className="number-field" />
        </Form.Item>
      </div>
    </>
  );
}
