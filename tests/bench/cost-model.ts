import type { Rows } from './counting/row';
import type { Counts, Meter } from './counting/tally';
import type { Price } from './prices';
import { AWS, AWS_STANDING, HUAWEI } from './prices';

/** How orders come. All figures are per order, so that they can be told per million. */
export interface Traffic {
  readonly name: string;
  readonly about: string;
  /** Row of the counts that an order is taken from. */
  readonly orderRow: string;
  /** Listings brought to a new quantity for one order. */
  readonly pushesPerOrder: number;
  /** Minutes in which timers run, for one order. */
  readonly minutesPerOrder: number;
  /** Orders that one call of a queue's function takes. */
  readonly batch: number;
}

/** Lines of an order here, and shops that list its SKUs. */
const LINES = 2;
const SHOPS = 2;

const QUIET_ORDERS_PER_DAY = 1_000;

/** Every order moves SKUs that no order of the same minute moves: nothing is coalesced. */
export const QUIET: Traffic = {
  name: 'quiet',
  about: `${QUIET_ORDERS_PER_DAY} orders a day, each alone; each changes ${LINES} SKUs in ${SHOPS} shops`,
  orderRow: 'order/2-line/alone',
  pushesPerOrder: LINES * SHOPS,
  minutesPerOrder: (24 * 60) / QUIET_ORDERS_PER_DAY,
  batch: 1,
};

const PEAK_ORDERS_PER_SECOND = 500;
const PEAK_SKUS = 5_000;

/** Every SKU is sold every minute: the timer pushes each listing once a minute, however often it moved. */
export const PEAK: Traffic = {
  name: 'peak',
  about: `${PEAK_ORDERS_PER_SECOND} orders/s for an hour, in full batches, ${PEAK_SKUS} SKUs in ${SHOPS} shops, each pushed once a minute`,
  orderRow: 'order/2-line/batch-100-cold',
  pushesPerOrder: (PEAK_SKUS * SHOPS) / (PEAK_ORDERS_PER_SECOND * 60),
  minutesPerOrder: 1 / (PEAK_ORDERS_PER_SECOND * 60),
  batch: 50,
};

/** One line of a bill, for a million orders. `scalesWith` says what makes it more. */
export interface CostItem {
  readonly what: string;
  readonly units: number;
  readonly cost: number;
  readonly scalesWith: string;
}

/** Sizes of functions, MB, by name. */
export type Memory = Readonly<Record<string, number>>;

/**
 * Work of a processor that an order takes in all functions together, and a call by itself, ms at a whole one: rounded up from
 * what part `shop-systems` finds. AWS gives a whole processor at 1,769 MB (docs.aws.amazon.com/lambda, configuration-memory).
 */
export const WORK = { orderMs: 3, callMs: 2, pushMs: 1, wholeProcessorMb: 1_769 } as const;

/** Lines that Lambda writes for each call by itself (START, END, REPORT), bytes: general knowledge. */
export const LAMBDA_LOG_BYTES = 350;

/**
 * Empty polls of Lambda's five pollers, each waiting 20 s, on each of three queues, a minute:
 * docs.aws.amazon.com/lambda, with-sqs. They go on whether orders come or not.
 */
export const EMPTY_POLLS_PER_MINUTE = 3 * 5 * 3;

/** Messages that one receive or delete request of a poller takes. */
const RECEIVE_MAX = 10;

const MILLION = 1_000_000;
const GB = 1e9;

/** What a million orders use. */
interface Usage {
  readonly meter: (meter: Meter) => number;
  readonly gbS: number;
  readonly minutes: number;
  readonly httpRequests: number;
  readonly queueRequests: number;
  readonly timerCalls: number;
}

/** The order itself, the pull's second look at it, its pushes, and its share of the minutes. */
function partsOf(rows: Rows, traffic: Traffic): { counts: Counts; times: number }[] {
  const row = (name: string): Counts => {
    const counts = rows[name];
    if (!counts) throw new Error(`the cost needs the row ${name} of the counts`);
    return counts;
  };
  return [
    { counts: row(traffic.orderRow), times: 1 },
    { counts: row('order/second-look/batch-100'), times: 1 },
    { counts: row('sync-push/sale-of-100'), times: traffic.pushesPerOrder },
    { counts: row('idle-minute/cloud'), times: traffic.minutesPerOrder },
  ];
}

