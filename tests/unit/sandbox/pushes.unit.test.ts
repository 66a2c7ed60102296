import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { at, BAG, DOUDIAN, exact, list, TestBench, until } from './sandbox-client';

// Pushes run in real time: a busy machine must not fail them.
jest.setTimeout(20_000);

interface Push {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly messages: { tag: string; msg_id: string; data: string }[];
}

/** The seller's side: keeps what is pushed and answers as told. */
class Receiver {
  readonly pushes: Push[] = [];
  answer = { status: 200, body: '{"code":0,"msg":"success"}' };
  inFlight = 0;
  inFlightMost = 0;
  answerAfterMs = 0;
  private server: Server | undefined;

  async listen(port = 0): Promise<number> {
    const server = createServer((incoming, response) => {
      const pieces: Buffer[] = [];
      this.inFlight += 1;
      this.inFlightMost = Math.max(this.inFlightMost, this.inFlight);
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => {
        const body = Buffer.concat(pieces).toString('utf8');
        this.pushes.push({ body, headers: incoming.headers, messages: JSON.parse(body) as Push['messages'] });
        const { status, body: text } = this.answer; // as told now, not when the delay is over
        setTimeout(() => {
          this.inFlight -= 1;
          response.writeHead(status, { 'content-type': 'application/json' }).end(text);
        }, this.answerAfterMs);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  get messages(): Push['messages'] {
    return this.pushes.flatMap((push) => push.messages);
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server === undefined ? resolve() : this.server.close(() => resolve())));
  }
}

let bench: TestBench;
let receiver: Receiver;
let url: string;

beforeEach(async () => {
  bench = await TestBench.open();
  receiver = new Receiver();
  url = `http://127.0.0.1:${await receiver.listen()}/webhooks/doudian/dy-1`;
});

afterEach(async () => {
  await bench.close();
  await receiver.close();
});

const setUrl = (): Promise<unknown> => bench.put('/sandbox/shops/dy-1', { pushUrl: url });
const flush = (): Promise<unknown> => bench.post('/sandbox/shops/dy-1/messages/flush?timeoutMs=15000');
const BUY_BAG = { lines: [{ itemId: BAG, quantity: 1 }] };

it('pushes each change with a proof over the exact body', async () => {
  await setUrl();
  const orderNo = await bench.buy('dy-1', BUY_BAG);
  await flush();
  expect(receiver.messages.map(({ tag }) => tag).sort()).toEqual(['100', '101']);
  for (const { body, headers } of receiver.pushes) {
    const proof = createHash('md5')
      .update(DOUDIAN.appKey + body + DOUDIAN.appSecret)
      .digest('hex');
    expect([headers['app-id'], headers['event-sign']]).toEqual([DOUDIAN.appKey, proof]);
  }
  const paid = receiver.messages.find(({ tag }) => tag === '101');
  expect(paid?.data).toContain(`"p_id":${orderNo},`);
  const data = exact(paid?.data ?? '');
  expect([data['shop_id'], data['order_status'], data['pay_amount']]).toEqual(['4463798', '2', '4550']);
});

it('keeps messages until there is an address to push to', async () => {
  await bench.buy('dy-1', BUY_BAG);
  expect(receiver.pushes).toEqual([]);
  await setUrl();
  await until(() => receiver.messages.length === 2);
});

it.each([
  ['another HTTP status', { status: 500, body: '{"code":0}' }],
  ['a code that is not 0', { status: 200, body: '{"code":1,"msg":"later"}' }],
  ['a body that is not JSON', { status: 200, body: 'success' }],
])('pushes again after %s, with the same message id', async (_, refusal) => {
  receiver.answer = refusal;
  await setUrl();
  await bench.buy('dy-1', { ...BUY_BAG, pay: false });
  await until(() => receiver.pushes.length === 1);
  receiver.answer = { status: 200, body: '{"code":0,"msg":"success"}' };
  await until(() => receiver.pushes.length === 2); // by itself, after half a second
  const [first, second] = receiver.messages;
  expect(second).toEqual(first);
  await until(async () => at(await bench.get('/sandbox/stats'), 'messages', 'waiting') === 0);
  expect(at(await bench.get('/sandbox/stats'), 'pushes')).toEqual({ ok: 1, refused: 1, unreachable: 0 });
});

it('gives a message up after 12 refusals and counts it', async () => {
  receiver.answer = { status: 200, body: '{"code":1}' };
  await setUrl();
  const orderNo = await bench.buy('dy-1', { ...BUY_BAG, pay: false });
  for (let tries = 1; tries <= 12; tries += 1) {
    await until(() => receiver.pushes.length === tries);
    await until(async () => at(await bench.get('/sandbox/stats'), 'pushes', 'refused') === tries);
    await bench.post('/sandbox/shops/dy-1/messages/flush?timeoutMs=0'); // cuts the back-off short
  }
  expect(at(await bench.get('/sandbox/stats'), 'messages')).toMatchObject({ waiting: 0, givenUp: 1, delivered: 12 });
  expect(at(await bench.get(`/sandbox/orders/${orderNo}`), 'messages', 0, 'state')).toBe('given-up');
});

it('never gives up on a receiver that is not there, and delivers when it is back', async () => {
  const port = Number(new URL(url).port);
  await setUrl();
  await receiver.close();
  await bench.buy('dy-1', { ...BUY_BAG, pay: false });
  for (let tries = 1; tries <= 13; tries += 1) {
    await until(async () => Number(at(await bench.get('/sandbox/stats'), 'pushes', 'unreachable')) >= tries);
    await bench.post('/sandbox/shops/dy-1/messages/flush?timeoutMs=0');
  }
  await receiver.listen(port);
  await flush();
  expect(receiver.messages.map(({ tag }) => tag)).toEqual(['100']);
  expect(at(await bench.get('/sandbox/stats'), 'messages')).toMatchObject({ confirmed: 1, waiting: 0, givenUp: 0 });
});

it('puts at most 20 messages into a push and runs at most 8 pushes at once', async () => {
  receiver.answerAfterMs = 50;
  const items = [{ itemId: BAG, title: '帆布包', merchantCode: 'BAG', priceFen: 4_550, stockQty: 100 }];
  await bench.post('/sandbox/items', { shopId: 'dy-1', items });
  await Promise.all(Array.from({ length: 100 }, () => bench.buy('dy-1', BUY_BAG)));
  await setUrl();
  await flush();
  const sizes = receiver.pushes.map((push) => push.messages.length);
  expect(Math.max(...sizes)).toBe(20);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200); // 100 orders x (created, paid)
  expect(receiver.inFlightMost).toBe(8);
  expect(new Set(receiver.messages.map(({ msg_id }) => msg_id)).size).toBe(200);
});

it('pushes a duplicate with the id of the first', async () => {
  await setUrl();
  await bench.put('/sandbox/faults', { duplicateMessages: 1 });
  await bench.buy('dy-1', { ...BUY_BAG, pay: false });
  await flush();
  expect(receiver.messages).toHaveLength(2);
  expect(receiver.messages[0]).toEqual(receiver.messages[1]);
});

it('never shows a secret, and takes no address that is not plain HTTP', async () => {
  const shops = list((await bench.get('/sandbox/shops'))['shops']);
  expect(JSON.stringify(shops)).not.toContain(DOUDIAN.appSecret);
  expect(JSON.stringify(shops)).not.toContain(DOUDIAN.accessToken);
  expect((await bench.put('/sandbox/shops/dy-1', { pushUrl: 'file:///etc/passwd' })).status).toBe(400);
});
