import { ApiError, until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import type { DeliveryStatus } from '../../shared/domain/order/delivery-states';
import type { Key } from '../../shared/ports/store';
import type { LocalWorld } from './local-world';

/** Longest wait for something that timers and queues bring by themselves; it normally takes a second. */
const WAIT_MS = 30_000;

export interface Listing {
  readonly shopId: string;
  readonly itemId: string;
  readonly skuId: string;
}

/** One SKU of ours and its listing in each of the sample shops. */
export interface Goods {
  readonly skuId: string;
  readonly tmall: Listing;
  readonly doudian: Listing;
}

let listed = 0;

/** A listing with platform ids that nothing else has; they exceed 2^53, as platforms have them. */
export function newListing(shopId: string): Listing {
  listed += 1;
  return { shopId, itemId: `36000000000000${10_000 + listed}`, skuId: `17000000000000${10_000 + listed}` };
}

/** Puts a listing on sale, or changes it by hand; without `stockQty` what is shown stays. */
export async function putListing(
  world: LocalWorld,
  { shopId, itemId, skuId }: Listing,
  unit: { merchantCode: string; stockQty?: number; title?: string; priceFen?: number },
): Promise<void> {
  const { merchantCode, title = merchantCode, priceFen = 100, stockQty } = unit;
  const sku = { skuId, merchantCode, title: '标准', priceFen, ...(stockQty !== undefined && { stockQty }) };
  await world.sandbox.post('/sandbox/items', { shopId, items: [{ itemId, title, priceFen, skus: [sku] }] });
}

/** A new SKU of ours, listed in both sample shops under its id as merchant code, with pieces to sell. */
export async function offer(
  world: LocalWorld,
  skuId: string,
  pieces: { shown: number; onHand: number },
): Promise<Goods> {
  const goods = { skuId, tmall: newListing(SAMPLE.tmall.shopId), doudian: newListing(SAMPLE.doudian.shopId) };
  await world.host.post('/api/skus', { skus: [{ id: skuId, title: skuId }] });
  for (const listing of [goods.tmall, goods.doudian]) {
    await putListing(world, listing, { merchantCode: skuId, stockQty: pieces.shown });
  }
  if (pieces.onHand > 0) await receive(world, skuId, pieces.onHand);
  return goods;
}

/** Ticks 'enable auto audit' with limits that stop nothing. */
export async function auditEverything(world: LocalWorld): Promise<void> {
  const limits = { buyerMemo: 'any', sellerMemo: 'any', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 };
  await world.host.put('/api/audit-strategies/auto', { name: '自动审核', enabled: true, limits, version: 0 });
}

/** Has a shop show all that may be sold of what it lists. */
export async function syncWholeStock(world: LocalWorld, shopId: string): Promise<void> {
  await world.host.post(`/api/shops/${shopId}/download-items`);
  await world.host.put(`/api/shop-strategies/${shopId}`, { stockSyncEnabled: true, version: 0 });
  const strategy = { name: shopId, enabled: true, shopIds: [shopId], skuIds: null, version: 0 };
  const warehouseIds = [SAMPLE.distributionWarehouse];
  await world.host.put(`/api/ratio-strategies/${shopId}`, { ...strategy, warehouseIds, ratioBp: 10_000 });
}

let received = 0;

/** Receives pieces straight into the distribution warehouse. */
export async function receive(world: LocalWorld, skuId: string, qty: number): Promise<void> {
  received += 1;
  const entry = {
    id: `RK-${received}`,
    type: 'receipt',
    warehouseId: SAMPLE.distributionWarehouse,
    lines: [{ skuId, qty }],
  };
  await world.host.post('/api/stock-entries', entry);
}

export interface Purchase {
  readonly shopId: string;
  readonly orderNo: string;
}

/** Buys pieces of one or more listings of a shop; the sandbox's switches (`pay`, `mayShip`, memos) as they are. */
export async function buy(
  world: LocalWorld,
  basket: readonly { listing: Listing; quantity: number }[],
  switches: object = {},
): Promise<Purchase> {
  const shopId = basket[0]?.listing.shopId ?? '';
  const lines = basket.map(({ listing: { itemId, skuId }, quantity }) => ({ itemId, skuId, quantity }));
  const { orderNo } = await world.sandbox.post<{ orderNo: string }>('/sandbox/orders', { shopId, lines, ...switches });
  return { shopId, orderNo };
}

/** What a buyer, the seller or the platform does with an order: `pay`, `release`, `ship`, `cancel`, `refund`, `memo`. */
export async function onPlatform(
  world: LocalWorld,
  { orderNo }: Purchase,
  move: string,
  body: object = {},
): Promise<void> {
  await world.sandbox.post(`/sandbox/orders/${orderNo}/${move}`, body);
}

/** Requests, agrees to or refuses the refund of one line, by its place in the order. */
export async function refund(
  world: LocalWorld,
  purchase: Purchase,
  action: 'request' | 'agree' | 'refuse',
  line = 0,
): Promise<void> {
  const { lines } = await world.sandbox.get<{ lines: { lineNo: string }[] }>(`/sandbox/orders/${purchase.orderNo}`);
  await onPlatform(world, purchase, 'refund', { lineNo: lines[line]?.lineNo, action });
}

export interface OrderView {
  readonly status: DeliveryStatus;
  readonly statusText: string;
  readonly lines: readonly { skuId: string; quantity: number; refund: string }[];
  readonly holds: readonly { skuId: string; wantedQty: number; heldQty: number }[];
  readonly audit: { readonly againAtMs: number | null; readonly reasons: readonly { rule: string }[] } | null;
  readonly platform: { readonly paidAtMs: number | null; readonly deposit: string };
  readonly log: readonly { type: string; content: string; userName: string; atMs: number }[];
}

/** The delivery order of a purchase, or undefined where there is none. */
export async function deliveryOrder(world: LocalWorld, { shopId, orderNo }: Purchase): Promise<OrderView | undefined> {
  try {
    return await world.host.get<OrderView>(`/api/delivery-orders/${shopId}/${orderNo}`);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Waits until the delivery order is there and as it should be. */
export function untilOrder(
  world: LocalWorld,
  purchase: Purchase,
  what: string,
  is: (order: OrderView) => boolean,
): Promise<OrderView> {
  return until(`delivery order ${purchase.orderNo}: ${what}`, WAIT_MS, async () => {
    const order = await deliveryOrder(world, purchase);
    return order && is(order) ? order : undefined;
  });
}

export function untilStatus(world: LocalWorld, purchase: Purchase, status: DeliveryStatus): Promise<OrderView> {
  return untilOrder(world, purchase, status, (order) => order.status === status);
}

/** Waits until the rules have judged the order and stopped it; their names. */
export async function untilStopped(world: LocalWorld, purchase: Purchase): Promise<string[]> {
  const order = await untilOrder(
    world,
    purchase,
    'stopped',
    ({ status, audit }) => status === 'pending-audit' && !!audit,
  );
  return order.audit?.reasons.map(({ rule }) => rule) ?? [];
}

/** Waits until our copy of the platform order has come to a state of conversion. */
export function untilConversion(world: LocalWorld, { shopId, orderNo }: Purchase, state: string): Promise<true> {
  return until(`platform order ${orderNo}: ${state}`, WAIT_MS, async () => {
    try {
      const order = await world.host.get<{ conversion: string }>(`/api/platform-orders/${shopId}/${orderNo}`);
      return order.conversion === state ? true : undefined;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  });
}

/** A person's action on a delivery order. */
export function act(
  world: LocalWorld,
  { shopId, orderNo }: Purchase,
  action: string,
  body: object = {},
): Promise<OrderView> {
  return world.host.post<OrderView>(`/api/delivery-orders/${shopId}/${orderNo}/${action}`, body);
}

/** On hand and held pieces of one SKU. */
export async function stockOf(
  world: LocalWorld,
  skuId: string,
  warehouseId: string = SAMPLE.distributionWarehouse,
): Promise<{ onHandQty: number; heldQty: number }> {
  const { onHandQty, heldQty } = await world.host.get<{ onHandQty: number; heldQty: number }>(
    `/api/stock/${warehouseId}/${skuId}`,
  );
  return { onHandQty, heldQty };
}

/** A listing of an item, or of one of its SKUs. */
type Shown = Omit<Listing, 'skuId'> & { readonly skuId: string | null };

/** Pieces that shoppers see of a listing. */
export async function shownOf(world: LocalWorld, { shopId, itemId, skuId }: Shown): Promise<number> {
  type Item = { itemId: string; stockQty: number; skus: { skuId: string; stockQty: number }[] };
  const { items } = await world.sandbox.get<{ items: Item[] }>(`/sandbox/items?shopId=${shopId}&contains=${itemId}`);
  const item = items.find((one) => one.itemId === itemId);
  const unit = skuId === null ? item : item?.skus.find((sku) => sku.skuId === skuId);
  return unit?.stockQty ?? -1;
}

export async function untilShown(world: LocalWorld, listing: Shown, qty: number): Promise<void> {
  let shown = -1;
  await until(`${listing.shopId} shows ${qty} of ${listing.itemId}`, WAIT_MS, async () => {
    shown = await shownOf(world, listing);
    return shown === qty;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it shows ${shown}`);
  });
}

/** Counts that the host keeps since its start. */
export async function countOf(world: LocalWorld, metric: string): Promise<number> {
  const { counts } = await world.host.get<{ counts: Readonly<Record<string, number>> }>('/metrics');
  return counts[metric] ?? 0;
}

/** Waits until nothing that is stored or queued waits to be driven on. */
export async function untilIdle(world: LocalWorld): Promise<void> {
  await until('nothing is open any more', WAIT_MS, async () => {
    const { waiting } = await world.host.get<{ waiting: Readonly<Record<string, number>> }>('/api/status');
    const { busMessages } = await world.host.get<{ busMessages: number }>('/metrics');
    return busMessages === 0 && Object.values(waiting).every((count) => count === 0);
  });
}

/** Every stored document with its version, but for what timers note of their own progress: in the strategies, too. */
export async function documents(world: LocalWorld): Promise<string[]> {
  const { store, close } = await world.openStore();
  const found: string[] = [];
  try {
    for (let after: Key | undefined; ; ) {
      const page = await store.scan(after, 1_000);
      found.push(...page.map(({ key, version }) => `${key.pk}/${key.sk} v${version}`));
      after = page.at(-1)?.key;
      if (after === undefined) break;
    }
  } finally {
    await close();
  }
  return found.filter((text) => !/^(coverage|progress|audit-strategy)\//.test(text));
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
