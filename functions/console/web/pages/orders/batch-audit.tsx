import { AuditOutlined } from '@ant-design/icons';
import { Button, Modal, Tooltip } from 'antd';
import { useRef, useState } from 'react';
import type { DeliveryOrderRow, DeliveryOrderView } from '../../../schema/delivery-order';
import { callApi } from '../../kit/api';
import { useErrorText } from '../../kit/error-text';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { queryClient } from '../../kit/queries';
import type { Result } from '../../kit/results-table';
import { ResultsTable } from '../../kit/results-table';
import { DELIVERY_STATUS, DELIVERY_TONE } from './delivery-status';

const TEXTS = texts(
  {
    audit: (n: number) => (n === 0 ? '审核' : `审核 (${n})`),
    choose: '请先勾选待审核的订单',
    title: (n: number) => `审核 ${n} 个订单`,
    about: '审核通过的订单释放给仓库配货，占用的库存不变。未付款、退款中、缺货等订单不会通过，逐单告知原因。',
    start: '开始审核',
    stop: '停止',
    close: '关闭',
    order: '订单号',
    waiting: '等待',
    refused: '未通过',
    left: '未处理',
    done: (good: number, bad: number) => `通过 ${good} 个，未通过 ${bad} 个`,
  },
  {
    audit: (n: number) => (n === 0 ? 'Audit' : `Audit (${n})`),
    choose: 'Tick orders that wait for their audit first',
    title: (n: number) => `Audit ${n} orders`,
    about:
      'Orders that pass are released to their warehouse; the stock that they hold stays as it is. Orders that are unpaid, under refund or out of stock do not pass; each says why.',
    start: 'Audit them',
    stop: 'Stop',
    close: 'Close',
    order: 'Order',
    waiting: 'Waiting',
    refused: 'Not passed',
    left: 'Not done',
    done: (good: number, bad: number) => `${good} passed, ${bad} did not`,
  },
);

type Outcome = Pick<Result, 'tone' | 'outcome' | 'detail'> & { readonly passed: boolean };

const keyOf = ({ shopId, orderNo }: DeliveryOrderRow): string => `${shopId}#${orderNo}`;

/** Audits the chosen orders one by one, and tells what became of each. */
export function BatchAudit({ rows, onDone }: { rows: readonly DeliveryOrderRow[]; onDone: () => void }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const errorText = useErrorText();
  const [chosen, setChosen] = useState<readonly DeliveryOrderRow[] | null>(null);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [phase, setPhase] = useState<'asked' | 'running' | 'ended'>('asked');
  const stop = useRef(new AbortController());

  const auditOne = async (row: DeliveryOrderRow): Promise<Outcome> => {
    const path = `/api/delivery-orders/${encodeURIComponent(row.shopId)}/${encodeURIComponent(row.orderNo)}/audit`;
    try {
      const { status } = await callApi<DeliveryOrderView>('POST', path, { body: {} });
      return { passed: true, tone: DELIVERY_TONE[status], outcome: DELIVERY_STATUS[language][status] };
    } catch (error) {
      return { passed: false, tone: 'bad', outcome: t.refused, detail: errorText(error) };
    }
  };
  const run = async (): Promise<void> => {
    setPhase('running');
    stop.current = new AbortController();
    const { signal } = stop.current;
    for (const row of chosen ?? []) {
      if (signal.aborted) break;
      const outcome = await auditOne(row);
      setOutcomes((before) => new Map(before).set(keyOf(row), outcome));
    }
    setPhase('ended');
    void queryClient.invalidateQueries();
  };
  const close = (): void => {
    stop.current.abort();
    setChosen(null);
    if (phase !== 'asked') onDone();
  };

  const results = (chosen ?? []).map((row): Result => {
    const outcome = outcomes.get(keyOf(row));
    const waiting = { tone: 'off', outcome: phase === 'ended' ? t.left : t.waiting } as const;
    return { key: keyOf(row), name: row.orderNo, ...(outcome ?? waiting) };
  });
  const good = [...outcomes.values()].filter(({ passed }) => passed).length;
  return (
    <>
      <Tooltip title={rows.length === 0 ? t.choose : undefined}>
        <Button
          type="primary"
          icon={<AuditOutlined />}
          disabled={rows.length === 0}
          onClick={() => {
            setOutcomes(new Map());
            setPhase('asked');
            setChosen(rows);
          }}
        >
          {t.audit(rows.length)}
        </Button>
      </Tooltip>
      <Modal
        title={t.title(chosen?.length ?? 0)}
        open={chosen !== null}
        width={760}
        mask={{ closable: false }}
        onCancel={close}
        footer={
          phase === 'running' ? (
            <Button onClick={() => stop.current.abort()}>{t.stop}</Button>
          ) : (
            <>
              <Button onClick={close}>{t.close}</Button>
              {phase === 'asked' && (
                <Button type="primary" onClick={() => void run()}>
                  {t.start}
                </Button>
              )}
            </>
          )
        }
      >
        <p role="status">{phase === 'asked' ? t.about : t.done(good, outcomes.size - good)}</p>
        <ResultsTable name={t.order} results={results} />
      </Modal>
    </>
  );
}
