import { newApp } from '../../../functions/console/api';
import { addPlatformOrderRoutes } from '../../../functions/console/routes/platform-order-routes';
import { QuarantinePage, ReadAgainAnswer } from '../../../functions/console/schema/platform-order';
import type { QuarantinedItem } from '../../../shared/domain/order/received-order';
import { keys } from '../../../shared/procedures/keys';
import { QuarantineBench } from '../../support/quarantine-bench';
import { SHOP } from '../../support/stub-run';

// 重新读取, the button of a row in quarantine.

const OPERATOR = { token: 'token-of-an-operator-00', id: 'o', name: '运营', role: 'operator' } as const;
const VIEWER = { token: 'token-of-a-viewer-0000', id: 'v', name: '查看', role: 'viewer' } as const;

async function bench(): Promise<QuarantineBench> {
  const run = await new QuarantineBench().withShop();
  Object.assign(run.config, { secrets: { shops: {}, users: [OPERATOR, VIEWER] } });
  return run;
}

async function ask(
  run: QuarantineBench,
  method: string,
  path: string,
  { token }: { token: string } = OPERATOR,
): Promise<unknown> {
  const app = newApp();
  addPlatformOrderRoutes(app);
  // Failures of 500 and more are answered by the function's own pipeline.
  app.onError((error) => Response.json({ code: (error as { code?: string }).code ?? String(error) }));
  const request = new Request(`http://console${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  return (await app.fetch(request, { run })).json();
}

const rows = async (run: QuarantineBench) => QuarantinePage.parse(await ask(run, 'GET', '/api/quarantine')).rows;

async function press(run: QuarantineBench, id?: string, by: { token: string } = OPERATOR): Promise<unknown> {
  const row = id ?? (await rows(run))[0]?.id ?? '';
  return ask(run, 'POST', `/api/quarantine/${SHOP.id}/${row}/read-again`, by);
}

it('stores an order that can be had by now, and takes it out', async () => {
  const run = await bench();
  run.has('1', { buyerMemo: 'unreadable' });
  await run.push('1');
  run.has('1', {});
  expect(ReadAgainAnswer.parse(await press(run))).toEqual({
    ...{ shopId: SHOP.id, orderNo: '1', takenOut: true, reason: null },
  });
  expect([(await run.held('1'))?.conversion, await rows(run)]).toEqual(['waiting', []]);
});

it('leaves one that still cannot be had, with the reason of now and the time of the look', async () => {
  const run = await bench();
  run.has('1', { buyerMemo: 'unreadable' });
  await run.push('1');
  run.has('1', 'CHANNEL_REFUSED');
  await run.clock.advance(60_000);
  expect(await press(run)).toMatchObject({ takenOut: false, reason: expect.stringContaining('refuses') as string });
  expect(await rows(run)).toMatchObject([{ orderNo: '1', lookedAtMs: run.clock.nowMs() }]);
});

it('says that the platform does not answer, and leaves the item', async () => {
  const run = await bench();
  run.has('1', 'CHANNEL_REFUSED');
  await run.push('1');
  run.has('1', 'CHANNEL_UNREACHABLE');
  expect(await press(run)).toMatchObject({ code: 'CHANNEL_UNREACHABLE' });
  expect((await rows(run)).length).toBe(1);
});

it('takes out what release 0.3 put under its text; where it still cannot be had it stands once, under its number', async () => {
  const run = await bench();
  const former: QuarantinedItem = {
    ...{ shopId: SHOP.id, source: 'order', orderNo: '1', reason: 'unknown shape', text: '{"a":1}', receivedAtMs: 5 },
  };
  const places = { list: { partition: 'quarantine', sort: '0000000000000005#former' } };
  await run.store.put({ key: keys.quarantine(SHOP.id, 'former'), expect: 0, value: former, places });
  expect(await rows(run)).toMatchObject([{ id: 'former', lookedAtMs: null }]);
  run.has('1', { buyerMemo: 'unreadable' });
  expect(await press(run, 'former')).toMatchObject({ takenOut: false });
  expect((await rows(run)).map(({ id, orderNo }) => [id === 'former', orderNo])).toEqual([[false, '1']]);
  run.has('1', {});
  expect(await press(run)).toMatchObject({ takenOut: true });
  expect(await rows(run)).toEqual([]);
});

it('refuses what names no order, what is out already, a shop that is off, what is not there, and who may only look', async () => {
  const run = await bench();
  run.has('1', 'CHANNEL_REFUSED');
  await run.push('1');
  const [row] = await rows(run);
  expect(await press(run, row?.id, VIEWER)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await press(run, 'nothing')).toMatchObject({ code: 'NOT_FOUND' });
  await run.store.put({ key: keys.shop(SHOP.id), expect: 1, value: { ...SHOP, active: false } });
  expect(await press(run)).toMatchObject({ code: 'WRONG_STATUS' });
  await run.store.put({ key: keys.shop(SHOP.id), expect: 2, value: SHOP });
  run.has('1', {});
  expect(await press(run)).toMatchObject({ takenOut: true });
  expect(await press(run, row?.id)).toMatchObject({ code: 'WRONG_STATUS' });
  await run.push('a#b');
  expect(await press(run)).toMatchObject({ code: 'WRONG_STATUS' });
});
