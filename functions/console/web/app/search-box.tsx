import { SearchOutlined } from '@ant-design/icons';
import type { InputRef } from 'antd';
import { AutoComplete, Input } from 'antd';
import { useDeferredValue, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { SearchAnswer, SearchHit } from '../../schema/search';
import { texts, useTexts } from '../kit/language';
import {
  allocationPath,
  deliveryOrderPath,
  platformOrderPath,
  shopPath,
  stockEntryPath,
  stockPath,
} from '../kit/paths';
import { useApi } from '../kit/queries';
import { useShortcut } from './shortcuts';

const TEXTS = texts(
  {
    placeholder: '搜索订单号、商品编码、店铺（/）',
    none: '没有找到',
    searching: '正在查找…',
    'platform-order': '平台订单',
    'delivery-order': '零售发货单',
    sku: '商品',
    shop: '店铺',
    warehouse: '仓库',
    'allocation-order': '分货单',
    'stock-entry': '出入库单',
  },
  {
    placeholder: 'Order number, SKU or shop (/)',
    none: 'Nothing found',
    searching: 'Searching…',
    'platform-order': 'Platform order',
    'delivery-order': 'Delivery order',
    sku: 'SKU',
    shop: 'Shop',
    warehouse: 'Warehouse',
    'allocation-order': 'Allocation order',
    'stock-entry': 'Stock entry',
  },
);

/** The page of what was found. */
function pathOf(hit: SearchHit): string {
  switch (hit.kind) {
    case 'platform-order':
      return platformOrderPath(hit.channel ?? 'taobao', hit.shopId ?? '', hit.orderNo ?? '');
    case 'delivery-order':
      return deliveryOrderPath(hit.shopId ?? '', hit.orderNo ?? '');
    case 'sku':
      return stockPath(hit.id);
    case 'shop':
      return shopPath(hit.id);
    case 'warehouse':
      return `/stock/balances?warehouseId=${encodeURIComponent(hit.id)}`;
    case 'allocation-order':
      return allocationPath(hit.id);
    case 'stock-entry':
      return stockEntryPath(hit.id);
  }
}

/** Finds an order number, a SKU or a shop from anywhere; `/` goes to it. */
export function SearchBox() {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const input = useRef<InputRef>(null);
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  // What was found for other letters is no answer to these: it is not shown meanwhile.
  const { data, isFetching } = useApi<SearchAnswer>('/api/search', { q: text }, { enabled: text !== '' });
  const hits = text === '' ? [] : (data?.hits ?? []);
  useShortcut('/', () => input.current?.focus({ cursor: 'all' }));
  const go = (hit: SearchHit | undefined): void => {
    if (!hit) return;
    setTyped('');
    input.current?.blur();
    void navigate(pathOf(hit));
  };
  return (
    <AutoComplete
      className="search"
      value={typed}
      options={hits.map((hit, i) => ({
        value: String(i),
        label: (
          <span className="hit">
            <span className="quiet">{t[hit.kind]}</span> <b>{hit.kind === 'sku' ? hit.id : (hit.orderNo ?? hit.id)}</b>{' '}
            {hit.title}
          </span>
        ),
      }))}
      notFoundContent={text === '' ? null : isFetching ? t.searching : t.none}
      defaultActiveFirstOption
      popupMatchSelectWidth={480}
      onChange={(value: string) => setTyped(value)}
      onSelect={(value: string) => go(hits[Number(value)])}
    >
      <Input
        ref={input}
        prefix={<SearchOutlined />}
        placeholder={t.placeholder}
        aria-label={t.placeholder}
        maxLength={80}
        onKeyDown={(event) => {
          if (event.key === 'Escape') input.current?.blur();
        }}
      />
    </AutoComplete>
  );
}
