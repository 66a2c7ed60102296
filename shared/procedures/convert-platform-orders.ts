import type { Actor } from '../domain/kernel/log-line';
import { withLine } from '../domain/kernel/log-line';
import { deliveryOrderId } from '../domain/kernel/ids';
import { applyPlatformUpdate, keptSkus } from '../domain/order/apply-platform-update';
import type { SkuOf } from '../domain/order/convert-order';
import { convertOrder, resolveLines } from '../domain/order/convert-order';
import type { DeliveryOrder } from '../domain/order/delivery-order';
import { wantedBySku, withRetry } from '../domain/order/delivery-order';
import { listingKey } from '../domain/order/item-mapping';
import type { PlatformOrder } from '../domain/order/platform-order';
import { isOver } from '../domain/order/platform-order';
import type { ConversionState, ReceivedOrder } from '../domain/order/received-order';
import { CONVERSION_ZH } from '../domain/order/received-order';
import type { Shop } from '../domain/settings';
import { availableQty, EMPTY_BALANCE } from '../domain/stock/ledger';
import { stockKeyText } from '../domain/stock/movement';
import { AppError } from '../errors';
import type { ListingRef } from '../ports/channel';
import type { Ports } from '../ports/ports';
import type { Stored } from '../ports/store';
import type { DriveResult, OrderDraft } from './drive-delivery-orders';
import { driveDeliveryOrders, followUps } from './drive-delivery-orders';
import { keys } from './keys';
import { askReadBack, resolveListings } from './map-listings';
import type { KnownLedgers, PostedEntry } from './post-movements';
import { readLedgers } from './post-movements';
import { receivedOrderPlaces } from './received-order-places';
import { loadShops } from './settings';

export interface OrderRef {
  readonly shopId: string;
  readonly orderNo: string;
}

/** What conversion did with one platform order. */
export type ConversionResult = OrderRef &
  (
    | {
        readonly kind: 'ok';
        readonly state: ConversionState;
        readonly deliveryOrder: DeliveryOrder | null;
        readonly unmapped: readonly string[];
      }
    | { readonly kind: 'failed'; readonly error: AppError }
  );

/** Times that an order is decided anew because somebody else saved it first. */
const TRIES_MAX = 5;

type ConversionPorts = Pick<Ports, 'store' | 'clock' | 'bus' | 'channels' | 'log'>;

/**
 * Document conversion 单据转换 for a batch: platform order → delivery order with its stock held. For an order that has a
 * delivery order already, takes in what the platform changed. Always starts from the newest version that we hold, so it
 * may be run again at any time: by the queue, the sweep, a person's button, or stock that came in.
 */
export async function convertPlatformOrders(
  ports: ConversionPorts,
  refs: readonly OrderRef[],
  by?: Actor,
): Promise<ConversionResult[]> {
  const shops = new Map((await loadShops(ports.store)).map(({ value }) => [value.id, value]));
  const unique = [...new Map(refs.map((ref) => [deliveryOrderId(ref.shopId, ref.orderNo), ref])).values()];
  const results = new Map<string, ConversionResult>();
  let open = unique;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    const round = await convertOnce(ports, shops, open, by);
    for (const result of round)
      if (result.kind !== 'again') results.set(deliveryOrderId(result.shopId, result.orderNo), result);
    open = open.filter((ref) => !results.has(deliveryOrderId(ref.shopId, ref.orderNo)));
    if (attempt + 1 >= TRIES_MAX) {
      for (const ref of open) {
        const error = new AppError('DOCUMENT_CONTENDED', { shopId: ref.shopId, orderNo: ref.orderNo });
        results.set(deliveryOrderId(ref.shopId, ref.orderNo), { ...ref, kind: 'failed', error });
      }
      open = [];
    }
  }
  return unique.flatMap((ref) => results.get(deliveryOrderId(ref.shopId, ref.orderNo)) ?? []);
}

type RoundResult = ConversionResult | (OrderRef & { readonly kind: 'again' });

