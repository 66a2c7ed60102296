import { Button, Modal } from 'antd';
import { useCallback, useState } from 'react';
import { Link } from 'react-router';
import { useErrorText } from '../../kit/error-text';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { queryClient } from '../../kit/queries';
import type { Result } from '../../kit/results-table';
import { ResultsTable } from '../../kit/results-table';
import { DELIVERY_STATUS } from '../orders/delivery-status';
import { deliveryOrderPath } from '../../kit/paths';
import { CONVERSION, CONVERSION_TONE } from './conversion-words';
import type { Converted, OrderName } from './convert-orders';
import { convertOrders } from './convert-orders';
import { MapFirst } from './map-first';

const TEXTS = texts(
  {
    title: '单据转换结果',
    close: '关闭',
    order: '订单号',
    waiting: '转换中',
    refused: '未转换',
    made: '零售发货单',
    map: '请先对应商品：',
    done: (good: number, all: number) => `${all} 个订单中 ${good} 个已转换`,
  },
  {
    title: 'Results of the conversion',
    close: 'Close',
    order: 'Order',
    waiting: 'Under way',
    refused: 'Not converted',
    made: 'Delivery order',
    map: 'Map these listings first:',
    done: (good: number, all: number) => `${good} of ${all} orders converted`,
  },
);

const keyOf = ({ shopId, orderNo }: OrderName): string => `${shopId}#${orderNo}`;

/** 单据转换 of one order or several: `convert` starts it, `dialog` shows what becomes of each. */
export function useConversion(onDone?: () => void) {
  const [orders, setOrders] = useState<readonly OrderName[] | null>(null);
  const [results, setResults] = useState<ReadonlyMap<string, Converted>>(new Map());
  const [busy, setBusy] = useState(false);
  const convert = useCallback(async (chosen: readonly OrderName[]) => {
    setResults(new Map());
    setOrders(chosen);
    setBusy(true);
    await convertOrders(chosen, (done) =>
      setResults((before) => new Map([...before, ...done.map((one) => [keyOf(one), one] as const)])),
    );
    setBusy(false);
    void queryClient.invalidateQueries();
  }, []);
  const close = (): void => {
    setOrders(null);
    onDone?.();
  };
  return { convert, busy, dialog: <ConversionDialog orders={orders} results={results} busy={busy} onClose={close} /> };
}

function ConversionDialog(props: {
  readonly orders: readonly OrderName[] | null;
  readonly results: ReadonlyMap<string, Converted>;
  readonly busy: boolean;
  readonly onClose: () => void;
}) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const errorText = useErrorText();
  const shown = (order: OrderName): Result => {
    const result = props.results.get(keyOf(order));
    const named = { key: keyOf(order), name: order.orderNo };
    if (!result) return { ...named, tone: 'busy', outcome: t.waiting };
    if (result.kind === 'refused')
      return { ...named, tone: 'bad', outcome: t.refused, detail: errorText(result.error) };
    const { state, status, unmapped } = result;
    return {
      ...named,
      tone: CONVERSION_TONE[state],
      outcome: CONVERSION[language][state],
      detail:
        state === 'unmapped' ? (
          <MapFirst says={t.map} shopId={order.shopId} listings={unmapped} />
        ) : (
          status && (
            <Link to={deliveryOrderPath(order.shopId, order.orderNo)}>
              {t.made} · {DELIVERY_STATUS[language][status]}
            </Link>
          )
        ),
    };
  };
  const orders = props.orders ?? [];
  const good = [...props.results.values()].filter((one) => one.kind === 'converted' && one.state === 'converted');
  return (
    <Modal
      title={t.title}
      open={props.orders !== null}
      width={760}
      mask={{ closable: false }}
      onCancel={props.onClose}
      footer={
        <Button type="primary" loading={props.busy} onClick={props.onClose}>
          {t.close}
        </Button>
      }
    >
      <p role="status">{props.busy ? t.waiting : t.done(good.length, orders.length)}</p>
      <ResultsTable name={t.order} results={orders.map(shown)} />
    </Modal>
  );
}
