import type { Coverage } from '../../../functions/order-ingestion/pull-modified';
import { pullModified } from '../../../functions/order-ingestion/pull-modified';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import { AppError } from '../../../shared/errors';
import type { Put } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import { QuarantineBench } from '../../support/quarantine-bench';
import { SHOP } from '../../support/stub-run';

const HOUR = 3_600_000;

/** Too large for every engine, however well it compresses. */
const TOO_LONG = 'x'.repeat(2_000_001);

const bench = async (): Promise<QuarantineBench> => new QuarantineBench().withShop();

async function coveredMs({ store }: QuarantineBench): Promise<number> {
  return (await store.get<Coverage>(keys.coverage(SHOP.id)))?.value.toMs ?? 0;
}

describe('an order that the platform will not give, or that is too large to keep', () => {
  it.each([
    ['refused', 'CHANNEL_REFUSED' as const, 'refuses'],
    ['too large', { buyerMemo: TOO_LONG }, 'larger than the store takes'],
    ['too large and unreadable', { buyerMemo: 'unreadable', sellerMemo: TOO_LONG }, 'larger than the store takes'],
  ])('%s: stands in quarantine with its reason, and the pull goes on to the others', async (_, order, reason) => {
    const run = await bench();
    run.has('1', order);
    run.has('2', {});
    await pullModified(run);
    expect(await coveredMs(run)).toBe(run.clock.nowMs());
    expect(await run.held('2')).toMatchObject({ conversion: 'waiting' });
    expect((await run.aside()).map(({ value }) => [value.orderNo, value.source, value.text])).toEqual([
      ['1', 'order', '1'],
    ]);
    expect((await run.aside())[0]?.value.reason).toContain(reason);
  });

  it('a push about it is accepted, so that the platform does not send it for ever', async () => {
    const run = await bench();
    run.has('1', 'CHANNEL_REFUSED');
    expect(await run.push('1')).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(await run.aside()).toMatchObject([{ value: { orderNo: '1' } }]);
  });

  it.each(['CHANNEL_AUTH', 'SECRET_MISSING', 'CHANNEL_THROTTLED', 'CHANNEL_BAD_ANSWER', 'CHANNEL_BUSY'] as const)(
    '%s is no fault of the order: nothing is set aside, the covered time stays, the push is refused',
    async (code) => {
      const run = await bench();
      run.has('1', code);
      await pullModified(run);
      expect([await coveredMs(run), await run.aside()]).toEqual([0, []]);
      expect(await run.push('1')).toMatchObject({ statusCode: 503 });
    },
  );
});

/** A store that is gone from one write on: what a process that is killed leaves behind. */
class DyingStore extends MemoryStore {
  writesLeft = Number.POSITIVE_INFINITY;

  override async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    if (this.writesLeft <= 0) throw new AppError('STORE_UNAVAILABLE');
    this.writesLeft -= 1;
    return super.put(put);
  }
}

