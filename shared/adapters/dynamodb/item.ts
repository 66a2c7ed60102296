import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { IndexName, IndexPlace, IndexPlaces, Key, Stored } from '../../ports/store';
import { documentText } from '../document-text';
import { VALUE_DICTIONARY } from './value-dictionary';

/**
 * A document as an item of the table. Names are short, since every byte of an item is paid for with each write:
 *
 * | attribute | type | what |
 * | --- | --- | --- |
 * | pk, sk | S | key |
 * | v | N | version |
 * | w | S | token of the write that made this version: tells our own write from another one of the same content |
 * | j | S | value as JSON, or |
 * | z | B | the same, deflated (RFC 1951) with the dictionary of value-dictionary.ts: a write unit is 1 KB |
 * | op, os | S | partition and sort in the index `open`; absent where the document does not stand there |
 * | lp, ls | S | the same in the index `list` |
 */
export type Item = Record<string, AttributeValue>;

/** Attributes of each index. */
export const INDEX_ATTRIBUTES: Readonly<Record<IndexName, { partition: string; sort: string }>> = {
  open: { partition: 'op', sort: 'os' },
  list: { partition: 'lp', sort: 'ls' },
};

/** Below this an item is within one write unit (1 KB) as it is: keys, names and places take about 300 bytes. */
const DEFLATE_ABOVE_BYTES = 700;

const DEFLATE = { dictionary: VALUE_DICTIONARY };

export interface Document {
  readonly key: Key;
  readonly version: number;
  readonly value: unknown;
  readonly places: IndexPlaces;
}

/** Throws DOCUMENT_TOO_LARGE. */
export function itemOf({ key, version, value, places }: Document, token: string): Item {
  const { open, list } = places;
  return {
    ...keyOf(key),
    v: { N: String(version) },
    w: { S: token },
    ...valueOf(documentText(key, value)),
    ...(open && { op: { S: open.partition }, os: { S: open.sort } }),
    ...(list && { lp: { S: list.partition }, ls: { S: list.sort } }),
  };
}

export function keyOf({ pk, sk }: Key): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

function valueOf(text: string): Item {
  if (text.length <= DEFLATE_ABOVE_BYTES) return { j: { S: text } };
  const deflated = deflateRawSync(text, DEFLATE);
  return deflated.length < Buffer.byteLength(text) ? { z: { B: deflated } } : { j: { S: text } };
}

export function documentOf<T>(item: Item): Stored<T> {
  const text = item['z']?.B ? inflateRawSync(item['z'].B, DEFLATE).toString('utf8') : textOf(item, 'j');
  return {
    key: itemKey(item),
    version: Number(item['v']?.N),
    value: JSON.parse(text) as T,
    places: { ...placed('open', item), ...placed('list', item) },
  };
}

export function itemKey(item: Item): Key {
  return { pk: textOf(item, 'pk'), sk: textOf(item, 'sk') };
}

export function textOf(item: Item, name: string): string {
  return item[name]?.S ?? '';
}

function placed(index: IndexName, item: Item): { [name in IndexName]?: IndexPlace } {
  const { partition, sort } = INDEX_ATTRIBUTES[index];
  return item[partition] ? { [index]: { partition: textOf(item, partition), sort: textOf(item, sort) } } : {};
}
