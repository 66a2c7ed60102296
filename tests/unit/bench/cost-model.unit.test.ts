import type { CostItem } from '../../bench/cost-model';
import { awsItems, huaweiItems, PEAK, QUIET, standingPerMonth, sumOf } from '../../bench/cost-model';
import type { Rows } from '../../bench/counting/row';
import type { Counts, Meter } from '../../bench/counting/tally';
import { METERS } from '../../bench/counting/tally';

function counts(meters: Partial<Record<Meter, number>>, waitedMsBy: Record<string, number> = {}): Counts {
  const none = Object.fromEntries(METERS.map((meter) => [meter, 0])) as Record<Meter, number>;
  return { meters: { ...none, ...meters }, writeUnitsBy: {}, readUnitsBy: {}, waitedMsBy };
}

/** Round figures, so that a bill can be worked out by hand. */
const ROWS: Rows = {
  'order/2-line/alone': counts(
    { writeUnits: 8, readUnits: 4, messages: 4, sendRequests: 3, functionCalls: 4 },
    { 'order-ingestion': 128 },
  ),
  'order/2-line/batch-100-cold': counts({
    writeUnits: 6,
    readUnits: 2,
    messages: 4,
    sendRequests: 1,
    functionCalls: 1,
  }),
  'order/second-look/batch-100': counts({ writeUnits: 1, readUnits: 2 }),
  'sync-push/sale-of-100': counts({ writeUnits: 1, readUnits: 1 }),
  'idle-minute/cloud': counts({ readUnits: 10, functionCalls: 5 }),
};
const MEMORY = { 'order-ingestion': 512 };

const costOf = (items: readonly CostItem[], what: string): number =>
  items.find((item) => item.what.startsWith(what))?.cost ?? Number.NaN;

describe('the bill of a million orders', () => {
  const quiet = awsItems(ROWS, QUIET, MEMORY);

  it('sums the order, its second look, its pushes and its share of the minutes', () => {
    // A quiet order pushes 2 SKUs to 2 shops and has 1,440 / 1,000 minutes to itself.
    // Writes: 8 + 1 + 4 × 1 = 13 units, at 0.625 a million; reads: 4 + 2 + 4 × 1 + 1.44 × 10 = 24.4, at 0.125.
    expect(costOf(quiet, 'DynamoDB writes')).toBeCloseTo(8.125, 9);
    expect(costOf(quiet, 'DynamoDB reads')).toBeCloseTo(3.05, 9);
    // Calls: 4 + 1.44 × 5 = 11.2, at 0.20.
    expect(costOf(quiet, 'Lambda requests')).toBeCloseTo(2.24, 9);
  });

  it('bills what a function waits by its memory, and its work by the processor that it takes', () => {
    // Waiting: 0.128 s × 0.5 GB = 0.064 GB-s. Work: 3 + 4 × 1 + 11.2 × 2 = 29.4 ms × 1,769 MB = 0.0507896… GB-s.
    const gbS = 0.064 + 0.0294 * (1_769 / 1_024);
    expect(costOf(quiet, 'Lambda time')).toBeCloseTo(gbS * 16.6667, 6);
    expect(costOf(huaweiItems(ROWS, QUIET, MEMORY), 'FunctionGraph time')).toBeCloseTo(gbS * 111.08, 6);
  });

  it('counts what a queue is asked for: sends, receives, deletes, and polls that find nothing', () => {
    // Alone: 3 sends, and 4 messages each received and deleted alone; 45 empty polls in each of 1.44 minutes.
    expect(costOf(quiet, 'SQS')).toBeCloseTo((3 + 2 * 4 + 1.44 * 45) * 0.4, 9);
    // In batches ten messages are one request, but never fewer receives than sends.
    const peakMinutes = 1 / 30_000;
    expect(costOf(awsItems(ROWS, PEAK, MEMORY), 'SQS')).toBeCloseTo((1 + 2 * 1 + peakMinutes * 45) * 0.4, 9);
  });

  it('spares a peak the pushes that are coalesced, and nearly all of the minutes', () => {
    // 10,000 listings a minute for 30,000 orders: a third of a push an order. 6 + 1 + 1/3 units.
    expect(costOf(awsItems(ROWS, PEAK, MEMORY), 'DynamoDB writes')).toBeCloseTo((7 + 1 / 3) * 0.625, 9);
    expect(sumOf(awsItems(ROWS, PEAK, MEMORY))).toBeLessThan(sumOf(quiet));
  });

  it('does not take a function for free whose memory is not known', () => {
    expect(() => awsItems(ROWS, QUIET, {})).toThrow('functions/order-ingestion/function.yml says no memorySize');
  });

  it('keeps apart what stands there in any case', () => {
    // NAT 730 h × 0.045, endpoints 2 × 730 h × 0.01, nodes 2 × 730 h × 0.032.
    expect(standingPerMonth()).toBeCloseTo(32.85 + 14.6 + 46.72, 9);
  });
});
