import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { availableQty, EMPTY_BALANCE } from '../../shared/domain/stock/ledger';
import { stockKeyText } from '../../shared/domain/stock/movement';
import type { Store } from '../../shared/ports/store';
import { keys, waitingStockKey, waitingStockPartitions, waitingStockRange } from '../../shared/procedures/keys';
import { readLedgers } from '../../shared/procedures/post-movements';
import { nextCurable } from '../../shared/procedures/waiting-orders';

/** Orders looked at in one go. */
const PAGE = 50;

/**
 * Looks into the index that one run takes at most. Slow on purpose: where 200 SKUs are waited for, each is looked at every
 * minute, where it is 2,000 every ten, and that is only for those of which a message was lost.
 */
const LOOKS_PER_RUN = 200;

/** Name of the document that says where the walk is. */
const WALK_PROGRESS = 'waiting-stock';

/** A partition of the waiting orders, and the last place seen in it. */
interface WalkProgress {
  readonly partition: number;
  readonly after: string | null;
}

const START: WalkProgress = { partition: 0, after: null };

/**
 * Walks round the orders that wait for stock 缺货 and hands on those that what is available can serve. What comes in wakes them
 * by a message of stock-change-capture, and nothing else looks at them: a message may be lost, its sender die between two
 * pages, and an order that was woken may be cancelled, want less by now or fail, so that what was meant for it is another's.
 * All of that is seen here from what is saved, however long ago: an order is looked at once in each round, and a round ends. A
 * run that ends before writes down where it is. Only orders that release 0.2 has put to wait are in no place that a walk could
 * find; they have the messages, and the sweep that fills the pool.
 */
export async function walkWaiting(
  store: Store,
  convert: (orders: readonly DeliveryOrder[]) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<number> {
  const stored = await store.get<WalkProgress>(keys.progress(WALK_PROGRESS));
  const from = stored?.value ?? START;
  let at = from;
  let revived = 0;
  for (let looks = 0; looks < LOOKS_PER_RUN && mayGoOn(); looks += 1) {
    const partition = waitingStockPartitions()[at.partition];
    if (partition === undefined) break;
    const after = at.after === null ? {} : { after: at.after };
    const [first] = await store.queryIndex('open', partition, { ...after, limit: 1 });
    if (!first) {
      at = { partition: at.partition + 1, after: null };
      continue;
    }
    const key = waitingStockKey(first.sort);
    const range = waitingStockRange(key);
    // Read anew for each page, behind what the one before has taken: one that fails keeps no pieces from those behind it.
    const last = (await readLedgers(store, [key])).get(stockKeyText(key));
    const look = { key, leftQty: availableQty(last?.balance ?? EMPTY_BALANCE), ranges: [{ ...range, ...after }] };
    const { curable, next } = await nextCurable(store, look, PAGE);
    if (curable.length > 0) await convert(curable.map(({ order }) => order));
    revived += curable.length;
    at = { ...at, after: curable.at(-1)?.sort ?? next?.ranges[0]?.after ?? range.upTo };
  }
  if (at.partition >= waitingStockPartitions().length) at = START;
  // Of two runs at once one is told of a conflict: both have looked, and the place of either will do.
  if (at.partition !== from.partition || at.after !== from.after)
    await store.put<WalkProgress>({ key: keys.progress(WALK_PROGRESS), expect: stored?.version ?? 0, value: at });
  return revived;
}