interface Work {
  readonly ref: OrderRef;
  readonly head: Stored<ReceivedOrder>;
  readonly order: PlatformOrder;
  readonly shop: Shop;
  readonly existing: Stored<DeliveryOrder> | undefined;
}

async function convertOnce(
  ports: ConversionPorts,
  shops: ReadonlyMap<string, Shop>,
  refs: readonly OrderRef[],
  by: Actor | undefined,
): Promise<RoundResult[]> {
  const { store, clock } = ports;
  const { works, failed } = await loadWork(ports, shops, refs);
  const skuOf = await resolveListings(
    ports,
    works.flatMap(({ shop, order }) => order.lines.map((line) => ({ shopId: shop.id, line }))),
  );
  const ledgers = await readLedgers(
    store,
    works
      .flatMap(({ shop, order, existing }) =>
        existing
          ? []
          : shop.warehouseIds.flatMap((warehouseId) =>
              order.lines.flatMap((line) => ({ warehouseId, skuId: skuOf(shop.id, line) ?? '' })),
            ),
      )
      .filter((key) => key.skuId !== ''),
  );
  const all = works.map((work) => {
    const ofShop: SkuOf = (line) => skuOf(work.shop.id, line);
    const plan = planConversion(work, ofShop, ledgers, clock.nowMs());
    return { work, plan, untraced: untracedListings(work, plan, ofShop) };
  });
  const late = await overtaken(ports, all);
  const planned = all.filter(({ work }) => !late.has(work));
  // Before anything is saved that would make a repeat look as if it were done.
  await Promise.all(planned.map(({ work, untraced }) => askReadBack(ports, work.shop.id, untraced)));
  const drafts = planned.flatMap(({ work, plan }): OrderDraft[] => {
    if (!plan.draft) return [];
    // Whoever has seen no delivery order may have closed the matter by now: its maker must learn of it before the order
    // can stand where nobody looks, among those that wait for stock.
    return [isNew(plan.draft) ? { ...plan.draft, onMade: () => saveHead(ports, work.head, plan, by) } : plan.draft];
  });
  const driven = await driveDeliveryOrders(ports, drafts, ledgers);
  const results = await finishRound(ports, planned, driven, by);
  return [...failed, ...[...late].map(({ ref }): RoundResult => ({ ...ref, kind: 'again' })), ...results];
}

/**
 * What was decided from a version that may be older than the one that its delivery order knows. Of two versions that bear the
 * same second nobody can tell which came later; but a head that is the same before and behind the read of a delivery order is
 * no older than what that was made from.
 */
async function overtaken(
  { store }: ConversionPorts,
  planned: readonly { work: Work; plan: Plan }[],
): Promise<ReadonlySet<Work>> {
  const ties = planned.flatMap(({ work, plan }) =>
    plan.draft?.changed && work.existing?.value.platform.modifiedAtMs === work.order.modifiedAtMs ? [work] : [],
  );
  if (ties.length === 0) return new Set();
  const heads = await store.getMany<ReceivedOrder>(ties.map(({ head }) => head.key));
  return new Set(ties.filter(({ head }, i) => heads[i]?.version !== head.version));
}

const isNew = ({ version }: OrderDraft): boolean => version === 0;

async function finishRound(
  ports: ConversionPorts,
  planned: readonly { work: Work; plan: Plan }[],
  driven: { results: DriveResult[]; entries: PostedEntry[] },
  by: Actor | undefined,
): Promise<RoundResult[]> {
  let next = 0;
  const outcomes = planned.map(({ work, plan }) => ({
    work,
    plan,
    result: plan.draft ? driven.results[next++] : undefined,
  }));
  const results = await Promise.all(
    outcomes.map(async ({ work, plan, result }): Promise<RoundResult> => {
      if (result?.kind === 'conflict') return { ...work.ref, kind: 'again' };
      const saved = plan.draft && isNew(plan.draft) ? 'saved' : await saveHead(ports, work.head, plan, by);
      // A newer version came in meanwhile, or another worker was here: look again, so that no update is passed over.
      if (saved === 'conflict') return { ...work.ref, kind: 'again' };
      if (plan.unmapped.length > 0 && (await mappedMeanwhile(ports, work, plan.unmapped)))
        return { ...work.ref, kind: 'again' };
      const deliveryOrder = result?.order ?? work.existing?.value ?? null;
      return { ...work.ref, kind: 'ok', state: plan.state, deliveryOrder, unmapped: plan.unmapped };
    }),
  );
  await ports.bus.publish(followUps(driven.results, driven.entries));
  return results;
}

