import { sortable } from '../../shared/domain/kernel/ids';
import type { QuarantinedItem } from '../../shared/domain/order/received-order';
import { isAside } from '../../shared/domain/order/received-order';
import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import { quarantinedOrdersPartition } from '../../shared/procedures/keys';
import { readAgain } from '../../shared/procedures/read-again';

/** Orders asked for at once: with a time-out each, eight at a time, a batch takes about 12 s. */
const LOOKS_AT_ONCE = 20;

/** No batch begins with less time left. */
const SPARE_MS = 20_000;

/**
 * The second look at a shop's orders in quarantine that are due for one, those whose last look is longest ago first. Where
 * none of a batch can be had it ends: the next run takes the next ones. Where one can, all others are read, too: a
 * permission that comes back brings back what was refused meanwhile. Returns how many orders came.
 */
export async function lookAgain(run: Run<'bus'>, shop: Shop): Promise<number> {
  const { store, clock } = run.ports;
  const startedMs = clock.nowMs();
  let found = 0;
  for (let after: string | undefined; run.remainingMs() > SPARE_MS; ) {
    const hits = await store.queryIndex('open', quarantinedOrdersPartition(shop.id), {
      ...(after === undefined ? { upTo: `${sortable(startedMs)}#\uffff` } : { after }),
      limit: LOOKS_AT_ONCE,
    });
    after = hits.at(-1)?.sort;
    const read = await store.getMany<QuarantinedItem>(hits.map(({ key }) => key));
    // The index may lag behind, and what this run has looked at stands at its end.
    const items = read.flatMap((item) =>
      item && isAside(item.value) && (item.value.lookedAtMs ?? 0) < startedMs ? [item] : [],
    );
    if (items.length === 0) return found;
    const outcomes = await readAgain(run.ports, shop, items);
    const came = outcomes.filter((outcome) => CAME.has(outcome)).length;
    if (came === 0) return found;
    found += came;
  }
  return found;
}

/** Outcomes that say that the platform gives the order, and that it can be read. */
const CAME: ReadonlySet<unknown> = new Set(['stored', 'unchanged', 'older']);
