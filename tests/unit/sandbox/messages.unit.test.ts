import type { Tree } from './sandbox-client';
import { at, BAG, exact, list, TestBench, until } from './sandbox-client';

// Delays run in real time: a busy machine must not fail them.
jest.setTimeout(20_000);

let bench: TestBench;
afterEach(() => bench.close());

const BUY_BAG = { lines: [{ itemId: BAG, quantity: 1 }] };

async function consume(quantity = 50): Promise<Tree[]> {
  const answer = await bench.topJson('taobao.tmc.messages.consume', {
    group_name: 'default',
    quantity: quantity.toString(),
  });
  return list(at(answer, 'tmc_messages_consume_response', 'messages', 'tmc_message'));
}

async function confirm(messages: readonly Tree[]): Promise<void> {
  const s_message_ids = messages.map((message) => String(message['id'])).join(',');
  const answer = await bench.topJson('taobao.tmc.messages.confirm', { group_name: 'default', s_message_ids });
  expect(at(answer, 'tmc_messages_confirm_response', 'is_success')).toBe(true);
}

async function messageStats(): Promise<Tree> {
  return (await bench.get('/sandbox/stats'))['messages'] as Tree;
}

describe('Taobao message queue', () => {
  it('hands out a message that names the trade and its status', async () => {
    bench = await TestBench.open();
    const tid = await bench.buy('tmall-1', { ...BUY_BAG, pay: false });
    const [message] = await consume();
    expect(message?.['topic']).toBe('taobao_trade_TradeCreate');
    expect(message?.['user_nick']).toBe('一盘货旗舰店');
    const content = exact(String(message?.['content']));
    expect([content['tid'], content['oid'], content['status']]).toEqual([tid, tid, 'WAIT_BUYER_PAY']);
    expect(content['seller_nick']).toBe('一盘货旗舰店');
  });

  it('hands a message out again and again until it is confirmed', async () => {
    let nowMs = Date.UTC(2026, 10, 22, 4, 0, 0);
    bench = await TestBench.open({ redeliverAfterMs: 3_000 }, { nowMs: () => nowMs });
    await bench.buy('tmall-1', { ...BUY_BAG, pay: false });
    const first = await consume();
    expect(first).toHaveLength(1);
    for (let round = 0; round < 2; round += 1) {
      nowMs += 2_999;
      expect(await consume()).toEqual([]); // not yet due again
      nowMs += 1;
      expect((await consume()).map((message) => message['id'])).toEqual([first[0]?.['id']]);
    }
    await confirm(first);
    nowMs += 3_000;
    expect(await consume()).toEqual([]);
    expect(await messageStats()).toMatchObject({ emitted: 1, delivered: 3, confirmed: 1, waiting: 0 });
  });

  it('confirms the same message twice without complaint', async () => {
    bench = await TestBench.open();
    await bench.buy('tmall-1', { ...BUY_BAG, pay: false });
    const messages = await consume();
    await confirm(messages);
    await confirm(messages);
    expect(await messageStats()).toMatchObject({ confirmed: 1, waiting: 0 });
  });

  it('hands out no more than asked for, from 10 to 200', async () => {
    bench = await TestBench.open();
    for (let count = 0; count < 5; count += 1) {
      const orderNo = await bench.buy('tmall-1', BUY_BAG);
      await bench.post(`/sandbox/orders/${orderNo}/cancel`);
    }
    // 5 orders x (created, paid, refunded, closed) = 20 messages
    expect(await consume(15)).toHaveLength(15);
    expect(await consume(15)).toHaveLength(5);
    for (const quantity of ['9', '201']) {
      expect(await bench.topError('taobao.tmc.messages.consume', { quantity })).toBe(
        '41 isv.invalid-parameter:quantity',
      );
    }
  });

  it('needs no session, since the queue belongs to the app', async () => {
    bench = await TestBench.open();
    const answer = await bench.topJson('taobao.tmc.messages.consume', { quantity: '10' }, { without: ['session'] });
    expect(at(answer, 'tmc_messages_consume_response', 'messages')).toEqual({});
  });
});

describe('message faults', () => {
  it('accounts for every copy: lost, duplicated, confirmed or waiting', async () => {
    bench = await TestBench.open({ redeliverAfterMs: 20 });
    await bench.put('/sandbox/faults', { loseMessages: 0.3, duplicateMessages: 0.3, delayMessagesMs: [0, 30] });
    for (let count = 0; count < 20; count += 1) {
      const orderNo = await bench.buy('tmall-1', { ...BUY_BAG, pay: false });
      await bench.post(`/sandbox/orders/${orderNo}/cancel`);
    }
    await until(async () => {
      const messages = await consume();
      if (messages.length > 0) await confirm(messages);
      return Number((await messageStats())['waiting']) === 0;
    });
    const { emitted, lost, duplicated, confirmed } = await messageStats();
    expect(emitted).toBe(40);
    expect(Number(lost)).toBeGreaterThan(0);
    expect(Number(duplicated)).toBeGreaterThan(0);
    expect(Number(confirmed)).toBe(40 - Number(lost) + Number(duplicated));
  });

  it('holds messages back for the stated time, unless they are flushed', async () => {
    bench = await TestBench.open();
    await bench.put('/sandbox/faults', { delayMessagesMs: [60_000, 60_000] });
    await bench.buy('tmall-1', { ...BUY_BAG, pay: false });
    expect(await consume()).toEqual([]);
    const flush = await bench.post('/sandbox/shops/tmall-1/messages/flush?timeoutMs=0');
    expect(flush.body).toEqual({ waiting: 1 });
    expect(await consume()).toHaveLength(1);
  });

  it('lets later messages overtake', async () => {
    bench = await TestBench.open();
    await bench.put('/sandbox/faults', { reorderMessages: 0.5 });
    for (let count = 0; count < 5; count += 1) await bench.buy('tmall-1', BUY_BAG);
    const seen: string[] = [];
    await until(async () => {
      const messages = await consume();
      if (messages.length > 0) await confirm(messages);
      seen.push(...messages.map((message) => String(message['id'])));
      return seen.length === 10;
    });
    expect(seen).not.toEqual([...seen].sort());
  });
});
