import { at, BAG, list, SHIRT, SHIRT_BLACK, SHIRT_WHITE, TestBench, tree } from './sandbox-client';

let bench: TestBench;

beforeEach(async () => {
  bench = await TestBench.open();
});

afterEach(() => bench.close());

const WHITE = { itemId: SHIRT, skuId: SHIRT_WHITE };

async function topics(orderNo: string): Promise<unknown[]> {
  const { messages } = await bench.get(`/sandbox/orders/${orderNo}`);
  return list(messages).map((message) => message['topic']);
}

async function tradeOf(orderNo: string): Promise<unknown> {
  const fields = 'tid,status,type,payment,modified,created,pay_time,step_trade_status,step_paid_fee,seller_memo,orders';
  return at(
    await bench.topJson('taobao.trade.fullinfo.get', { tid: orderNo, fields }),
    'trade_fullinfo_get_response',
    'trade',
  );
}

async function orderOf(orderNo: string): Promise<unknown> {
  const answer = await bench.doudian('order.orderDetail', `{"shop_order_id":"${orderNo}"}`);
  return at(answer, 'data', 'shop_order_detail');
}

it('takes the stock when the order is placed, not when it is paid', async () => {
  const orderNo = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 3 }], pay: false });
  expect(await bench.stock('tmall-1', SHIRT, SHIRT_WHITE)).toBe(7);
  expect(at(await tradeOf(orderNo), 'status')).toBe('WAIT_BUYER_PAY');

  await bench.post(`/sandbox/orders/${orderNo}/pay`);
  expect(await bench.stock('tmall-1', SHIRT, SHIRT_WHITE)).toBe(7);
  expect(at(await tradeOf(orderNo), 'status')).toBe('WAIT_SELLER_SEND_GOODS');
  expect(await topics(orderNo)).toEqual(['taobao_trade_TradeCreate', 'taobao_trade_TradeBuyerPay']);
});

it('takes all lines or none, and sums lines of one SKU before it looks', async () => {
  const lines = [
    { itemId: BAG, quantity: 1 },
    { itemId: SHIRT, skuId: SHIRT_BLACK, quantity: 2 },
    { itemId: SHIRT, skuId: SHIRT_BLACK, quantity: 2 }, // 2 + 2 = 4 wanted, 3 there
  ];
  const { status, body } = await bench.post('/sandbox/orders', { shopId: 'tmall-1', lines });
  expect([status, body['code']]).toEqual([409, 'SOLD_OUT']);
  expect(await bench.stock('tmall-1', BAG)).toBe(5);
  expect(await bench.stock('tmall-1', SHIRT, SHIRT_BLACK)).toBe(3);
  expect(at(await bench.get('/sandbox/stats'), 'orders')).toEqual({ created: 0, soldOut: 1 });
});

it('writes ids digit for digit, money in yuan, times in GMT+8 and the receiver masked', async () => {
  const orderNo = await bench.buy('tmall-1', {
    lines: [
      { ...WHITE, quantity: 2 },
      { itemId: BAG, quantity: 1, gift: true },
    ],
    buyerNick: '小明',
    buyerMemo: '要发票',
  });
  const fields =
    'tid,payment,total_fee,discount_fee,created,buyer_message,receiver_name,receiver_mobile,receiver_phone,receiver_address,oaid,orders,promotion_details';
  const text = await bench.top('taobao.trade.fullinfo.get', { tid: orderNo, fields });
  expect(text).toContain(`"tid":${orderNo},`);
  expect(text).toContain(`"num_iid":${SHIRT},"sku_id":${SHIRT_WHITE},`);
  const trade = at(JSON.parse(text), 'trade_fullinfo_get_response', 'trade');
  expect(orderNo).toMatch(/^\d{19}$/);
  expect(at(trade, 'tid_str')).toBe(orderNo);
  // 2 x 99.00 paid; the gift would have cost 45.50: 198.00 + 45.50 = 243.50 at list price
  expect([at(trade, 'payment'), at(trade, 'total_fee'), at(trade, 'discount_fee')]).toEqual([
    '198.00',
    '243.50',
    '45.50',
  ]);
  expect(at(trade, 'orders', 'order', 1, 'divide_order_fee')).toBe('0.00');
  expect(at(trade, 'promotion_details', 'promotion_detail', 0, 'gift_item_id')).toBe(BAG);
  expect(at(trade, 'created')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  expect(at(trade, 'receiver_name')).toMatch(/^.\*\*$/);
  expect(at(trade, 'oaid')).toMatch(/^[\w-]{43}$/);
  expect(at(trade, 'buyer_message')).toBe('要发票');
});

it('shows the receiver that an order was given, on either platform', async () => {
  const receiver = { receiverName: '诸葛不亮亮', receiverPhone: '0871-66778899', receiverAddress: '卧龙岗一号院' };
  const buy = (shopId: string): Promise<string> =>
    bench.buy(shopId, { lines: [{ itemId: BAG, quantity: 1 }], ...receiver });
  const fields = 'tid,created,receiver_name,receiver_mobile,receiver_phone,receiver_address';
  const trade = at(
    await bench.topJson('taobao.trade.fullinfo.get', { tid: await buy('tmall-1'), fields }),
    ...['trade_fullinfo_get_response', 'trade'],
  );
  expect(['receiver_name', 'receiver_mobile', 'receiver_address'].map((name) => at(trade, name))).toEqual(
    Object.values(receiver),
  );
  const order = await orderOf(await buy('dy-1'));
  expect([at(order, 'mask_post_receiver'), at(order, 'mask_post_tel'), at(order, 'mask_post_addr', 'detail')]).toEqual(
    Object.values(receiver),
  );
});

it('gives the receiver token only to those who also ask for the receiver', async () => {
  const orderNo = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 1 }] });
  const answer = await bench.topJson('taobao.trade.fullinfo.get', { tid: orderNo, fields: 'tid,oaid,receiver_name' });
  expect(at(answer, 'trade_fullinfo_get_response', 'trade', 'oaid')).toBeUndefined();
});

