import type { PlatformOrder } from '../../../shared/domain/order/platform-order';
import { keys } from '../../../shared/procedures/keys';
import { FrozenStore } from '../../simulation/frozen-store';
import { coverageFaults, isKept, ordersMissed } from '../../simulation/platform-truth';

const T = Date.UTC(2026, 2, 8, 6, 0, 0);

/** An order that takes no stock, so that nothing but what is held of it can be missed. */
const order = {
  ...{ channel: 'taobao', orderNo: 'N1', status: 'unpaid', platformStatus: 'unpaid', stockTakenAt: 'payment' },
  ...{ deposit: 'none', modifiedAtMs: T, lines: [], sellerMemo: '' },
} as unknown as PlatformOrder;

const platforms = [{ shopId: 'tb', orders: new Map([['N1', order]]) }];

/** A store that holds a version of the order. */
function holding(held: Partial<PlatformOrder>): FrozenStore {
  const store = new FrozenStore();
  const { platformStatus, modifiedAtMs, ...others } = { ...order, ...held };
  const text = JSON.stringify({ ...order, ...others, platformStatus, modifiedAtMs });
  store.save({ key: keys.rawOrder('tb', 'N1', modifiedAtMs, 'h'), expect: 0, value: { text } });
  const value = { shopId: 'tb', orderNo: 'N1', platformStatus, modifiedAtMs, rawHash: 'h' };
  store.save({ key: keys.platformOrder('tb', 'N1'), expect: 0, value });
  return store;
}

function putAside(store: FrozenStore, takenOut: object = {}): FrozenStore {
  const text = JSON.stringify({ unreadable: true, ...order });
  const value = { shopId: 'tb', source: 'order', orderNo: 'N1', text, ...takenOut };
  store.save({ key: keys.quarantine('tb', JSON.stringify(takenOut)), expect: 0, value });
  return store;
}

const missed = (store: FrozenStore): string[] => ordersMissed(store, platforms).map(({ what }) => what);

describe("the platforms' truth at rest", () => {
  it('is what we hold, down to what the newest version says', () => {
    expect(missed(holding({}))).toEqual([]);
  });

  it.each([
    ['an order that is not held', new FrozenStore(), `tb N1 is unpaid on the platform since ${T}, and not held`],
    [
      'an older version',
      holding({ modifiedAtMs: T - 1_000 }),
      `tb N1 is unpaid on the platform since ${T}, held is unpaid of ${T - 1_000}`,
    ],
    [
      'another status within the same second',
      holding({ platformStatus: 'closed' }),
      `tb N1 is unpaid on the platform since ${T}, held is closed of ${T}`,
    ],
    [
      'another memo within the same second',
      holding({ sellerMemo: 'earlier' }),
      `tb N1 of ${T} is held as it was earlier in that second`,
    ],
  ])('is missed by %s', (_name, store, what) => {
    expect(ordersMissed(store, platforms)).toEqual([{ what, about: { orders: ['tb#N1'] } }]);
  });

  it('is missed by an order that stands in quarantine: it is read again', () => {
    expect(missed(putAside(holding({ modifiedAtMs: T - 1_000 })))).toHaveLength(1);
  });

  it('is covered by the pull only where it is stored', () => {
    const store = holding({ modifiedAtMs: T - 1_000 });
    store.save({ key: keys.coverage('tb'), expect: 0, value: { shopId: 'tb', fromMs: 0, toMs: T + 4_000 } });
    expect(coverageFaults(store, platforms, 3_000)).toEqual([]);
    expect(coverageFaults(store, platforms, 1_000)).toEqual([
      {
        what: `the pull of tb has covered ${T + 1_000}, order N1 of ${T} is not stored`,
        about: { orders: ['tb#N1'] },
        around: { documents: ['coverage/tb'] },
      },
    ]);
    expect(isKept(putAside(store, { takenOutAtMs: T }), 'tb', 'N1', T)).toBe(false);
    expect(isKept(putAside(store), 'tb', 'N1', T)).toBe(true);
    expect(coverageFaults(putAside(store, { again: true }), platforms, 1_000)).toEqual([]);
  });
});
