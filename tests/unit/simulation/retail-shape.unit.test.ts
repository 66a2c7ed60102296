import { join } from 'node:path';
import { loadReplayOrders } from '../../../infra/local/replay/load-orders';
import { SeededRandom } from '../../support/seeded-random';
import { drawArrivals, drawPayMs, drawShare, RETAIL } from '../../simulation/retail-shape';

const orders = loadReplayOrders(join(__dirname, '../../../infra/local/replay/data'));

/** Shares of 1, 2, 3 … among counts. */
function sharesOf(counts: readonly number[]): number[] {
  return Array.from(
    { length: Math.max(...counts) },
    (_, i) => counts.filter((count) => count === i + 1).length / counts.length,
  );
}

describe('the shape of simulated buying is that of the replay data', () => {
  it('in lines of an order and pieces of a line', () => {
    const lines = sharesOf(orders.map((order) => order.lines.length));
    const pieces = sharesOf(orders.flatMap((order) => order.lines.map((line) => line.quantity)));
    expect(lines.length).toBe(RETAIL.lines.length);
    lines.forEach((share, i) => expect(RETAIL.lines[i]).toBeCloseTo(share, 2));
    expect(pieces.length).toBe(RETAIL.pieces.length);
    pieces.forEach((share, i) => expect(RETAIL.pieces[i]).toBeCloseTo(share, 2));
  });

  it('in orders that name a SKU twice, and in what becomes of orders', () => {
    const share = (count: number): number => count / orders.length;
    const twice = orders.filter(({ lines }) => new Set(lines.map(({ skuId }) => skuId)).size < lines.length);
    const ended = (outcome: string): number => share(orders.filter((order) => order.outcome === outcome).length);
    expect(RETAIL.sameSkuTwice).toBeCloseTo(share(twice.length), 2);
    expect(RETAIL.unpaidClosed).toBeCloseTo(ended('unpaid-closed'), 2);
    expect(RETAIL.cancelled).toBeCloseTo(ended('cancelled-after-payment'), 2);
    expect(RETAIL.partialRefund).toBeCloseTo(ended('partial-refund'), 2);
  });

  it('is drawn in these shares, in bursts, and paid as fast', () => {
    const random = new SeededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => drawShare(random, RETAIL.lines) + 1);
    sharesOf(drawn).forEach((share, i) => expect(share).toBeCloseTo(RETAIL.lines[i] ?? 0, 1));
    const paid = Array.from({ length: 20_000 }, () => drawPayMs(random));
    expect(paid.filter((ms) => ms < 10_000).length / paid.length).toBeCloseTo(0.63, 1);
    // Even arrivals would put 10 of 240 into each 24th of the time; half of ours come in 7 bursts.
    const perPart = new Map<number, number>();
    for (const atMs of drawArrivals(random, 240, 24_000))
      perPart.set(Math.floor(atMs / 1_000), (perPart.get(Math.floor(atMs / 1_000)) ?? 0) + 1);
    expect(Math.max(...perPart.values())).toBeGreaterThan(15);
  });
});
