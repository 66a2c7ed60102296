import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '../../errors';
import type { IndexHit, IndexName, Key, Put, Range, RestoringStore, Stored } from '../../ports/store';
import { sameDocument } from '../same-document';
import type { Document, Item } from './item';
import { documentOf, INDEX_ATTRIBUTES, itemKey, itemOf, keyOf, textOf } from './item';
import type { KeyRange } from './key-range';
import { keyRange } from './key-range';
import type { TriesPorts } from './tries';
import { withTries } from './tries';

const CONDITION_FAILED = 'ConditionalCheckFailedException';

/** Keys that one BatchGetItem takes. */
const BATCH_KEYS_MAX = 100;

/**
 * {@link Store} on the DynamoDB API: the record of both cloud profiles. Only what DynamoDB, GeminiDB and Alternator have in
 * common: one item a write, on condition of its version; consistent reads of the table; two indexes made with it, whose
 * reads may lag. No transaction, no stream, no update expression, no consumed capacity.
 */
export class DynamoStore implements RestoringStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    readonly indexLagMs: number,
    private readonly ports: TriesPorts,
  ) {}

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    const input = { TableName: this.table, Key: keyOf(key), ConsistentRead: true };
    const { Item: item } = await this.send((abortSignal) =>
      this.client.send(new GetItemCommand(input), { abortSignal }),
    );
    return item && documentOf<T>(item);
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    const wanted = new Map(keys.map((key) => [idOf(key), key]));
    const unique = [...wanted.values()];
    const [only] = unique;
    if (unique.length === 1 && only) {
      const found = await this.get<T>(only);
      return keys.map(() => found && structuredClone(found));
    }
    const chunks = Array.from({ length: Math.ceil(unique.length / BATCH_KEYS_MAX) }, (_, i) =>
      unique.slice(i * BATCH_KEYS_MAX, (i + 1) * BATCH_KEYS_MAX),
    );
    const items = (await Promise.all(chunks.map((chunk) => this.batchGet(chunk)))).flat();
    const found = new Map(items.map((item) => [idOf(itemKey(item)), item]));
    return keys.map((key) => {
      const item = found.get(idOf(key));
      return item && documentOf<T>(item);
    });
  }

  private async batchGet(keys: readonly Key[]): Promise<Item[]> {
    const items: Item[] = [];
    let open: Item[] = keys.map(keyOf);
    await this.send(async (abortSignal) => {
      const input = { RequestItems: { [this.table]: { Keys: open, ConsistentRead: true } } };
      const { Responses, UnprocessedKeys } = await this.client.send(new BatchGetItemCommand(input), { abortSignal });
      items.push(...(Responses?.[this.table] ?? []));
      open = UnprocessedKeys?.[this.table]?.Keys ?? [];
      if (open.length > 0) throw new UnprocessedKeysError();
    });
    return items;
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const condition = keyRange({ partition: 'pk', sort: 'sk' }, pk, range);
    const items = await this.queryItems(condition, range, { ConsistentRead: true });
    return items.map((item) => documentOf<T>(item));
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const names = INDEX_ATTRIBUTES[index];
    const items = await this.queryItems(keyRange(names, partition, range), range, { IndexName: index });
    return items.map((item) => ({ key: itemKey(item), sort: textOf(item, names.sort) }));
  }

  private async queryItems(
    condition: KeyRange | undefined,
    { limit, descending = false }: Range,
    how: Pick<QueryCommandInput, 'ConsistentRead' | 'IndexName'>,
  ): Promise<Item[]> {
    if (!condition) return [];
    const items: Item[] = [];
    let from: Item | undefined;
    // A page ends at 1 MB, whatever was asked for.
    do {
      const input: QueryCommandInput = {
        ...{ TableName: this.table, ScanIndexForward: !descending, ...how, ...condition.input },
        // One more for the bound that a range between two includes and that was seen already.
        Limit: limit - items.length + (condition.isSeen ? 1 : 0),
        ...(from && { ExclusiveStartKey: from }),
      };
      const page = await this.send((abortSignal) => this.client.send(new QueryCommand(input), { abortSignal }));
      items.push(...(page.Items ?? []).filter((item) => !condition.isSeen?.(item)));
      from = page.LastEvaluatedKey;
    } while (from && items.length < limit);
    return items.slice(0, limit);
  }

  async put<T>({ key, expect, value, places = {} }: Put<T>): Promise<'saved' | 'conflict'> {
    return (await this.write({ key, version: expect + 1, value, places }, expect)) === 'saved' ? 'saved' : 'conflict';
  }

  async restore(document: Stored<unknown>): Promise<'saved' | 'present' | 'differs'> {
    const outcome = await this.write(document, 0);
    if (outcome === 'saved') return 'saved';
    const present = outcome.present ?? (await this.get(document.key));
    return present && sameDocument(present, document) ? 'present' : 'differs';
  }

  /**
   * One conditional write. Where a try may have been applied without our knowing, the next one can meet its own work: the
   * token that each write leaves says so.
   */
  private async write(document: Document, expect: number): Promise<'saved' | { present?: Stored<unknown> }> {
    const token = this.ports.random.token().slice(0, 16);
    const item = itemOf(document, token);
    const input = {
      ...{ TableName: this.table, Item: item },
      ...(expect === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'v = :v', ExpressionAttributeValues: { ':v': { N: String(expect) } } }),
    };
    const tries = { unsure: false };
    try {
      await this.send((abortSignal) => this.client.send(new PutItemCommand(input), { abortSignal }), {
        expected: CONDITION_FAILED,
        onUnknown: () => {
          tries.unsure = true;
        },
      });
      return 'saved';
    } catch (error) {
      if (!(error instanceof Error && error.name === CONDITION_FAILED)) throw error;
      if (!tries.unsure) return {};
      return this.settle(document, token);
    }
  }

  private async settle(document: Document, token: string): Promise<'saved' | { present?: Stored<unknown> }> {
    const input = { TableName: this.table, Key: keyOf(document.key), ConsistentRead: true };
    const { Item: item } = await this.send((abortSignal) =>
      this.client.send(new GetItemCommand(input), { abortSignal }),
    );
    if (!item) return {};
    if (textOf(item, 'w') === token) return 'saved';
    const present = documentOf(item);
    // Somebody has gone on from this version meanwhile, be it ours or another one: nobody can tell any more.
    if (present.version > document.version)
      throw new AppError('STORE_UNAVAILABLE', { reason: 'the outcome of a write is not known', pk: document.key.pk });
    return { present };
  }

  /** Unordered over partitions, as the engine hashes them. */
  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    let from = after && keyOf(after);
    for (;;) {
      const input = {
        TableName: this.table,
        ConsistentRead: true,
        Limit: limit,
        ...(from && { ExclusiveStartKey: from }),
      };
      const page = await this.send((abortSignal) => this.client.send(new ScanCommand(input), { abortSignal }));
      const items = page.Items ?? [];
      if (items.length > 0 || !page.LastEvaluatedKey) return items.map((item) => documentOf(item));
      from = page.LastEvaluatedKey;
    }
  }

  async close(): Promise<void> {
    this.client.destroy();
  }

  private send<R>(
    request: (abortSignal: AbortSignal) => Promise<R>,
    options: { expected?: string; onUnknown?: () => void } = {},
  ): Promise<R> {
    return withTries(request, this.ports, options);
  }
}

/** Some keys of a batch were turned away, as a throttled request is. */
class UnprocessedKeysError extends Error {
  override readonly name = 'ThrottlingException';
}

function idOf({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk]);
}
