import { createHash } from 'node:crypto';
import { sortable } from '../domain/kernel/ids';
import type { QuarantinedItem } from '../domain/order/received-order';
import { isAside, orderAside } from '../domain/order/received-order';
import { AppError } from '../errors';
import type { Ports } from '../ports/ports';
import type { IndexPlaces, Key, Stored } from '../ports/store';
import { keys, quarantinedOrdersPartition } from './keys';

type QuarantinePorts = Pick<Ports, 'store' | 'log'>;

/**
 * An order in quarantine is asked for again this long after the last look. The platform may come to its senses, or the
 * adapter be mended, at any time; an order that nobody will ever have costs 24 calls a day.
 */
const LOOK_AGAIN_AFTER_MS = 3_600_000;

/** Times that an order is set aside anew because somebody looked at it meanwhile. */
const TRIES_MAX = 8;

/**
 * Keeps aside what could not be read or had. An order stands there once, with the newest text and reason: each time that
 * it is set aside is a version of the document, so that who has read the order before does not take it out. The same
 * push again is the same document.
 */
export async function quarantine(ports: QuarantinePorts, item: QuarantinedItem): Promise<void> {
  const key = quarantineKey(item);
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const before = await ports.store.get<QuarantinedItem>(key);
    const known = before !== undefined && isAside(before.value);
    if (known && item.source === 'push') return;
    const { receivedAtMs } = known ? before.value : item;
    const value = { ...item, receivedAtMs, ...(item.source === 'order' && { lookedAtMs: item.receivedAtMs }) };
    const places = placesOf(key, value);
    const saved = await ports.store.put({ key, expect: before?.version ?? 0, value, places });
    if (saved === 'conflict') continue;
    if (known) return;
    ports.log.count('ingestion.quarantined');
    ports.log.warn('ingestion.quarantined', { shopId: item.shopId, source: item.source, orderNo: item.orderNo });
    return;
  }
  throw new AppError('DOCUMENT_CONTENDED', { shopId: item.shopId, orderNo: item.orderNo });
}

/** Where an item stands: an order under its number alone, and where release 0.3 put it under its text, too. */
export function quarantineKey({ shopId, source, orderNo, text }: QuarantinedItem): Key {
  const named = `${source}\n${orderNo ?? ''}\n${source === 'order' ? (orderNo ?? '') : text}`;
  return keys.quarantine(shopId, createHash('sha256').update(named).digest('hex'));
}

/** Notes that an item is looked at now: whoever does so at the same time finds it taken. Undefined where another one was first. */
export async function noteLook(
  { store }: Pick<Ports, 'store'>,
  { key, version, value }: Stored<QuarantinedItem>,
  nowMs: number,
): Promise<Stored<QuarantinedItem> | undefined> {
  const looked = { ...value, lookedAtMs: nowMs };
  const places = placesOf(key, looked);
  const saved = await store.put({ key, expect: version, value: looked, places });
  return saved === 'saved' ? { key, version: version + 1, value: looked, places } : undefined;
}

/** Takes an item out, unless it was set aside anew since it was read; the document stays, in no list. */
export async function takeOut(
  { store, log }: QuarantinePorts,
  { key, version, value }: Stored<QuarantinedItem>,
  nowMs: number,
): Promise<void> {
  const saved = await store.put({ key, expect: version, value: { ...value, takenOutAtMs: nowMs } });
  if (saved === 'saved') log.info('quarantine.taken-out', { shopId: value.shopId, orderNo: value.orderNo });
}

/** In the list; and where it can be asked for again, among the orders of its shop that wait for that. */
function placesOf({ pk, sk }: Key, item: QuarantinedItem): IndexPlaces {
  const list = { partition: 'quarantine', sort: `${sortable(item.receivedAtMs)}#${sk}` };
  if (orderAside(item) === undefined) return { list };
  const dueMs = (item.lookedAtMs ?? item.receivedAtMs) + LOOK_AGAIN_AFTER_MS;
  return { list, open: { partition: quarantinedOrdersPartition(item.shopId), sort: `${sortable(dueMs)}#${pk}#${sk}` } };
}
