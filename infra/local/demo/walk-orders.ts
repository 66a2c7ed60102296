import { until } from './api';
import type { Report } from './report';
import { SAMPLE } from './sample-brand';
import type { World } from './walk-stock';

interface Order {
  readonly status: string;
  readonly statusText: string;
  readonly log: readonly { type: string; content: string; userName: string; at: string }[];
}

const STEP_MS = 15_000;

/** The 4 steps of the order procedure in both shops, through HTTP only. Returns the pieces bought. */
export async function walkOrderProcedure(world: World, report: Report): Promise<number> {
  const { host, sandbox } = world;
  report.heading('Order procedure 订单自动审核');
  const strategy = {
    ...{ name: '自动审核', enabled: true, shopIds: [], version: 0 },
    limits: {
      buyerMemo: 'any',
      sellerMemo: 'empty',
      amountFenMax: 1_000_000,
      quantityMax: 500,
      minutesSincePayment: 0,
    },
  };
  const saved = await host.put<{ enabled: boolean }>('/api/audit-strategies/auto', strategy);
  report.step(
    '1/4 enable auto audit 启用自动审核',
    'ticked it in an auto-audit strategy for all shops',
    true,
    saved.enabled,
  );

  const bought = await Promise.all(
    [SAMPLE.tmall, SAMPLE.doudian].map(async ({ shopId, itemId, platformSkuId }) => {
      const { orderNo } = await sandbox.post<{ orderNo: string }>('/sandbox/orders', {
        shopId,
        lines: [{ itemId, skuId: platformSkuId, quantity: 1 }],
      });
      return { shopId, orderNo };
    }),
  );
  report.step(
    '2/4 buyers order on the platforms',
    `bought one piece in each shop: ${bought.map((b) => b.orderNo).join(', ')}`,
    2,
    bought.length,
  );

  const listed = await Promise.all(
    bought.map(({ shopId, orderNo }) =>
      until('the order is among the platform orders and converted', STEP_MS, async () => {
        const { rows } = await host.get<{ rows: { orderNo: string; conversion: string }[] }>(
          `/api/platform-orders?shopId=${shopId}`,
        );
        return rows.find((row) => row.orderNo === orderNo && row.conversion === 'converted')?.conversion;
      }),
    ),
  );
  const pressed = await host.post<{ results: { state: string }[] }>('/api/conversions', { orders: bought });
  report.step(
    '3/4 platform orders 淘宝订单接口, 单据转换',
    'waited for the conversion, then pressed the button on the same two orders: nothing doubles',
    { listed: ['converted', 'converted'], button: ['converted', 'converted'] },
    { listed, button: pressed.results.map((result) => result.state) },
  );

  const orders = await Promise.all(
    bought.map(({ shopId, orderNo }) =>
      until('the delivery order is audited', STEP_MS, async () => {
        const order = await host.get<Order>(`/api/delivery-orders/${shopId}/${orderNo}`);
        return order.status === 'audited' ? order : undefined;
      }),
    ),
  );
  report.step(
    '4/4 delivery orders 零售发货单',
    'read status and operation log, newest first',
    orders.map(() => ['已审核', '更新配货', '订单审核', '订单自动审核成功!']),
    orders.map((order) => [order.statusText, order.log[0]?.type, order.log[1]?.type, order.log[1]?.content]),
  );
  for (const line of orders[0]?.log ?? [])
    report.line(`    ${line.at}  ${line.userName}  ${line.type}  ${line.content}`);
  return bought.length;
}
