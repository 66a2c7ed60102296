import { CloudDownloadOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { downloadListings } from '../../kit/download-listings';
import { texts, useTexts } from '../../kit/language';
import { useShops } from '../../kit/names';
import { useAction } from '../../kit/queries';

const TEXTS = texts(
  {
    download: '商品下载',
    about: '从平台读取店铺的全部在售商品，商家编码与我方商品编码相同的自动对应；已经保存的对应不变。',
    shop: '店铺',
    need: '请选择店铺',
    start: '开始下载',
    close: '关闭',
    read: (listings: number) => `已读到 ${listings} 个平台商品…`,
    found: (listings: number, mapped: number) => `读到 ${listings} 个平台商品，已对应 ${mapped} 个`,
    unmapped: (n: number) => `查看未匹配的 ${n} 个`,
  },
  {
    download: 'Download items',
    about:
      'Reads everything that the shop has on sale. Listings whose merchant code is one of our SKUs are mapped by themselves; saved mappings stay as they are.',
    shop: 'Shop',
    need: 'Choose a shop',
    start: 'Download',
    close: 'Close',
    read: (listings: number) => `${listings} listings so far…`,
    found: (listings: number, mapped: number) => `${listings} listings were read, ${mapped} have a SKU`,
    unmapped: (n: number) => `See the ${n} without one`,
  },
);

/** 商品下载 of one shop, and what it found. */
export function DownloadItems({ shopId }: { shopId: string | undefined }) {
  const t = useTexts(TEXTS);
  const { shopOptions } = useShops();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<{ shopId: string }>();
  const [read, setRead] = useState(0);
  const download = useAction((values: { shopId: string }) => {
    setRead(0);
    return downloadListings(values.shopId, ({ listings }) => setRead(listings));
  });
  const { data, variables } = download;
  return (
    <>
      <Button
        icon={<CloudDownloadOutlined />}
        onClick={() => {
          download.reset();
          setOpen(true);
        }}
      >
        {t.download}
      </Button>
      <Modal
        title={t.download}
        open={open}
        okText={t.start}
        cancelText={t.close}
        confirmLoading={download.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t.about}</p>
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          initialValues={{ shopId }}
          onFinish={(values) => download.mutate(values)}
        >
          <Form.Item name="shopId" label={t.shop} rules={[{ required: true, message: t.need }]}>
            <Select options={shopOptions} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
        </Form>
        {download.isPending && read > 0 && <p role="status">{t.read(read)}</p>}
        {data && (
          <Alert
            role="status"
            showIcon
            type={data.unmapped > 0 ? 'warning' : 'success'}
            title={t.found(data.listings, data.mapped)}
            description={
              data.unmapped > 0 && (
                <Link
                  to={`/interfaces/mappings?shopId=${encodeURIComponent(variables.shopId)}&unmapped=true`}
                  onClick={() => setOpen(false)}
                >
                  {t.unmapped(data.unmapped)}
                </Link>
              )
            }
          />
        )}
      </Modal>
    </>
  );
}