it('shows the same receiver token for one buyer of one shop, and another for another', async () => {
  const token = async (shopId: string, buyerNick: string): Promise<unknown> =>
    at(await orderOf(await bench.buy(shopId, { lines: [{ itemId: BAG, quantity: 1 }], buyerNick })), 'open_address_id');
  const first = await token('dy-1', '小明');
  expect(await token('dy-1', '小明')).toBe(first);
  expect(await token('dy-1', '小红')).not.toBe(first);
});

it('gives a one-line Taobao trade its own number as line number, but not a Doudian order', async () => {
  const tid = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 1 }] });
  expect(at(await bench.get(`/sandbox/orders/${tid}`), 'lines', 0, 'lineNo')).toBe(tid);
  const orderId = await bench.buy('dy-1', { lines: [{ ...WHITE, quantity: 1 }] });
  expect(at(await bench.get(`/sandbox/orders/${orderId}`), 'lines', 0, 'lineNo')).not.toBe(orderId);
});

it('holds back a paid order that must not ship until it is released', async () => {
  const tid = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 1 }], mayShip: false });
  expect(at(await tradeOf(tid), 'status')).toBe('PAID_FORBID_CONSIGN');
  expect((await bench.post(`/sandbox/orders/${tid}/ship`)).status).toBe(409);
  await bench.post(`/sandbox/orders/${tid}/release`);
  expect(at(await tradeOf(tid), 'status')).toBe('WAIT_SELLER_SEND_GOODS');

  const orderId = await bench.buy('dy-1', { lines: [{ ...WHITE, quantity: 1 }], mayShip: false });
  expect(at(await orderOf(orderId), 'order_status')).toBe('105');
  await bench.post(`/sandbox/orders/${orderId}/release`);
  expect(at(await orderOf(orderId), 'order_status')).toBe('2');
  expect(await topics(orderId)).toEqual(['100', '110', '101']);
});

it('takes two payments for a deposit presale and only then may be shipped', async () => {
  const tid = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 1 }], depositPresale: true });
  const deposit = await tradeOf(tid);
  expect([at(deposit, 'type'), at(deposit, 'status')]).toEqual(['step', 'WAIT_BUYER_PAY']);
  // a fifth of 99.00 is 19.80
  expect([at(deposit, 'step_trade_status'), at(deposit, 'step_paid_fee')]).toEqual([
    'FRONT_PAID_FINAL_NOPAID',
    '19.80',
  ]);
  await bench.post(`/sandbox/orders/${tid}/pay`);
  const full = await tradeOf(tid);
  expect([at(full, 'step_trade_status'), at(full, 'status')]).toEqual([
    'FRONT_PAID_FINAL_PAID',
    'WAIT_SELLER_SEND_GOODS',
  ]);

  const orderId = await bench.buy('dy-1', { lines: [{ ...WHITE, quantity: 1 }], depositPresale: true });
  const order = await orderOf(orderId);
  expect([at(order, 'order_status'), at(order, 'main_status'), at(order, 'trade_type')]).toEqual(['1', '103', '2']);
  expect(at(order, 'order_phase_list', 1, 'phase_payable_price')).toBe('7920'); // 9900 - 1980
});

