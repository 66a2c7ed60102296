import type { ChannelId, PlatformOrder } from '../../shared/domain/order/platform-order';
import type { ModifiedPage, ModifiedPaging, ModifiedWindow } from '../../shared/adapters/channels/modified-windows';
import { readModified } from '../../shared/adapters/channels/modified-windows';
import { readListings } from '../../shared/adapters/channels/listing-pages';
import { AppError } from '../../shared/errors';
import type { Channel, OrderStamp, ShopAccess, StockWrite, StockWriteResult } from '../../shared/ports/channel';
import type { Clock } from '../../shared/ports/clock';
import { aboutListing } from './finding';
import type { OnConfirmed, Platform, PlatformWorld } from './platform';
import { frozen } from './frozen-store';
import { GARBAGE, UNREADABLE } from './platform';
import { listingId } from './shelf';
import type { Turn } from './unreliable-ports';
import { outage } from './unreliable-ports';

/** A write that timed out may still be applied this much later; less than the time after which a push is checked again. */
const LATE_MS_MAX = 40_000;

/** What a platform's adapter makes of a call that fails: an outage, or something that no other try helps. */
const ERRORS = [
  ...(['CHANNEL_UNREACHABLE', 'CHANNEL_THROTTLED', 'CHANNEL_BUSY'] as const),
  ...(['CHANNEL_REFUSED', 'CHANNEL_AUTH', 'CHANNEL_BAD_ANSWER'] as const),
] as const;

/** As the adapters of both platforms read them, but for the size of pages. */
const PAGING: Omit<ModifiedPaging, 'pageSize'> = { windowMsMax: 1_800_000, resultsMax: Number.POSITIVE_INFINITY };

type Call = <R>(label: string, answer: () => R) => Promise<R>;

/** What a task knows of one platform. */
export interface ChannelView {
  readonly id: ChannelId;
  /** Its shops that we serve. */
  readonly shops: readonly Platform[];
  readonly world: Pick<PlatformWorld, 'random' | 'faults' | 'nowMs' | 'after' | 'read' | 'traced' | 'trace'>;
  /** The task, as the trace names it. */
  readonly task: string;
  readonly turn: Turn;
  /** Orders on one page of a list by modified time. */
  readonly pageSize: number;
  /** The clock of the task. */
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly onConfirmed: (platform: Platform, ...confirmed: Parameters<OnConfirmed>) => void;
  /** Its calls wait no longer for an answer. */
  readonly callMs: number;
}

/** The {@link Channel} to one platform as one task sees it: every call waits for its turn and may fail. */
export function channelTo(view: ChannelView): Channel {
  const { id, shops, turn, pageSize } = view;
  const { random, faults } = view.world;
  const shopOf = ({ shopId }: Pick<ShopAccess, 'shopId'>): Platform => {
    const shop = shops.find((candidate) => candidate.shopId === shopId);
    if (!shop) throw new AppError('UNKNOWN_SHOP', { shopId });
    return shop;
  };
  const call: Call = (label, answer) =>
    turn(`${id} ${label}`, () => {
      if (faults.happens('platformDown')) throw outage(random.pick(ERRORS), { label });
      const answered = answer();
      if (faults.happens('timeout')) throw outage('CHANNEL_UNREACHABLE', { label, fault: 'timeout' });
      return answered;
    });
  const poll = id === 'taobao';
  return {
    id,
    stockWrite: { set: true, idempotentAdd: !poll, writesPerCallMax: 2, oneItemPerCall: poll },
    intake: poll
      ? {
          kind: 'poll',
          // One queue for all sellers of the app, whoever of them asks.
          consume: (_access, max) => call('consume', () => shops.flatMap((shop) => shop.consume(max)).slice(0, max)),
          confirm: (_access, ids) =>
            call('confirm', () => {
              for (const shop of shops) shop.confirm(ids, (...confirmed) => view.onConfirmed(shop, ...confirmed));
            }),
        }
      : {
          kind: 'push',
          verify: () => true,
          orderNos: (body) => {
            const orderNo = Buffer.from(body).toString('utf8');
            if (orderNo.startsWith(GARBAGE)) throw outage('BAD_PUSH', {});
            return { orderNos: [orderNo], shopIds: [] };
          },
          ...{ acceptedBody: 'ok', refusedBody: 'again' },
        },
    readOrder: (text) => readOnce(view.world.read, text),
    fetchOrder: (access, orderNo) =>
      call(`fetch ${orderNo}`, () => {
        const order = shopOf(access).orders.get(orderNo);
        if (!order) throw new AppError('NOT_FOUND', { shopId: access.shopId, orderNo });
        return { orderNo, text: shopOf(access).textOf(order) };
      }),
    listModified: (access, window) =>
      readModified(window, view.clock.nowMs(), { ...PAGING, pageSize }, (part, pageIndex) =>
        call('list', () => modifiedPage(shopOf(access), part, pageIndex, pageSize)),
      ),
    listListings: (access, leftItems) =>
      readListings(
        {
          pageSize: 20,
          readPage: (pageNo) =>
            call('list items', () => {
              const listings = shopOf(access).shelf.listings();
              return { total: listings.length, items: listings.slice((pageNo - 1) * 20, pageNo * 20) };
            }),
          listingsOf: async (listing) => [listing],
        },
        leftItems,
      ),
    readStock: (access, listing) =>
      call(`read ${listingId(listing)}`, () => {
        const shop = shopOf(access);
        const qty = shop.shelf.readQty(listing);
        if (view.world.traced)
          view.world.trace(`${view.task} read ${shop.shopId} ${listingId(listing)}: ${qty}`, {
            ...aboutListing(shop.shopId, listing),
            task: view.task,
          });
        return qty;
      }),
    // Writes of one call have a key of their own: alone, each is new to the platform.
    writeStock: (access, writes) =>
      writeStock(
        view,
        shopOf(access),
        writes.map((write) => (writes.length > 1 ? { ...write, key: `${write.key} in company` } : write)),
      ),
  };
}