function usageOf(rows: Rows, traffic: Traffic, memory: Memory): Usage {
  const parts = partsOf(rows, traffic);
  const [order, , , idle] = parts;
  const meter = (name: Meter): number =>
    MILLION * parts.reduce((sum, { counts, times }) => sum + counts.meters[name] * times, 0);
  const waitedGbS = parts.reduce(
    (sum, { counts, times }) =>
      sum +
      Object.entries(counts.waitedMsBy).reduce(
        (gbS, [name, ms]) => gbS + ((ms * times) / 1_000) * (requireMemory(memory, name) / 1_024),
        0,
      ),
    0,
  );
  // A function of less memory has less of a processor and takes longer: the GB-seconds of work are the same.
  const workMs = WORK.orderMs + WORK.pushMs * traffic.pushesPerOrder + WORK.callMs * (meter('functionCalls') / MILLION);
  const workGbS = (workMs / 1_000) * (WORK.wholeProcessorMb / 1_024);
  const messages = order?.counts.meters.messages ?? 0;
  const received = Math.max(messages / Math.min(RECEIVE_MAX, traffic.batch), order?.counts.meters.sendRequests ?? 0);
  const minutes = MILLION * traffic.minutesPerOrder;
  return {
    ...{ meter, minutes, gbS: MILLION * (waitedGbS + workGbS), httpRequests: MILLION },
    queueRequests: meter('sendRequests') + MILLION * 2 * received + minutes * EMPTY_POLLS_PER_MINUTE,
    timerCalls: minutes * (idle?.counts.meters.functionCalls ?? 0),
  };
}

/** AWS, US dollars for a million orders. */
export function awsItems(rows: Rows, traffic: Traffic, memory: Memory): CostItem[] {
  const use = usageOf(rows, traffic, memory);
  const item = (what: string, units: number, price: Price, scalesWith: string): CostItem => ({
    ...{ what, units, cost: units * price.perUnit, scalesWith },
  });
  const logBytes = use.meter('logBytes') + use.meter('functionCalls') * LAMBDA_LOG_BYTES;
  return [
    item('DynamoDB writes', use.meter('writeUnits'), AWS.writeUnit, 'orders, lines, listings pushed'),
    item('DynamoDB reads', use.meter('readUnits'), AWS.readUnit, 'orders, lines; minutes x shops (read-back)'),
    item('DynamoDB storage, the first month', use.meter('storedBytes') / GB, AWS.storedGbMonth, 'orders kept'),
    item('Lambda requests', use.meter('functionCalls'), AWS.functionCall, 'pushes; batches; minutes'),
    item('Lambda time (GB-s)', use.gbS, AWS.functionGbS, 'pushes x platform latency; minutes'),
    item('HTTP API', use.httpRequests, AWS.httpRequest, 'pushes'),
    item('SQS', use.queueRequests, AWS.queueRequest, 'batches; minutes (empty polls)'),
    item('EventBridge timers', use.timerCalls, AWS.timerCall, 'minutes'),
    item('CloudWatch Logs (GB)', logBytes / GB, AWS.logGb, 'calls'),
  ];
}

/** Huawei Cloud, renminbi for a million orders: what is billed by use. The engines are billed by the hour. */
export function huaweiItems(rows: Rows, traffic: Traffic, memory: Memory): CostItem[] {
  const use = usageOf(rows, traffic, memory);
  const calls = use.meter('functionCalls');
  return [
    {
      ...{ what: 'FunctionGraph requests', units: calls, cost: calls * HUAWEI.functionCall.perUnit },
      scalesWith: 'pushes; batches; minutes',
    },
    {
      ...{ what: 'FunctionGraph time (GB-s)', units: use.gbS, cost: use.gbS * HUAWEI.functionGbS.perUnit },
      scalesWith: 'pushes x platform latency; minutes',
    },
  ];
}

export function sumOf(items: readonly CostItem[]): number {
  return items.reduce((sum, { cost }) => sum + cost, 0);
}

/** US dollars a month for what stands there. */
export function standingPerMonth(): number {
  return AWS_STANDING.reduce((sum, { perUnit, perMonth }) => sum + perUnit * perMonth, 0);
}

function requireMemory(memory: Memory, functionName: string): number {
  const mb = memory[functionName];
  if (mb === undefined) throw new Error(`functions/${functionName}/function.yml says no memorySize`);
  return mb;
}
