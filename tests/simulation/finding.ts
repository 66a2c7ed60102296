import type { ListingRef } from '../../shared/ports/channel';
import type { Key, Stored } from '../../shared/ports/store';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import type { MovementSource } from '../../shared/domain/stock/movement';

/** What a finding or a line of the trace is about, so that the one leads to the other. */
export interface Refs {
  /** Documents, by {@link documentOf}. */
  readonly documents?: readonly string[];
  /** Platform orders, as `shop#order`. */
  readonly orders?: readonly string[];
  /** Listings, as `shop#item` or `shop#item#sku`. */
  readonly listings?: readonly string[];
  readonly skuIds?: readonly string[];
  readonly shopIds?: readonly string[];
  /** Call of a function, as the trace names it: `push-stock@92`. */
  readonly task?: string;
  /** How that call ended, where the line tells so. */
  readonly end?: 'done' | 'failed' | 'crashed';
  /** It is about everything: the process was killed, the faults have ended. */
  readonly everything?: true;
}

/** Something that must hold and does not. */
export interface Finding {
  readonly what: string;
  readonly about: Refs;
  /** What may tell why, beside that. */
  readonly around?: Refs;
}

export const aboutOrder = (shopId: string, orderNo: string): Refs => ({ orders: [`${shopId}#${orderNo}`] });

export const aboutListing = (shopId: string, listing: ListingRef, skuId?: string | null): Refs => ({
  listings: [`${shopId}#${listingKey(listing)}`],
  ...(skuId && { skuIds: [skuId] }),
});

/** Kinds of documents that have a partition each, or with the versions or numbers that belong to them. */
const ALONE = /^(?:platform-order|delivery-order|allocation-order|stock-entry|ledger|sync|sku)#/;

/** Name of the document that a key is of. */
export const documentOf = ({ pk, sk }: Key): string => (ALONE.test(pk) ? pk : `${pk}/${sk}`);

/** What a key says that its document is about. */
export function refsOfKey(key: Key): Refs {
  const [kind = '', first = '', ...rest] = key.pk.split('#');
  const documents = [documentOf(key)];
  switch (kind) {
    case 'platform-order':
    case 'delivery-order':
      return { documents, orders: [`${first}#${rest.join('#')}`] };
    case 'sync':
      return { documents, listings: [`${first}#${rest.join('#')}`] };
    case 'mapping':
      return { documents, listings: [`${first}#${key.sk}`] };
    case 'ledger':
      return { documents, skuIds: rest };
    case 'sku':
    case 'ratio-exception':
      return { documents, skuIds: [first] };
    case 'shop':
    case 'shop-strategy':
      return { documents, shopIds: [key.sk] };
    default:
      return { documents };
  }
}

/** What a saved document is about, by its key and by what it says. */
export function refsOf({ key, value }: Stored<unknown>): Refs {
  const refs = refsOfKey(key);
  const [kind = '', shopId = ''] = key.pk.split('#');
  switch (kind) {
    case 'ledger': {
      const sources = (value as LedgerEntry).movements.map(({ source }) => source);
      const orders = sources.flatMap(({ type, id }) => (type === 'delivery-order' ? [id] : []));
      return { ...refs, documents: [...(refs.documents ?? []), ...sources.map(sourceDocument)], orders };
    }
    case 'sync':
    case 'mapping': {
      const { skuId } = value as { skuId: string | null };
      return { ...refs, ...(skuId !== null && { skuIds: [skuId] }) };
    }
    case 'delivery-order':
      return { ...refs, skuIds: (value as { holds: { skuId: string }[] }).holds.map(({ skuId }) => skuId) };
    case 'allocation-order':
    case 'stock-entry':
      return { ...refs, skuIds: (value as { lines: { skuId: string }[] }).lines.map(({ skuId }) => skuId) };
    case 'ratio-strategy':
      return { ...refs, shopIds: (value as { shopIds: string[] }).shopIds };
    case 'quarantine': {
      const { orderNo, text } = value as { orderNo: string | null; text: string };
      return { ...refs, ...aboutOrder(shopId, orderNo ?? text) };
    }
    default:
      return refs;
  }
}

/** The document that caused a movement: receipts and adjustments are stock entries. */
export function sourceDocument({ type, id }: Pick<MovementSource, 'type' | 'id'>): string {
  return `${type === 'receipt' || type === 'adjustment' ? 'stock-entry' : type}#${id}`;
}

/** Names in a finding of the invariants: `holds 2 for delivery-order tb#N1`. */
const SOURCE = /\b(delivery-order|allocation-order|receipt|adjustment) ([\w#-]+)/;

/**
 * A finding of the invariants, whose place is a key as text. Its words may name the document that holds something and the
 * SKU that somebody waits for.
 */
export function invariantFinding(
  { invariant, where, what }: { invariant: number; where: string; what: string },
  isSku: (text: string) => boolean,
): Finding {
  const [pk = '', sk = ''] = where.split('/');
  const refs = refsOfKey({ pk, sk });
  const [, type, id] = SOURCE.exec(what) ?? [];
  const source = id === undefined ? [] : [sourceDocument({ type: type as MovementSource['type'], id })];
  const skuIds = [...(refs.skuIds ?? []), ...(what.match(/[\w-]+/g) ?? []).filter(isSku)];
  return {
    what: `invariant ${invariant}: ${where}: ${what}`,
    about: {
      ...refs,
      documents: [...(refs.documents ?? []), ...source],
      ...(skuIds.length > 0 && { skuIds: [...new Set(skuIds)] }),
    },
  };
}
