import { Alert, App, Descriptions, Form, Modal, Skeleton } from 'antd';
import { listingKey } from '../../../../../shared/domain/order/item-mapping';
import type { MappingPage, MappingRow } from '../../../schema/mapping';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { ErrorView } from '../../kit/error-view';
import { texts, useTexts } from '../../kit/language';
import { useShops } from '../../kit/names';
import { useApi } from '../../kit/queries';
import { SkuPicker } from '../../kit/sku-picker';

const TEXTS = texts(
  {
    title: '商品对应',
    shop: '店铺',
    listing: '平台商品',
    ids: '平台编号',
    code: '商家编码',
    sku: '商品编码（我方 SKU）',
    need: '请选择商品编码',
    effect: '保存后，等待此商品的订单会自动转换，店铺显示的库存按该商品重新计算。',
    change: '已经转换的订单保留原来的商品编码；只影响之后的订单和库存同步。',
    revived: (n: number) => `已唤醒 ${n} 个等待的订单`,
    none: '没有这个平台商品。请先做“商品下载”，或等订单带入。',
    readOnly: '只读：修改商品对应需要运营员权限。',
  },
  {
    title: 'Item mapping',
    shop: 'Shop',
    listing: 'Listing',
    ids: 'Ids on the platform',
    code: 'Merchant code',
    sku: 'SKU of ours',
    need: 'Choose a SKU',
    effect:
      'Once it is saved, orders that wait for this listing are converted by themselves, and the stock that the shop shows is computed anew.',
    change:
      'Orders that are converted already keep the SKU that they have; later orders and the sync of stock follow the new one.',
    revived: (n: number) => `${n} waiting orders were revived`,
    none: 'There is no such listing. Download the items first, or wait until an order brings it.',
    readOnly: 'Read only: mapping a listing needs the role operator.',
  },
);

interface Values {
  readonly skuId: string | null;
}

/** Says which SKU one listing of a shop is. `listing` is `item` or `item#sku`; it is read anew, so that its version is the newest. */
export function MappingDialog(props: {
  readonly shopId: string;
  readonly listing: string;
  readonly onClose: () => void;
}) {
  const t = useTexts(TEXTS);
  const [itemId = ''] = props.listing.split('#');
  const { data, error, refetch } = useApi<MappingPage>('/api/mappings', { shopId: props.shopId, itemId });
  const row = data?.rows.find((one) => listingKey(one) === props.listing);
  return (
    <Modal title={t.title} open footer={null} width={620} mask={{ closable: false }} onCancel={props.onClose}>
      {error !== null && !data && <ErrorView error={error} retry={() => void refetch()} />}
      {!data && error === null && <Skeleton active />}
      {data && !row && <Alert type="warning" showIcon title={t.none} />}
      {row && <MappingForm key={row.version} row={row} onClose={props.onClose} />}
    </Modal>
  );
}

function MappingForm({ row, onClose }: { row: MappingRow; onClose: () => void }) {
  const t = useTexts(TEXTS);
  const may = useMay('operator');
  const { shopName } = useShops();
  const { message } = App.useApp();
  const { shopId, itemId, platformSkuId } = row;
  const save = async ({ skuId }: Values, version: number): Promise<void> => {
    const body = { shopId, itemId, platformSkuId, skuId, version };
    const { revived } = await callApi<{ revived: number }>('PUT', '/api/mappings', { body });
    if (revived > 0) void message.info(t.revived(revived), 6);
  };
  return (
    <>
      <Descriptions
        size="small"
        column={1}
        className="form-note"
        items={[
          { key: 'shop', label: t.shop, children: shopName(shopId) },
          { key: 'listing', label: t.listing, children: row.title === '' ? '–' : row.title },
          { key: 'ids', label: t.ids, children: platformSkuId === null ? itemId : `${itemId} / ${platformSkuId}` },
          { key: 'code', label: t.code, children: row.merchantCode ?? '–' },
        ]}
      />
      <Alert
        type="info"
        showIcon
        className="form-note"
        title={may ? (row.skuId === null ? t.effect : t.change) : t.readOnly}
      />
      <DocumentForm<Values>
        name={`mapping.${shopId}.${listingKey(row)}`}
        version={row.version}
        initial={{ skuId: row.skuId }}
        editable={may}
        save={save}
        onSaved={onClose}
        onCancel={onClose}
      >
        <Form.Item name="skuId" label={t.sku} rules={[{ required: true, message: t.need }]}>
          <SkuPicker />
        </Form.Item>
      </DocumentForm>
    </>
  );
}
