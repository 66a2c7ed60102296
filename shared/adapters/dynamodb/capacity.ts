import type { IndexName } from '../../ports/store';
import type { Item } from './item';
import { INDEX_ATTRIBUTES } from './item';

// Units by the published rules, since GeminiDB and Alternator report none and a bench must not depend on an engine:
// docs.aws.amazon.com/amazondynamodb, pages read-write-operations and CapacityUnitCalculations.

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** Bytes of an item: names and values in UTF-8, binary as it is, a number about a byte for two digits and one more. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes({ S, N, B }: Item[string]): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return B.length;
  if (N === undefined) throw new Error('only texts, numbers and bytes are kept in items');
  const digits = N.replace(/^-/, '').replace('.', '').replace(/^0+/, '').length;
  return Math.ceil(digits / 2) + 1 + (N.startsWith('-') ? 1 : 0);
}

/** Units of one put, of the table and of each index that it touches. */
export interface WriteUnits {
  readonly table: number;
  readonly open: number;
  readonly list: number;
}

/**
 * A put costs a unit for each begun KB of the larger of both items. An index costs nothing where neither stands in it or
 * nothing changed that it holds; one put where the item comes in or goes; two where its key changed.
 */
export function writeUnits(before: Item | undefined, after: Item): WriteUnits {
  const bytes = Math.max(before ? itemBytes(before) : 0, itemBytes(after));
  return {
    table: unitsOf(bytes, WRITE_UNIT_BYTES),
    open: indexUnits('open', before, after),
    list: indexUnits('list', before, after),
  };
}

/** A put whose condition failed costs what it would have written, or what stands there. */
export function refusedWriteUnits(present: Item | undefined, refused: Item): number {
  return unitsOf(Math.max(present ? itemBytes(present) : 0, itemBytes(refused)), WRITE_UNIT_BYTES);
}

function indexUnits(index: IndexName, before: Item | undefined, after: Item): number {
  const [was, is] = [before && projected(index, before), projected(index, after)];
  const unitsOfEntry = (entry: Item): number => unitsOf(itemBytes(entry), WRITE_UNIT_BYTES);
  if (!was || !is) return was ? unitsOfEntry(was) : is ? unitsOfEntry(is) : 0;
  const { partition, sort } = INDEX_ATTRIBUTES[index];
  const same = [partition, sort].every((name) => was[name]?.S === is[name]?.S);
  return same ? 0 : unitsOfEntry(was) + unitsOfEntry(is);
}

/** The item as an index of keys holds it; undefined where it does not stand there. */
function projected(index: IndexName, item: Item): Item | undefined {
  const { partition, sort } = INDEX_ATTRIBUTES[index];
  const { pk, sk, [partition]: at, [sort]: by } = item;
  return pk && sk && at && by ? { pk, sk, [partition]: at, [sort]: by } : undefined;
}

/** A consistent get: a unit for each begun 4 KB, and one for nothing found. */
export function getUnits(item: Item | undefined): number {
  return item ? unitsOf(itemBytes(item), READ_UNIT_BYTES) : 1;
}

/** A consistent query or scan of the table: the sum of its items, rounded up once. */
export function queryUnits(items: readonly Item[]): number {
  return unitsOf(
    items.reduce((sum, item) => sum + itemBytes(item), 0),
    READ_UNIT_BYTES,
  );
}

/** A query of an index is never consistent: half a unit for each begun 4 KB of its entries. */
export function indexQueryUnits(index: IndexName, items: readonly Item[]): number {
  const bytes = items.reduce((sum, item) => sum + itemBytes(projected(index, item) ?? {}), 0);
  return unitsOf(bytes, READ_UNIT_BYTES) / 2;
}

function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
