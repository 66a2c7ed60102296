import { writeOrSplit } from '../../../functions/ratio-sync-push/write-stock';
import type { StockWrite, StockWriteResult } from '../../../shared/ports/channel';
import { SHOP, StubRun } from '../../support/stub-run';

const APPLIED: StockWriteResult = { kind: 'applied', shownQty: null };
const UNKNOWN: StockWriteResult = { kind: 'unknown', message: 'time-out' };
const LATER: StockWriteResult = { kind: 'refused', code: 'CHANNEL_BUSY', message: 'busy', retry: 'later' };
const NEVER: StockWriteResult = { kind: 'refused', code: 'CHANNEL_REFUSED', message: 'no', retry: 'never' };
const GONE: StockWriteResult = { kind: 'refused', code: 'NOT_FOUND', message: 'gone', retry: 'never' };

const write = (itemId: string): StockWrite => ({
  listing: { itemId, platformSkuId: '1' },
  mode: 'add',
  qty: 1,
  key: itemId,
});

describe('writes of one call', () => {
  let run: StubRun;
  let calls: string[][];
  beforeEach(() => {
    run = new StubRun();
    calls = [];
  });

  /** Answers calls of several with these, and a call of one by its item. */
  const answer = (together: readonly StockWriteResult[], alone: Record<string, StockWriteResult> = {}): void => {
    run.channel.writeStock = async (_access, writes) => {
      calls.push(writes.map(({ listing }) => listing.itemId));
      return writes.length > 1 ? [...together] : [alone[writes[0]?.listing.itemId ?? ''] ?? UNKNOWN];
    };
  };
  const push = (deadlineMs = run.clock.nowMs() + 60_000) =>
    writeOrSplit(run, SHOP, ['a', 'b', 'c', 'd'].map(write), deadlineMs);

  it('go once more by themselves where they were refused for good in company, and no other does', async () => {
    answer([APPLIED, NEVER, UNKNOWN, LATER], { b: GONE });
    expect(await push()).toEqual([APPLIED, GONE, UNKNOWN, LATER]);
    expect(calls).toEqual([['a', 'b', 'c', 'd'], ['b']]);
  });

  it('are all tried alone where one bad one may have kept the others away', async () => {
    answer([NEVER, NEVER, NEVER, NEVER], { a: APPLIED, b: GONE, c: APPLIED, d: UNKNOWN });
    expect(await push()).toEqual([APPLIED, GONE, APPLIED, UNKNOWN]);
    expect(calls).toEqual([['a', 'b', 'c', 'd'], ['a'], ['b'], ['c'], ['d']]);
  });

  it('are not tried alone where that would change nothing', async () => {
    const closed: StockWriteResult = { kind: 'refused', code: 'CHANNEL_AUTH', message: 'closed', retry: 'never' };
    answer([closed, closed, closed, closed]);
    expect(await push()).toEqual([closed, closed, closed, closed]);
    expect(calls).toHaveLength(1);
  });

  it('do not go out late because they waited for a token', async () => {
    answer([APPLIED, NEVER, APPLIED, APPLIED], { b: APPLIED });
    run.ports.pool.takeTokens = async () => {
      await run.clock.advance(50_000);
      return { granted: 1, nextInMs: 0 };
    };
    const deadlineMs = run.clock.nowMs() + 50_000 + run.config.channelTimeoutMs;
    expect((await push(deadlineMs))[1]).toMatchObject({ kind: 'refused', code: 'DEADLINE', retry: 'later' });
    expect(calls).toHaveLength(1);
  });

  it('wait for a later run where the claim on the listings would not last', async () => {
    answer([APPLIED, NEVER, APPLIED, APPLIED], { b: APPLIED });
    const deadlineMs = run.clock.nowMs() + 500 + run.config.channelTimeoutMs;
    const called = run.channel.writeStock.bind(run.channel);
    run.channel.writeStock = async (access, writes) => {
      await run.clock.advance(1_000);
      return called(access, writes);
    };
    expect((await push(deadlineMs))[1]).toMatchObject({ kind: 'refused', code: 'DEADLINE', retry: 'later' });
    expect(calls).toHaveLength(1);
  });

  it('do not go out at all where the claim is over by the time that they could', async () => {
    answer([APPLIED, APPLIED, APPLIED, APPLIED]);
    const results = await push(run.clock.nowMs() + run.config.channelTimeoutMs);
    for (const result of results) expect(result).toMatchObject({ kind: 'refused', code: 'DEADLINE', retry: 'later' });
    expect(results).toHaveLength(4);
    expect(calls).toEqual([]);
  });
});
