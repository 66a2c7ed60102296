import { AppliedKeys } from '../../../infra/local/sandbox/applied-keys';
import { parseConfig } from '../../../infra/local/sandbox/config';
import { Dice } from '../../../infra/local/sandbox/dice';
import { IdSource } from '../../../infra/local/sandbox/ids';
import { byUtf8Bytes, writeJson } from '../../../infra/local/sandbox/json';
import { DueQueue } from '../../../infra/local/sandbox/messages/due-queue';
import { beijingMs, beijingText } from '../../../infra/local/sandbox/platform-time';
import { yuan } from '../../../infra/local/sandbox/taobao/money';

describe('ids', () => {
  it('are 19 digits, above 2^53, and differ between two runs', () => {
    const first = new IdSource(1_795_000_000_000);
    const later = new IdSource(1_795_000_000_001);
    expect([first.next(3), first.next(3)]).toEqual(['3179500000000000001', '3179500000000000002']);
    expect(later.next(3)).toBe('3179500000000100001');
  });
});

describe('JSON', () => {
  it('writes a bigint digit for digit and leaves undefined members out', () => {
    expect(writeJson({ id: 9_007_199_254_740_993n, none: undefined, list: [1, 'a', null, true] })).toBe(
      '{"id":9007199254740993,"list":[1,"a",null,true]}',
    );
  });

  it('orders text like its UTF-8 bytes, where UTF-16 would differ', () => {
    // U+FF5E is EF BD 9E in UTF-8, U+1F600 is F0 9F 98 80: the second is greater, though its surrogates are smaller
    const names = ['\u{1F600}', '\uFF5E', 'skuid_quantities', 'sku_id', 'B', '1'];
    expect(names.sort(byUtf8Bytes)).toEqual(['1', 'B', 'sku_id', 'skuid_quantities', '\uFF5E', '\u{1F600}']);
  });
});

describe('time and money', () => {
  it('writes GMT+8 whatever the zone of the machine, and reads it back', () => {
    expect(beijingText(Date.UTC(2026, 2, 8, 16, 0, 0, 999))).toBe('2026-03-09 00:00:00');
    expect(beijingMs('2026-03-09 00:00:00')).toBe(Date.UTC(2026, 2, 8, 16, 0, 0));
    for (const wrong of ['2026-02-30 00:00:00', '2026-3-9 00:00:00', '']) expect(beijingMs(wrong)).toBeUndefined();
  });

  it('writes fen as yuan with two decimals', () => {
    expect([0, 5, 50, 100, 123_456].map(yuan)).toEqual(['0.00', '0.05', '0.50', '1.00', '1234.56']);
  });
});

describe('chance', () => {
  it('repeats with its seed, and one purpose does not disturb another', () => {
    const alone = new Dice(7);
    const mixed = new Dice(7);
    const expected = Array.from({ length: 50 }, () => alone.roll('lose', 0.5));
    const seen = expected.map(() => {
      mixed.between('delay', 0, 100);
      return mixed.roll('lose', 0.5);
    });
    expect(seen).toEqual(expected);
    expect(new Set(expected).size).toBe(2);
  });

  it('comes near its share over many rolls', () => {
    const dice = new Dice(1);
    const hits = Array.from({ length: 10_000 }, () => dice.roll('lose', 0.2)).filter(Boolean).length;
    // 2,000 expected; five standard deviations of sqrt(10000 x 0.2 x 0.8) = 40 are 200
    expect(Math.abs(hits - 2_000)).toBeLessThan(200);
  });

  it('stays within its bounds', () => {
    const dice = new Dice(1);
    const values = Array.from({ length: 1_000 }, () => dice.between('delay', 3, 5));
    expect(new Set(values)).toEqual(new Set([3, 4, 5]));
  });
});

describe('due queue', () => {
  it('gives out what is due by time, and in order of arrival at equal times', () => {
    const queue = new DueQueue<{ dueAtMs: number; name: string }>();
    for (const [name, dueAtMs] of [
      ['c', 3],
      ['a', 1],
      ['b1', 2],
      ['b2', 2],
      ['z', 9],
    ] as const)
      queue.push({ name, dueAtMs });
    const taken: (string | undefined)[] = [];
    for (let count = 0; count < 5; count += 1) taken.push(queue.takeDue(3)?.name);
    expect(taken).toEqual(['a', 'b1', 'b2', 'c', undefined]);
    expect(queue.nextDueAtMs).toBe(9);
    queue.hurry(4, () => true);
    expect(queue.takeDue(4)?.name).toBe('z');
  });

  it('sorts any shuffle', () => {
    const dice = new Dice(3);
    const queue = new DueQueue<{ dueAtMs: number }>();
    const times = Array.from({ length: 500 }, () => dice.between('time', 0, 200));
    for (const dueAtMs of times) queue.push({ dueAtMs });
    const taken = times.map(() => queue.takeDue(1_000)?.dueAtMs);
    expect(taken).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('applied keys', () => {
  it('forget the oldest first, and only far beyond any run', () => {
    const keys = new AppliedKeys();
    for (let count = 0; count <= 200_000; count += 1) keys.add(`k${count}`);
    expect([keys.has('k0'), keys.has('k1'), keys.has('k200000')]).toEqual([false, true, true]);
  });
});

describe('configuration', () => {
  const shop = { shopId: 'a', channel: 'taobao', title: 't', appKey: 'k', appSecret: 's', accessToken: 'x' };

  it('reports all its problems at once', () => {
    const bad = {
      shops: [
        { ...shop, appKey: '' },
        { ...shop, channel: 'jd' },
      ],
      seed: -1,
    };
    expect(() => parseConfig(bad)).toThrow(/shops\[0\]\.appKey.*shops\[1\]\.channel.*seed/);
  });

  it('refuses two shops that could not be told apart', () => {
    expect(() => parseConfig({ shops: [shop, shop] })).toThrow(/listed twice.*access token/);
    const twoSecrets = [shop, { ...shop, shopId: 'b', accessToken: 'y', appSecret: 'other' }];
    expect(() => parseConfig({ shops: twoSecrets })).toThrow(/two secrets/);
  });
});