/**
 * One page of the orders modified in a window as the platform has them at this moment, newest first: whatever has changed since
 * the page before has moved to the front, or left the window, and the others have moved up.
 */
function modifiedPage(
  { orders }: Platform,
  { fromMs, toMs }: ModifiedWindow,
  pageIndex: number,
  pageSize: number,
): ModifiedPage<OrderStamp> {
  const stamps = [...orders.values()]
    .filter((order) => order.modifiedAtMs >= fromMs && order.modifiedAtMs <= toMs)
    .map(({ orderNo, modifiedAtMs, platformStatus }) => ({ orderNo, modifiedAtMs, platformStatus }))
    .sort((a, b) => b.modifiedAtMs - a.modifiedAtMs);
  return { total: stamps.length, rows: stamps.slice(pageIndex * pageSize, (pageIndex + 1) * pageSize) };
}

/** Orders are read over and over, and reading is pure: their texts are parsed once, and what comes of it is frozen. */
function readOnce(known: Map<string, PlatformOrder>, text: string): PlatformOrder {
  const order = known.get(text) ?? frozen(JSON.parse(text) as PlatformOrder);
  if (UNREADABLE in order) throw outage('ORDER_UNREADABLE', {});
  known.set(text, order);
  return order;
}

async function writeStock(
  view: ChannelView,
  shop: Platform,
  writes: readonly StockWrite[],
): Promise<StockWriteResult[]> {
  const { id, turn, world } = view;
  const askedMs = world.nowMs();
  for (const write of writes) shop.shelf.asked(write);
  const asked = writes.map(({ listing, mode, qty }) => `${listing.itemId} ${mode} ${qty}`).join(', ');
  const { results, then } = await turn(`${id} write ${asked}`, () => {
    const answer = answerWrites(view, shop, writes, askedMs);
    if (world.traced) traceWrites(view, shop, writes, answer.results);
    return answer;
  });
  return then === undefined ? results : turn(`${id} write ${then}`, () => results);
}

function traceWrites(
  { world, task }: ChannelView,
  { shopId }: Platform,
  writes: readonly StockWrite[],
  results: readonly StockWriteResult[],
): void {
  for (const [i, { listing, mode, qty }] of writes.entries()) {
    const result = results[i];
    const outcome = result?.kind === 'refused' ? `refused, ${result.code}` : (result?.kind ?? '');
    world.trace(`${task} wrote ${shopId} ${listingId(listing)} ${mode} ${qty}: ${outcome}`, {
      ...aboutListing(shopId, listing),
      task,
    });
  }
}

/** What becomes of a call that has reached the platform; `then` where its caller learns of it a while later. */
function answerWrites(
  { id, world, callMs }: ChannelView,
  shop: Platform,
  writes: readonly StockWrite[],
  askedMs: number,
): { readonly results: StockWriteResult[]; readonly then?: string } {
  const { random, faults } = world;
  if (faults.happens('flowControl'))
    return { results: writes.map(() => ({ kind: 'refused', code: 'flow', message: 'too fast', retry: 'later' })) };
  if (faults.happens('writeRefused'))
    return { results: writes.map(() => ({ kind: 'refused', code: 'off', message: 'not on sale', retry: 'never' })) };
  // Whoever calls gives up after the time limit, whatever becomes of the call.
  if (world.nowMs() > askedMs + callMs || faults.happens('writeTimeout')) {
    // Not applied, applied at once, or late: nobody can tell.
    const lateMs = Math.max(0, askedMs + random.pick([0, random.below(LATE_MS_MAX)]) - world.nowMs());
    const applyAll = (): void => void writes.map((write) => shop.shelf.apply(write));
    if (random.chance(0.7)) world.after(lateMs, `${id} applies late`, applyAll);
    return {
      results: writes.map(() => ({ kind: 'unknown', message: 'time-out', unanswered: true })),
      then: 'times out',
    };
  }
  // A bad one in company takes its neighbours with it, or is refused by itself; either goes through alone.
  const refused = writes.length > 1 && faults.happens('badCompany') ? random.pick(['all', 'first']) : 'none';
  const results = writes.map(
    (write, i): StockWriteResult =>
      refused === 'all' || (refused === 'first' && i === 0)
        ? { kind: 'refused', code: 'company', message: 'not in this company', retry: 'never' }
        : shop.shelf.apply(write),
  );
  return { results, then: 'answered' };
}
