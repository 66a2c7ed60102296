import type { Item, ItemListing } from '../catalogue';
import { checkPushUrl } from '../config';
import { ControlError } from '../control-error';
import type { FieldReader } from '../field-reader';
import type { JsonObject } from '../json';
import type { Shop } from '../shop';
import type { World } from '../world';
import type { ControlAnswer, ControlCall } from './control-call';
import { itemView, shopView, statsView } from './views';

const STOCK_MAX = 99_999_999;
const PRICE_FEN_MAX = 100_000_000;
const FLUSH_MS_MAX = 120_000;
const FLUSH_LOOK_EVERY_MS = 20;

export function shopOf(world: World, shopId: string): Shop {
  const shop = world.shops.get(shopId);
  if (shop === undefined) throw new ControlError(404, 'NO_SUCH_SHOP', `no shop ${shopId}`);
  return shop;
}

export function listShops(world: World): ControlAnswer {
  return { status: 200, body: { shops: [...world.shops.values()].map(shopView) } };
}

export function putShop(world: World, call: ControlCall): ControlAnswer {
  const shop = shopOf(world, call.names['shopId'] ?? '');
  const fields = call.body();
  const pushUrl = fields.text('pushUrl');
  fields.finish();
  checkPushUrl(pushUrl);
  if (shop.channel !== 'doudian')
    throw new ControlError(409, 'NO_PUSHES', 'messages of this platform are polled, not pushed');
  shop.outbox.setPushUrl(pushUrl);
  return { status: 200, body: shopView(shop) };
}

/** `contains` finds text in id, title or merchant code of an item or its SKUs; `limit` counts items per shop. */
export function listItems(world: World, { query }: ControlCall): ControlAnswer {
  const shopId = query.get('shopId');
  const shops = shopId === null ? [...world.shops.values()] : [shopOf(world, shopId)];
  const limit = query.has('limit') ? Math.max(0, Number(query.get('limit')) || 0) : Infinity;
  const contains = query.get('contains')?.toLowerCase() ?? '';
  const items = shops.flatMap((shop) => {
    const found: JsonObject[] = [];
    for (const item of shop.catalogue.items) {
      if (found.length >= limit) break;
      if (mentions(item, contains)) found.push(itemView(shop, item));
    }
    return found;
  });
  return { status: 200, body: { items } };
}

function mentions(item: Item, lowerText: string): boolean {
  const texts = [item.itemId, item.title, item.merchantCode];
  for (const unit of item.units) texts.push(unit.skuId ?? '', unit.title, unit.merchantCode);
  return lowerText === '' || texts.some((text) => text.toLowerCase().includes(lowerText));
}

/** Lists new items and changes listed ones, one after the other; bad input changes nothing. */
export function putItems(world: World, call: ControlCall): ControlAnswer {
  const fields = call.body();
  const shopId = fields.text('shopId');
  const listings = fields.objects('items').map(readListing);
  fields.finish();
  const shop = shopOf(world, shopId);
  for (const listing of listings) shop.catalogue.upsert(listing, world.nowMs());
  return { status: 200, body: { items: listings.length } };
}

function readListing(fields: FieldReader): ItemListing {
  const unit = readUnit(fields);
  const skus = fields.objects('skus').map((sku) => ({ ...readUnit(sku), skuId: sku.platformId('skuId') }));
  return { ...unit, itemId: fields.platformId('itemId'), skus };
}

function readUnit(fields: FieldReader): Omit<ItemListing, 'itemId' | 'skus'> {
  return {
    title: fields.text('title'),
    merchantCode: fields.words('merchantCode'),
    priceFen: fields.wholeNumber('priceFen', { min: 0, max: PRICE_FEN_MAX }),
    stockQty: fields.has('stockQty') ? fields.wholeNumber('stockQty', { min: 0, max: STOCK_MAX }) : undefined,
  };
}

/** Delivers at once what is held back, and waits until nothing is waiting or the time is over. */
export async function flushMessages(world: World, { names, query }: ControlCall): Promise<ControlAnswer> {
  const shop = shopOf(world, names['shopId'] ?? '');
  const timeoutMs = Math.min(FLUSH_MS_MAX, Math.max(0, Number(query.get('timeoutMs') ?? 5_000) || 0));
  const giveUpAtMs = performance.now() + timeoutMs;
  shop.outbox.hurry();
  while (shop.outbox.waiting > 0 && performance.now() < giveUpAtMs) {
    await new Promise((resolve) => setTimeout(resolve, FLUSH_LOOK_EVERY_MS));
  }
  return { status: 200, body: { waiting: shop.outbox.waiting } };
}

export function getStats(world: World): ControlAnswer {
  return { status: 200, body: statsView(world) };
}
