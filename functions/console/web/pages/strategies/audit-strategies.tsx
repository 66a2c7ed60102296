import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import type * as z from 'zod';
import type { AuditStrategyView } from '../../../schema/settings';
import { useMay } from '../../app/session';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useShops } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import type { WholeColumn } from '../../kit/whole-list';
import { found, WholeList } from '../../kit/whole-list';
import { auditSentence } from './audit-sentence';

type AuditRow = z.infer<typeof AuditStrategyView>;

const TEXTS = texts(
  {
    title: '订单自动审核',
    name: '策略名称',
    status: '自动审核',
    on: '已启用',
    off: '未启用',
    shop: '店铺',
    allShops: '所有店铺',
    what: '放行哪些订单',
    priority: '优先级',
    create: '新建策略',
    note: '同一店铺有多个启用的策略时，优先级数字大的生效。没有启用策略的店铺，订单等待人工审核。',
    empty: '还没有自动审核策略，所有订单等待人工审核。',
    emptyLink: '新建第一个策略',
  },
  {
    title: 'Auto audit',
    name: 'Name',
    status: 'Auto audit',
    on: 'On',
    off: 'Off',
    shop: 'Shops',
    allShops: 'All shops',
    what: 'What it lets through',
    priority: 'Priority',
    create: 'New strategy',
    note: 'Where several that are on apply to a shop, the one of the greatest priority decides. Orders of shops without one wait for a person.',
    empty: 'There is no auto-audit strategy: all orders wait for a person.',
    emptyLink: 'Make the first strategy',
  },
);

/** 订单自动审核: the strategies, each with what it lets through in plain words. */
export default function AuditStrategiesPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const mayEdit = useMay('strategist');
  const { shopName, shopOptions } = useShops();
  const shopsOf = ({ shopIds }: AuditRow): string =>
    shopIds.length === 0 ? t.allShops : shopIds.map(shopName).join('、');
  const sentenceOf = (row: AuditRow): string => auditSentence({ ...row, enabled: true }, shopName, language);
  const columns: WholeColumn<AuditRow>[] = [
    {
      title: t.name,
      key: 'name',
      by: ({ name }) => name,
      render: (_, { id, name }) => <Link to={`/strategies/audit/${encodeURIComponent(id)}`}>{name}</Link>,
      csv: { value: ({ name }) => name },
    },
    {
      title: t.status,
      key: 'status',
      by: ({ enabled }) => Number(enabled),
      render: (_, { enabled }) => <StatusTag tone={enabled ? 'good' : 'off'}>{enabled ? t.on : t.off}</StatusTag>,
      csv: { value: ({ enabled }) => (enabled ? t.on : t.off) },
    },
    { title: t.shop, render: (_, row) => <div className="names">{shopsOf(row)}</div>, csv: { value: shopsOf } },
    {
      title: t.priority,
      key: 'priority',
      className: 'number',
      by: ({ priority }) => priority,
      dataIndex: 'priority',
    },
    {
      title: t.what,
      render: (_, row) => <div className="sentence">{sentenceOf(row)}</div>,
      csv: { value: sentenceOf },
    },
  ];
  return (
    <WholeList<AuditRow>
      path="/api/audit-strategies"
      title={t.title}
      rowKey={({ id }) => id}
      columns={columns}
      filters={[
        { kind: 'text', names: ['name'], label: t.name, matches: ({ name }, text) => found(text, name) },
        {
          kind: 'select',
          names: ['shopId'],
          label: t.shop,
          options: shopOptions,
          matches: ({ shopIds }, shopId) => shopIds.length === 0 || shopIds.includes(shopId),
        },
        {
          kind: 'select',
          names: ['state'],
          label: t.status,
          options: [
            { value: 'on', label: t.on },
            { value: 'off', label: t.off },
          ],
          matches: ({ enabled }, state) => enabled === (state === 'on'),
        },
      ]}
      note={() => <p className="quiet">{t.note}</p>}
      actions={
        mayEdit && (
          <Button type="primary" onClick={() => void navigate('/strategies/audit/new')}>
            {t.create}
          </Button>
        )
      }
      empty={
        <>
          {t.empty} {mayEdit && <Link to="/strategies/audit/new">{t.emptyLink}</Link>}
        </>
      }
    />
  );
}
