import { OrderCounts, readOrders } from '../../../../functions/console/home/read-orders';
import { MemoryStore } from '../../../../shared/adapters/memory/memory-store';
import { epochMsFromShanghaiText } from '../../../../shared/domain/kernel/time';
import { sortable } from '../../../../shared/domain/kernel/ids';
import { SHOP } from '../../../support/stub-run';

const at = (text: string): number => epochMsFromShanghaiText(`2026-03-${text}`) ?? 0;
const NOW = at('08 14:20:00');
const MINUTE = 60_000;

let orderNo = 0;

/** An order as the index shows it: nothing else is read of it. */
async function order(store: MemoryStore, atMs: number, shopId = SHOP.id): Promise<void> {
  orderNo += 1;
  const list = { partition: `platform-order#${shopId}`, sort: `${sortable(atMs)}#N${orderNo}` };
  await store.put({ key: { pk: `o#${orderNo}`, sk: 'head' }, expect: 0, value: {}, places: { list } });
}

describe('orders by hour', () => {
  it('are counted by the hour in which they were made, and today beside yesterday up to the same time', async () => {
    const store = new MemoryStore();
    for (const text of ['08 00:00:00', '08 13:59:59', '08 14:00:00', '08 14:10:00']) await order(store, at(text));
    // Yesterday: two before 14:20, one behind it; and one of the day before.
    for (const text of ['07 09:00:00', '07 14:19:59', '07 14:20:00', '06 14:00:00']) await order(store, at(text));
    await order(store, at('08 13:00:00'), 'dd');
    const shops = [SHOP, { ...SHOP, id: 'dd', title: '抖店' }];
    const {
      hoursMs,
      today,
      yesterdaySameTime,
      shops: rows,
      orMore,
    } = await readOrders(store, new OrderCounts(), shops, NOW);
    expect([hoursMs.length, hoursMs[0], hoursMs.at(-1)]).toEqual([24, at('07 15:00:00'), at('08 14:00:00')]);
    expect(rows[0]?.perHour).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(rows.map((shop) => [shop.shopId, shop.today, shop.yesterdaySameTime])).toEqual([
      ['tb', 4, 2],
      ['dd', 1, 0],
    ]);
    expect({ today, yesterdaySameTime, orMore }).toEqual({ today: 5, yesterdaySameTime: 2, orMore: false });
  });

  it('are counted up to 5,000 an hour, and the page says so', async () => {
    const store = new MemoryStore();
    for (let n = 0; n < 5_001; n += 1) await order(store, at('08 10:00:00') + n);
    const { today, orMore } = await readOrders(store, new OrderCounts(), [SHOP], NOW);
    expect({ today, orMore }).toEqual({ today: 5_000, orMore: true });
  });

  it('are counted anew where the hour is not long over, and every ten minutes where it is', async () => {
    const store = new MemoryStore();
    const counts = new OrderCounts();
    const today = async (nowMs: number): Promise<number> => (await readOrders(store, counts, [SHOP], nowMs)).today;
    expect(await today(NOW)).toBe(0);
    // Over for more than an hour at 14:20 is 12:00 to 13:00, and not 13:00 to 14:00.
    await order(store, at('08 12:30:00'));
    expect(await today(NOW + 9 * MINUTE)).toBe(0);
    await order(store, at('08 13:30:00'));
    await order(store, at('08 14:15:00'));
    expect(await today(NOW + 9 * MINUTE)).toBe(2);
    expect(await today(NOW + 10 * MINUTE)).toBe(3);
  });
});
