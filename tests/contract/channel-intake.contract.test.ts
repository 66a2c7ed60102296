import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SandboxWorld } from './sandbox-world';

describe('Taobao message queue over the wire', () => {
  it('hands a message out again until it is confirmed', async () => {
    const world = await SandboxWorld.open('taobao');
    try {
      const { intake } = world.channel;
      if (intake.kind !== 'poll') throw new Error('Taobao is polled');
      expect(await intake.consume(world.access, 50)).toEqual([]);
      const orderNo = await world.buy();
      const first = await intake.consume(world.access, 50);
      expect(first.map((message) => message.orderNo)).toEqual(first.map(() => orderNo));
      expect(first.map((message) => message.topic)).toContain('taobao_trade_TradeBuyerPay');
      expect(await intake.consume(world.access, 50)).toEqual([]);
      world.passMs(4_000);
      const again = await intake.consume(world.access, 50);
      expect(again.map((message) => message.messageId).sort()).toEqual(
        first.map((message) => message.messageId).sort(),
      );
      await intake.confirm(
        world.access,
        again.map((message) => message.messageId),
      );
      world.passMs(4_000);
      expect(await intake.consume(world.access, 50)).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

describe('Doudian pushes over the wire', () => {
  it('are genuine and name the order and the shop', async () => {
    const world = await SandboxWorld.open('doudian');
    const { intake } = world.channel;
    if (intake.kind !== 'push') throw new Error('Doudian pushes');
    const named: { orderNos: string[]; shopIds: string[] }[] = [];
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const genuine = intake.verify(world.access, headers, body);
        const forged = intake.verify({ ...world.access, appSecret: 'another' }, headers, body);
        if (genuine && !forged) named.push(intake.orderNos(body));
        response.end(genuine ? intake.acceptedBody : intake.refusedBody);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    try {
      const pushUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/push`;
      await world.control('PUT', `/shops/${world.access.shopId}`, { pushUrl });
      const orderNo = await world.buy();
      expect(await world.control('POST', `/shops/${world.access.shopId}/messages/flush`)).toEqual({ waiting: 0 });
      expect(named.length).toBeGreaterThan(0);
      for (const each of named) expect(each).toEqual({ orderNos: [orderNo], shopIds: [world.access.platformShopId] });
    } finally {
      await world.close();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  });
});