it('closes an unpaid order and gives the pieces back', async () => {
  const tid = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 4 }], pay: false });
  await bench.post(`/sandbox/orders/${tid}/cancel`);
  expect(at(await tradeOf(tid), 'status')).toBe('TRADE_CLOSED_BY_TAOBAO');
  expect(await bench.stock('tmall-1', SHIRT, SHIRT_WHITE)).toBe(10);
  expect(await topics(tid)).toEqual(['taobao_trade_TradeCreate', 'taobao_trade_TradeClose']);

  const orderId = await bench.buy('dy-1', { lines: [{ ...WHITE, quantity: 4 }], pay: false });
  await bench.post(`/sandbox/orders/${orderId}/cancel`);
  expect(at(await orderOf(orderId), 'order_status')).toBe('4');
  expect(await topics(orderId)).toEqual(['100', '106']);
});

it('refunds every line of a paid order that is cancelled before shipping', async () => {
  const lines = [
    { ...WHITE, quantity: 2 },
    { itemId: BAG, quantity: 1 },
  ];
  const tid = await bench.buy('tmall-1', { lines });
  await bench.post(`/sandbox/orders/${tid}/cancel`);
  const trade = await tradeOf(tid);
  expect(at(trade, 'status')).toBe('TRADE_CLOSED');
  expect(list(at(trade, 'orders', 'order')).map((line) => line['refund_status'])).toEqual(['SUCCESS', 'SUCCESS']);
  expect((await topics(tid)).slice(2)).toEqual([
    'taobao_refund_RefundSuccess',
    'taobao_refund_RefundSuccess',
    'taobao_trade_TradeClose',
  ]);
  expect([await bench.stock('tmall-1', SHIRT, SHIRT_WHITE), await bench.stock('tmall-1', BAG)]).toEqual([10, 5]);

  const orderId = await bench.buy('dy-1', { lines });
  await bench.post(`/sandbox/orders/${orderId}/cancel`);
  expect((await topics(orderId)).slice(2)).toEqual(['206', '206']);
  expect((await bench.post(`/sandbox/orders/${orderId}/cancel`)).status).toBe(409);
  expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(10); // given back once, not twice
});

it('refunds line by line and closes the order with the last one', async () => {
  const tid = await bench.buy('tmall-1', {
    lines: [
      { ...WHITE, quantity: 2 },
      { itemId: BAG, quantity: 1 },
    ],
  });
  const lineNos = list(at(await bench.get(`/sandbox/orders/${tid}`), 'lines')).map((line) => String(line['lineNo']));
  const refund = (lineNo: string | undefined, action: string): Promise<{ status: number }> =>
    bench.post(`/sandbox/orders/${tid}/refund`, { lineNo, action });

  expect((await refund(lineNos[0], 'agree')).status).toBe(409); // nobody asked
  await refund(lineNos[0], 'request');
  const asked = await tradeOf(tid);
  // the trade itself still says: ship
  expect([at(asked, 'status'), at(asked, 'orders', 'order', 0, 'refund_status')]).toEqual([
    'WAIT_SELLER_SEND_GOODS',
    'WAIT_SELLER_AGREE',
  ]);
  await refund(lineNos[0], 'refuse');
  await refund(lineNos[0], 'request');
  await refund(lineNos[0], 'agree');
  expect(await bench.stock('tmall-1', SHIRT, SHIRT_WHITE)).toBe(10);
  expect(at(await tradeOf(tid), 'orders', 'order', 0, 'status')).toBe('TRADE_CLOSED');
  await refund(lineNos[1], 'request');
  await refund(lineNos[1], 'agree');
  expect(at(await tradeOf(tid), 'status')).toBe('TRADE_CLOSED');
  expect((await topics(tid)).slice(2)).toEqual([
    'taobao_refund_RefundCreated',
    'taobao_refund_RefundClosed',
    'taobao_refund_RefundCreated',
    'taobao_refund_RefundSuccess',
    'taobao_refund_RefundCreated',
    'taobao_refund_RefundSuccess',
    'taobao_trade_TradeClose',
  ]);
});