/**
 * Whether a listing that the order has just been parked for has its SKU by now: whoever saved it before the order was
 * parked could not find the order, and nobody else would revive it.
 */
async function mappedMeanwhile(
  ports: ConversionPorts,
  { ref, order }: Work,
  parkedFor: readonly string[],
): Promise<boolean> {
  const lines = order.lines.filter((line) => parkedFor.includes(listingKey(line)));
  const skuOf = await resolveListings(
    ports,
    lines.map((line) => ({ shopId: ref.shopId, line })),
  );
  return lines.some((line) => skuOf(ref.shopId, line) !== undefined);
}

async function loadWork(
  ports: ConversionPorts,
  shops: ReadonlyMap<string, Shop>,
  refs: readonly OrderRef[],
): Promise<{ works: Work[]; failed: ConversionResult[] }> {
  const { store, channels } = ports;
  // The delivery order after the head: one that is made meanwhile is seen, or its maker finds the head changed.
  const heads = await store.getMany<ReceivedOrder>(refs.map((ref) => keys.platformOrder(ref.shopId, ref.orderNo)));
  const rawKeys = refs.map(({ shopId, orderNo }, i) => {
    const { modifiedAtMs = 0, rawHash = '' } = heads[i]?.value ?? {};
    return keys.rawOrder(shopId, orderNo, modifiedAtMs, rawHash);
  });
  const [existing, raws] = await Promise.all([
    store.getMany<DeliveryOrder>(refs.map((ref) => keys.deliveryOrder(deliveryOrderId(ref.shopId, ref.orderNo)))),
    store.getMany<{ text: string }>(rawKeys),
  ]);
  const works: Work[] = [];
  const failed: ConversionResult[] = [];
  refs.forEach((ref, i) => {
    const [head, raw, shop] = [heads[i], raws[i], shops.get(ref.shopId)];
    if (!shop) {
      failed.push({ ...ref, kind: 'failed', error: new AppError('UNKNOWN_SHOP', { shopId: ref.shopId }) });
    } else if (!head || !raw) {
      failed.push({
        ...ref,
        kind: 'failed',
        error: new AppError('NOT_FOUND', { shopId: ref.shopId, orderNo: ref.orderNo }),
      });
    } else {
      works.push({ ref, head, order: channels[shop.channel].readOrder(raw.value.text), shop, existing: existing[i] });
    }
  });
  return { works, failed };
}

/**
 * Listings of which the platform has put pieces back on its shelf, sold them elsewhere or taken others off it, without a
 * movement of ours: an order that was over before we held anything, closed or refunded lines of an order that waited for
 * stock, that a person had cancelled before, or that the warehouse has begun, and lines that are of another listing now or
 * whose listing sells another SKU now.
 */
