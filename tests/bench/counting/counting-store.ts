import {
  getUnits,
  indexQueryUnits,
  itemBytes,
  queryUnits,
  refusedWriteUnits,
  writeUnits,
} from '../../../shared/adapters/dynamodb/capacity';
import type { Item } from '../../../shared/adapters/dynamodb/item';
import { INDEX_ATTRIBUTES, itemOf } from '../../../shared/adapters/dynamodb/item';
import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../../shared/ports/store';
import type { Tally } from './tally';

/** Keys that one BatchGetItem takes: docs.aws.amazon.com, API_BatchGetItem. */
const BATCH_KEYS_MAX = 100;

/** A write's token is so long on DynamoDB; what it says does not matter to its cost. */
const TOKEN = '0'.repeat(16);

/**
 * A {@link Store} that works on another one and counts what its requests would cost on DynamoDB: each document is made
 * into the item that would be written, and kept, since the cost of a put depends on the item before it.
 */
export class CountingStore implements Store {
  /** The clouds' setting (shared/config.ts): steps that look again because an index lags are counted, too. */
  readonly indexLagMs = 120_000;
  private readonly items = new Map<string, Item>();

  constructor(
    private readonly inner: Store,
    private readonly tally: Tally,
  ) {}

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    const found = await this.inner.get<T>(key);
    this.tally.read(kindOf(key), 1, getUnits(this.itemAt(key)));
    return found;
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    const found = await this.inner.getMany<T>(keys);
    const unique = [...new Map(keys.map((key) => [idOf(key), key])).values()];
    // A request's kind is that of its first key: no step asks for two kinds at once.
    unique.forEach((key, i) =>
      this.tally.read(kindOf(key), i % BATCH_KEYS_MAX === 0 ? 1 : 0, getUnits(this.itemAt(key))),
    );
    return found;
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const found = await this.inner.query<T>(pk, range);
    this.tally.read(`${kindOf({ pk, sk: '' })} (query)`, 1, queryUnits(this.itemsAt(found.map(({ key }) => key))));
    return found;
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const found = await this.inner.queryIndex(index, partition, range);
    const units = indexQueryUnits(index, this.itemsAt(found.map(({ key }) => key)));
    this.tally.read(`index ${index}: ${partition.split('#')[0] ?? ''}`, 1, units);
    return found;
  }

  async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    const { key, expect, value, places = {} } = put;
    const outcome = await this.inner.put(put);
    const before = this.itemAt(key);
    const item = itemOf({ key, version: expect + 1, value, places }, TOKEN);
    if (outcome === 'saved') {
      this.tally.write(kindOf(key), writeUnits(before, item));
      this.tally.add('storedBytes', storedBytes(item) - (before ? storedBytes(before) : 0));
      this.items.set(idOf(key), item);
    } else {
      this.tally.write(`${kindOf(key)} (refused)`, { table: refusedWriteUnits(before, item), open: 0, list: 0 });
    }
    return outcome;
  }

  scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    return this.inner.scan(after, limit);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private itemAt(key: Key): Item | undefined {
    return this.items.get(idOf(key));
  }

  private itemsAt(keys: readonly Key[]): Item[] {
    return keys.map((key) => this.itemAt(key)).filter((item) => item !== undefined);
  }
}

/** Of an item, and of its entry in each index, DynamoDB counts so many bytes more: docs.aws.amazon.com, CapacityUnitCalculations. */
const OVERHEAD_BYTES = 100;

/** What an item takes of the table and of the indexes, which hold keys alone. */
function storedBytes(item: Item): number {
  const entries = Object.values(INDEX_ATTRIBUTES).map(({ partition, sort }) => {
    const { pk, sk, [partition]: at, [sort]: by } = item;
    return pk && sk && at && by ? itemBytes({ pk, sk, [partition]: at, [sort]: by }) + OVERHEAD_BYTES : 0;
  });
  return itemBytes(item) + OVERHEAD_BYTES + entries.reduce((sum, bytes) => sum + bytes, 0);
}

const idOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

/** What a document is, by its key: a platform order's text and its state are two. */
function kindOf({ pk, sk }: Key): string {
  const [kind = ''] = pk.split('#');
  return kind === 'platform-order' ? `${kind} ${sk.startsWith('raw') ? 'text' : 'state'}` : kind;
}