describe('the second look at orders in quarantine', () => {
  it('after an hour and not before, stores an order that can be had by then, and takes it out', async () => {
    const run = await bench();
    run.has('1', { buyerMemo: 'unreadable' });
    await run.push('1');
    // A paid order that never changes: nothing but this look would find it again.
    run.has('1', {});
    run.channel.modified = [];
    await run.clock.advance(HOUR - 1);
    await pullModified(run);
    expect([await run.held('1'), (await run.aside()).length]).toEqual([undefined, 1]);
    await run.clock.advance(1);
    await pullModified(run);
    expect([(await run.held('1'))?.conversion, await run.aside()]).toEqual(['waiting', []]);
    expect(run.published).toMatchObject([{ topic: 'platform-order-changed', body: { orderNo: '1' } }]);
  });

  it('keeps one that still cannot be had, with the time of the look and the reason of now, and looks hourly', async () => {
    const run = await bench();
    run.has('1', { buyerMemo: 'unreadable' });
    await run.push('1');
    const receivedAtMs = run.clock.nowMs();
    run.has('1', 'CHANNEL_REFUSED');
    run.channel.modified = [];
    for (let minute = 0; minute < 150; minute += 10) {
      await run.clock.advance(600_000);
      await pullModified(run);
    }
    expect(run.channel.fetched.length).toBe(3);
    expect(await run.aside()).toMatchObject([
      { value: { orderNo: '1', receivedAtMs, lookedAtMs: receivedAtMs + 2 * HOUR, text: '1' } },
    ]);
    expect((await run.aside())[0]?.value.reason).toContain('refuses');
  });

  it('counts an order once that is set aside again and again', async () => {
    const run = await bench();
    run.has('1', 'CHANNEL_REFUSED');
    for (let i = 0; i < 3; i += 1) await run.push('1');
    expect(run.log.counts.get('ingestion.quarantined')).toBe(1);
  });

  it('looks at the oldest first, at twenty in one run, while none can be had', async () => {
    const run = await bench();
    for (let no = 1; no <= 45; no += 1) {
      run.has(String(no), 'CHANNEL_REFUSED');
      await run.push(String(no));
      await run.clock.advance(1);
    }
    run.channel.modified = [];
    await run.clock.advance(2 * HOUR);
    run.channel.fetched = [];
    await pullModified(run);
    expect(run.channel.fetched.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    await pullModified(run);
    await pullModified(run);
    await pullModified(run);
    expect(new Set(run.channel.fetched).size).toBe(45);
    expect(run.channel.fetched.length).toBe(45);
  });

  it('goes on to all of a shop once one can be had: a permission that comes back brings thousands back at once', async () => {
    const run = await bench();
    for (let no = 1; no <= 110; no += 1) {
      run.has(String(no), 'CHANNEL_REFUSED');
      await run.push(String(no));
      await run.clock.advance(60_000);
    }
    for (const orderNo of run.channel.orders.keys()) run.has(orderNo, {});
    run.channel.modified = [];
    // The first are due, the last were looked at a minute ago.
    await pullModified(run);
    expect(await run.aside()).toEqual([]);
    expect(await run.held('110')).toBeDefined();
  });

  it('leaves a push that cannot be read, and an order number that no platform could have meant', async () => {
    const run = await bench();
    await run.push('a#b');
    await run.clock.advance(2 * HOUR);
    run.channel.fetched = [];
    await pullModified(run);
    expect([run.channel.fetched, (await run.aside()).length]).toEqual([[], 1]);
  });

  it('one order set aside again after it was taken out stands in the list again', async () => {
    const run = await bench();
    for (let round = 0; round < 2; round += 1) {
      run.has('1', 'CHANNEL_REFUSED');
      await run.push('1');
      expect((await run.aside()).length).toBe(1);
      run.has('1', { buyerMemo: `round ${round}` });
      run.channel.modified = [];
      await run.clock.advance(2 * HOUR);
      await pullModified(run);
      expect((await run.aside()).length).toBe(0);
    }
  });

  it('an order that is set aside anew while it is looked at stays', async () => {
    const run = await bench();
    run.has('1', 'CHANNEL_REFUSED');
    await run.push('1');
    await run.clock.advance(2 * HOUR);
    run.has('1', {});
    run.channel.modified = [];
    const answer = run.channel.fetchOrder;
    run.channel.fetchOrder = async (access, orderNo) => {
      run.channel.fetchOrder = answer;
      const first = await answer(access, orderNo);
      // The next version cannot be read, and its push comes while the first is on its way to the store.
      run.has('1', { buyerMemo: 'unreadable' });
      await run.push('1');
      return first;
    };
    await pullModified(run);
    expect(await run.held('1')).toBeDefined();
    expect(await run.aside()).toMatchObject([{ value: { orderNo: '1' } }]);
  });

  it('does not look for a shop that is switched off', async () => {
    const run = await bench();
    run.has('1', 'CHANNEL_REFUSED');
    await run.push('1');
    await run.store.put({ key: keys.shop(SHOP.id), expect: 1, value: { ...SHOP, active: false } });
    await run.clock.advance(2 * HOUR);
    run.channel.fetched = [];
    await pullModified(run);
    expect(run.channel.fetched).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4])(
    'killed behind write %i: the order or its item is there, and the next look has it',
    async (n) => {
      const store = new DyingStore();
      const run = await new QuarantineBench(store).withShop();
      await pullModified(run);
      run.has('1', 'CHANNEL_REFUSED');
      await run.push('1');
      run.has('1', {});
      run.channel.modified = [];
      await run.clock.advance(2 * HOUR);
      // What the pull itself writes, for its time that is covered: two hours in steps of half an hour.
      store.writesLeft = 4 + n;
      await pullModified(run);
      expect([(await run.held('1')) !== undefined, (await run.aside()).length]).toEqual([n > 2, n > 3 ? 0 : 1]);
      store.writesLeft = Number.POSITIVE_INFINITY;
      await run.clock.advance(HOUR);
      await pullModified(run);
      expect([(await run.held('1')) !== undefined, await run.aside()]).toEqual([true, []]);
    },
  );
});