function untracedListings({ head, order, existing }: Work, plan: Plan, skuOf: SkuOf): readonly ListingRef[] {
  if (!existing) {
    // Refunded before it came to us: never held, whatever the platform does with the pieces.
    if (plan.draft) return order.lines.filter((line) => line.refund === 'succeeded');
    const over = plan.state === 'closed' || plan.state === 'shipped-elsewhere';
    return over && head.value.conversion !== plan.state ? order.lines : [];
  }
  const { status, goal, lines, holds, platform } = existing.value;
  // An order being picked becomes an exception 异常, which keeps its pieces until a person decides.
  const keeps = goal !== 'hold' || status === 'picking' || status === 'exception';
  const ends = isOver(order) && !isOver(platform);
  return order.lines.flatMap((line): readonly ListingRef[] => {
    const before = lines.find((known) => known.lineNo === line.lineNo);
    const given = ends || line.refund === 'succeeded';
    // Added since: held now, if at all.
    if (!before) return keeps || given ? [line] : [];
    // A hold is of a SKU, which may stand in both listings.
    if (listingKey(before) !== listingKey(line)) return [before, line];
    if (!given || before.refund === 'succeeded') return [];
    // A line that had no SKU of ours while others were held has no hold.
    const hold = holds.find((known) => known.skuId === before.skuId);
    const isReleased = hold && !keeps && hold.heldQty === hold.wantedQty && skuOf(line) === before.skuId;
    return isReleased ? [] : [line];
  });
}

interface Plan {
  readonly state: ConversionState;
  readonly unmapped: readonly string[];
  readonly draft?: OrderDraft;
}

function planConversion(work: Work, skuOf: SkuOf, ledgers: KnownLedgers, nowMs: number): Plan {
  const { order, shop, existing } = work;
  if (existing) {
    const { unmapped } = resolveLines(order, keptSkus(existing.value, skuOf));
    const updated = applyPlatformUpdate(existing.value, order, { skuOf, nowMs });
    const retried = updated.status === 'out-of-stock' ? withRetry(updated) : updated;
    const draft = { version: existing.version, order: retried, changed: updated !== existing.value };
    return unmapped.length > 0
      ? { state: 'unmapped', unmapped: unmapped.map(listingKey), draft }
      : { state: isOver(order) ? 'closed' : 'converted', unmapped: [], draft };
  }
  const { lines } = resolveLines(order, skuOf);
  const warehouseId = chooseWarehouse(shop, wantedBySku(lines), ledgers);
  const converted = convertOrder(order, { shopId: shop.id, warehouseId, skuOf, nowMs });
  switch (converted.kind) {
    case 'converted':
      return { state: 'converted', unmapped: [], draft: { version: 0, order: converted.order, changed: true } };
    case 'unmapped':
      return { state: 'unmapped', unmapped: converted.lines.map(listingKey) };
    case 'not-due':
    case 'closed':
    case 'shipped-elsewhere':
      return { state: converted.kind, unmapped: [] };
  }
}

/** The first of the shop's warehouses that has every SKU in full; else the first one, where the order then waits. */
function chooseWarehouse(shop: Shop, wanted: ReadonlyMap<string, number>, ledgers: KnownLedgers): string {
  const full = shop.warehouseIds.find((warehouseId) =>
    [...wanted].every(
      ([skuId, qty]) =>
        availableQty(ledgers.get(stockKeyText({ warehouseId, skuId }))?.balance ?? EMPTY_BALANCE) >= qty,
    ),
  );
  return full ?? shop.warehouseIds[0] ?? '';
}

async function saveHead(
  ports: ConversionPorts,
  head: Stored<ReceivedOrder>,
  plan: Plan,
  by: Actor | undefined,
): Promise<'saved' | 'conflict'> {
  const same =
    head.value.conversion === plan.state && JSON.stringify(head.value.unmapped) === JSON.stringify(plan.unmapped);
  if (same) return 'saved';
  const why = plan.unmapped.length > 0 ? `：${plan.unmapped.join('、')}` : '';
  const value: ReceivedOrder = {
    ...head.value,
    conversion: plan.state,
    unmapped: plan.unmapped,
    log: withLine(head.value.log, {
      type: '单据转换',
      content: `${CONVERSION_ZH[plan.state]}${why}`,
      actor: by ?? { kind: 'system', id: 'document-conversion' },
      atMs: ports.clock.nowMs(),
      status: plan.state,
    }),
  };
  return ports.store.put({
    key: head.key,
    expect: head.version,
    value,
    places: receivedOrderPlaces(value, ports.clock.nowMs()),
  });
}
