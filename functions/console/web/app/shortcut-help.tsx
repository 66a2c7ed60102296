import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button, Descriptions, Modal } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { texts, useTexts } from '../kit/language';
import { queryClient } from '../kit/queries';
import { useShortcut } from './shortcuts';

const TEXTS = texts(
  {
    title: '快捷键',
    search: '搜索',
    help: '显示快捷键',
    refresh: '刷新页面数据',
    home: '首页',
    orders: '零售发货单',
    stock: '库存查询',
    queue: '库存同步队列',
  },
  {
    title: 'Keyboard shortcuts',
    search: 'Search',
    help: 'Show the shortcuts',
    refresh: 'Refresh what is shown',
    home: 'Home',
    orders: 'Delivery orders',
    stock: 'Stock on hand',
    queue: 'Stock sync queue',
  },
);

/** `?` shows the keys. */
export function ShortcutHelp() {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  useShortcut('?', () => setOpen(true));
  useShortcut('r', () => void queryClient.invalidateQueries());
  useShortcut('h', () => void navigate('/'));
  useShortcut('o', () => void navigate('/orders/delivery-orders'));
  useShortcut('s', () => void navigate('/stock/balances'));
  useShortcut('q', () => void navigate('/operations/sync-queue'));
  const keys: [string, string][] = [
    ['/', t.search],
    ['h', t.home],
    ['o', t.orders],
    ['s', t.stock],
    ['q', t.queue],
    ['r', t.refresh],
    ['?', t.help],
  ];
  return (
    <>
      <Button type="text" aria-label={t.title} icon={<QuestionCircleOutlined />} onClick={() => setOpen(true)} />
      <Modal title={t.title} open={open} footer={null} onCancel={() => setOpen(false)}>
        <Descriptions
          column={1}
          size="small"
          items={keys.map(([key, children]) => ({ key, label: <kbd>{key}</kbd>, children }))}
        />
      </Modal>
    </>
  );
}