it('cancels the rest of an order of which one line is refunded before', async () => {
  const lines = [
    { ...WHITE, quantity: 2 },
    { itemId: BAG, quantity: 1 },
  ];
  const orderId = await bench.buy('dy-1', { lines });
  const lineNo = at(await bench.get(`/sandbox/orders/${orderId}`), 'lines', 0, 'lineNo');
  await bench.post(`/sandbox/orders/${orderId}/refund`, { lineNo, action: 'request' });
  await bench.post(`/sandbox/orders/${orderId}/refund`, { lineNo, action: 'agree' });
  await bench.post(`/sandbox/orders/${orderId}/cancel`);
  expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(10); // 10 - 2 + 2, and not + 2 again
  expect(await bench.stock('dy-1', BAG)).toBe(5);
  expect((await topics(orderId)).slice(2)).toEqual(['200', '201', '206', '206']);
});

it('keeps the pieces of a line that is refunded after shipping: they are not back in the warehouse', async () => {
  const orderId = await bench.buy('dy-1', { lines: [{ ...WHITE, quantity: 2 }] });
  await bench.post(`/sandbox/orders/${orderId}/ship`);
  const lineNo = at(await bench.get(`/sandbox/orders/${orderId}`), 'lines', 0, 'lineNo');
  await bench.post(`/sandbox/orders/${orderId}/refund`, { lineNo, action: 'request' });
  await bench.post(`/sandbox/orders/${orderId}/refund`, { lineNo, action: 'agree' });
  expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(8);
  expect(at(await orderOf(orderId), 'main_status')).toBe('22');
  expect((await topics(orderId)).slice(2)).toEqual(['102', '200', '201', '206']);
});

it('tells a memo change with its words and flag', async () => {
  const tid = await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 1 }] });
  await bench.post(`/sandbox/orders/${tid}/memo`, { sellerMemo: '改发顺丰', flag: 1 });
  expect(at(await tradeOf(tid), 'seller_memo')).toBe('改发顺丰');
  const orderId = await bench.buy('dy-1', { lines: [{ ...WHITE, quantity: 1 }] });
  await bench.post(`/sandbox/orders/${orderId}/memo`, { sellerMemo: '改发顺丰', flag: 4 });
  const order = await orderOf(orderId);
  expect([at(order, 'seller_words'), at(order, 'seller_remark_stars')]).toEqual(['改发顺丰', '4']);
  expect((await topics(orderId)).at(-1)).toBe('113');
});

it('refuses input it cannot use, naming every problem, and unknown things with 404', async () => {
  const bad = await bench.post('/sandbox/orders', { shopId: 'tmall-1', lines: [{ itemId: 'abc', quantity: 0 }] });
  expect([bad.status, bad.body['code']]).toEqual([400, 'BAD_INPUT']);
  expect(bad.body['message']).toContain('lines[0].itemId');
  expect(bad.body['message']).toContain('lines[0].quantity');
  expect((await bench.post('/sandbox/orders/1/pay')).status).toBe(404);
  expect((await bench.post('/sandbox/orders', { shopId: 'x', lines: [{ itemId: BAG, quantity: 1 }] })).status).toBe(
    404,
  );
});

it('pages through orders by number, oldest first', async () => {
  const orderNos: string[] = [];
  for (let count = 0; count < 3; count += 1)
    orderNos.push(await bench.buy('tmall-1', { lines: [{ ...WHITE, quantity: 1 }] }));
  const page = await bench.get(`/sandbox/orders?shopId=tmall-1&after=${orderNos[0] ?? ''}&limit=1`);
  expect(list(page['orders']).map((order) => order['orderNo'])).toEqual([orderNos[1]]);
  const latest = await bench.get('/sandbox/orders?latest=true&limit=2');
  expect(list(latest['orders']).map((order) => order['orderNo'])).toEqual([orderNos[2], orderNos[1]]);
});

it('never sells below zero, whoever buys at once', async () => {
  const attempts = Array.from({ length: 60 }, (_, at) =>
    bench.post('/sandbox/orders', {
      shopId: at % 2 === 0 ? 'tmall-1' : 'dy-1',
      lines: [{ ...WHITE, quantity: 1 + (at % 3) }],
    }),
  );
  const placed = (await Promise.all(attempts)).filter(({ status }) => status === 201).length;
  for (const shopId of ['tmall-1', 'dy-1']) {
    const { items } = await bench.get(`/sandbox/items?shopId=${shopId}`);
    const white = tree(list(list(items)[0]?.['skus'])[0]);
    expect(Number(white['stockQty'])).toBeGreaterThanOrEqual(0);
    expect(Number(white['stockQty']) + Number(white['soldQty'])).toBe(10);
  }
  expect(at(await bench.get('/sandbox/stats'), 'orders')).toEqual({ created: placed, soldOut: 60 - placed });
});
