import { Alert, Form, InputNumber, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type * as z from 'zod';
import type { AuditStrategyView } from '../../../schema/settings';
import { AuditStrategyBody } from '../../../schema/settings';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { ManySelect } from '../../kit/many-select';
import { useShops } from '../../kit/names';
import { newId } from '../../kit/new-id';
import { YuanField } from '../../kit/number-fields';
import { StrategyPage } from '../../kit/strategy-page';
import { zodRule } from '../../kit/zod-rule';
import { auditSentence } from './audit-sentence';
import { NameAndSwitch, Priority } from './strategy-items';

type AuditRow = z.infer<typeof AuditStrategyView>;
type AuditValues = Pick<AuditRow, 'name' | 'enabled' | 'shopIds' | 'priority' | 'limits'>;

const TEXTS = texts(
  {
    create: '新建自动审核策略',
    enabled: '启用自动审核',
    shops: '店铺',
    allShops: '所有店铺',
    shopsHint: '留空为所有店铺',
    priorityHint: '同一店铺有多个启用的策略时，数字大的生效',
    limits: '放行条件',
    buyerMemo: '买家留言',
    sellerMemo: '卖家备注',
    any: '有无皆可',
    must: '必须为空',
    amount: '订单金额上限（元）',
    quantity: '订单件数上限',
    noLimit: '留空为不限',
    minutes: '付款后等待（分钟）',
    minutesHint: '给买家改主意的时间；0 为不等待',
    means: '这个策略的意思',
    always: '无论怎样设置，已关闭、未付款、退款中、商品未匹配或库存未占用的订单都不会自动放行。',
    effect: '保存后，被旧版本拦下的订单会按新版本重新审核。',
  },
  {
    create: 'New auto-audit strategy',
    enabled: 'Auto audit',
    shops: 'Shops',
    allShops: 'All shops',
    shopsHint: 'empty for all shops',
    priorityHint: 'where several that are on apply to a shop, the greater number decides',
    limits: 'What it lets through',
    buyerMemo: 'Buyer memo',
    sellerMemo: 'Seller memo',
    any: 'any',
    must: 'must be empty',
    amount: 'Amount at most (yuan)',
    quantity: 'Pieces at most',
    noLimit: 'empty for no limit',
    minutes: 'Wait after payment (minutes)',
    minutesHint: 'while buyers still change their minds; 0 waits for nothing',
    means: 'What this strategy means',
    always:
      'Whatever is set here: orders that are closed, unpaid, being refunded, of unmapped items or without their stock held are never released by themselves.',
    effect: 'Once saved, orders that the older version had stopped are audited again.',
  },
);

const SAYS = {
  count: { zh: '不小于 0 的整数，或留空', en: 'A whole number from 0 on, or empty' },
  amount: { zh: '不小于 0 的金额，最多两位小数，或留空', en: 'An amount from 0 on, two decimals at most, or empty' },
  minutes: { zh: '0 到 10080 的整数', en: 'A whole number from 0 to 10,080' },
} as const;

const NEW: AuditValues = {
  ...{ name: '', enabled: true, shopIds: [], priority: 0 },
  // The careful way: memos are read by a person until somebody says otherwise.
  limits: { buyerMemo: 'empty', sellerMemo: 'empty', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 },
};

const LIST = '/strategies/audit';
const { shape } = AuditStrategyBody;
const limits = shape.limits.shape;

/** One auto-audit strategy 订单自动审核策略, or a new one. */
export default function AuditStrategyPage() {
  const t = useTexts(TEXTS);
  return (
    <StrategyPage<AuditRow>
      api="/api/audit-strategies"
      list={LIST}
      create={t.create}
      form={(row, reopen) => <AuditForm row={row} reopen={reopen} />}
    />
  );
}

function AuditForm({ row, reopen }: { row: AuditRow | undefined; reopen: () => void }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const mayEdit = useMay('strategist');
  const { shopName, shopOptions } = useShops();
  const initial = useMemo<AuditValues>(() => {
    if (!row) return NEW;
    const { name, enabled, shopIds, priority } = row;
    return { name, enabled, shopIds, priority, limits: row.limits };
  }, [row]);
  const [values, setValues] = useState(initial);
  const [id] = useState(() => row?.id ?? newId('SH'));
  const memo = [
    { value: 'any', label: t.any },
    { value: 'empty', label: t.must },
  ];
  return (
    <div className="card form-card">
      <DocumentForm<AuditValues>
        name={`audit-strategy.${row?.id ?? 'new'}`}
        version={row?.version ?? 0}
        initial={initial}
        editable={mayEdit}
        save={(saved, version) =>
          callApi('PUT', `/api/audit-strategies/${encodeURIComponent(id)}`, { body: { ...saved, version } })
        }
        onSaved={() => void navigate(LIST)}
        onTheirs={reopen}
        onCancel={() => void navigate(LIST)}
        onValues={(changed) => setValues({ ...initial, ...changed })}
      >
        <NameAndSwitch schema={shape.name} enabled={t.enabled} />
        <div className="form-row">
          <Form.Item label={t.shops} name="shopIds" extra={t.shopsHint}>
            <ManySelect options={shopOptions} placeholder={t.allShops} />
          </Form.Item>
          <Priority schema={shape.priority} hint={t.priorityHint} />
        </div>
        <h2>{t.limits}</h2>
        <div className="form-row">
          <Form.Item label={t.buyerMemo} name={['limits', 'buyerMemo']}>
            <Select options={memo} className="number-field" />
          </Form.Item>
          <Form.Item label={t.sellerMemo} name={['limits', 'sellerMemo']}>
            <Select options={memo} className="number-field" />
          </Form.Item>
        </div>
        <div className="form-row">
          <Form.Item
            label={t.amount}
            name={['limits', 'amountFenMax']}
            extra={t.noLimit}
            rules={[zodRule(limits.amountFenMax, SAYS.amount, language)]}
          >
            <YuanField />
          </Form.Item>
          <Form.Item
            label={t.quantity}
            name={['limits', 'quantityMax']}
            extra={t.noLimit}
            rules={[zodRule(limits.quantityMax, SAYS.count, language)]}
          >
            <InputNumber min={0} precision={0} className="number-field" />
          </Form.Item>
          <Form.Item
            label={t.minutes}
            name={['limits', 'minutesSincePayment']}
            extra={t.minutesHint}
            rules={[zodRule(limits.minutesSincePayment, SAYS.minutes, language)]}
          >
            <InputNumber min={0} max={10_080} precision={0} className="number-field" />
          </Form.Item>
        </div>
        <Alert
          type="info"
          showIcon
          className="form-note"
          title={t.means}
          description={
            <>
              <div>{auditSentence(values, shopName, language)}</div>
              <div className="quiet">{t.always}</div>
              {mayEdit && row && <div className="quiet">{t.effect}</div>}
            </>
          }
        />
      </DocumentForm>
    </div>
  );
}
