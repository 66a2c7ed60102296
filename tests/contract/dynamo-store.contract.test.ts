import {
  BatchGetItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { getUnits, itemBytes, queryUnits } from '../../shared/adapters/dynamodb/capacity';
import type { TableSettings } from '../../shared/adapters/dynamodb/client';
import { connectDynamo } from '../../shared/adapters/dynamodb/connect-dynamo';
import { DynamoStore } from '../../shared/adapters/dynamodb/dynamo-store';
import { itemOf } from '../../shared/adapters/dynamodb/item';
import { tableOf } from '../../shared/adapters/dynamodb/table';
import { VALUE_DICTIONARY } from '../../shared/adapters/dynamodb/value-dictionary';
import { systemClock } from '../../shared/adapters/system/system';
import type { RestoringStore } from '../../shared/ports/store';
import { DOCUMENT_BYTES_MAX } from '../../shared/ports/store';
import { useDynamoDb } from '../support/dynamodb';
import { FaultyWire } from '../support/faulty-wire';
import { ManualClock } from '../support/manual-clock';
import { SeededRandom } from '../support/seeded-random';

const key = { pk: 'order#1', sk: 'head' };
const FOREVER = (): number => Number.MAX_SAFE_INTEGER;

describe('a store on the DynamoDB API, over a wire that loses things', () => {
  const engine = useDynamoDb();
  let settings: TableSettings;
  let wire: FaultyWire;
  let store: RestoringStore;
  let another: RestoringStore;
  let connections: { close(): Promise<void> }[];

  beforeEach(async () => {
    settings = await engine.newTable();
    wire = await FaultyWire.to(settings.endpoint ?? '');
    const open = (endpoint: string | undefined, seed: number): RestoringStore => {
      const ports = { clock: systemClock, random: new SeededRandom(seed) };
      const connection = connectDynamo({ ...settings, endpoint, indexLagMs: 0 }, ports);
      connections.push(connection);
      return connection.storeOf(FOREVER);
    };
    connections = [];
    store = open(wire.endpoint, 1);
    another = open(settings.endpoint, 2);
  });

  afterEach(async () => {
    for (const connection of connections) await connection.close();
    await wire.close();
  });

  /** Loses the first put, and lets `meanwhile` happen before the next try. */
  const loseFirstPut = (fault: 'lose-request' | 'lose-answer', meanwhile?: () => Promise<unknown>): void => {
    let puts = 0;
    wire.faultOf = async ({ operation }) => {
      if (operation !== 'PutItem') return undefined;
      puts += 1;
      if (puts === 2) await meanwhile?.();
      return puts === 1 ? fault : undefined;
    };
  };

  it('finds its own write where the answer was lost, and says that it was saved', async () => {
    loseFirstPut('lose-answer');
    expect(await store.put({ key, expect: 0, value: { by: 'us' } })).toBe('saved');
    expect(await another.get(key)).toMatchObject({ version: 1, value: { by: 'us' } });
    loseFirstPut('lose-answer');
    expect(await store.put({ key, expect: 1, value: { by: 'us again' } })).toBe('saved');
    expect(await another.get(key)).toMatchObject({ version: 2, value: { by: 'us again' } });
  });

  it('writes once where the request was lost', async () => {
    loseFirstPut('lose-request');
    expect(await store.put({ key, expect: 0, value: 1 })).toBe('saved');
    expect((await another.get(key))?.version).toBe(1);
  });

  it('does not take the same content by another writer for its own', async () => {
    loseFirstPut('lose-request', () => another.put({ key, expect: 0, value: 'same' }));
    expect(await store.put({ key, expect: 0, value: 'same' })).toBe('conflict');
  });

  it('says that it does not know where its write may have been applied and somebody has gone on since', async () => {
    loseFirstPut('lose-answer', () => another.put({ key, expect: 1, value: 'later' }));
    await expect(store.put({ key, expect: 0, value: 'ours' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await another.get(key)).toMatchObject({ version: 2, value: 'later' });
  });

  it('restores a document once where the answer was lost', async () => {
    loseFirstPut('lose-answer');
    expect(await store.restore({ key, version: 5, value: 1, places: {} })).toBe('saved');
    expect(await store.restore({ key, version: 5, value: 1, places: {} })).toBe('present');
  });

  it('reads again where an answer was lost', async () => {
    await store.put({ key, expect: 0, value: 1, places: { open: { partition: 'p', sort: '1' } } });
    const read = {
      GetItem: () => store.get(key),
      BatchGetItem: () => store.getMany([key, { ...key, sk: 'none' }]),
      Query: () => store.queryIndex('open', 'p', { limit: 1 }),
      Scan: () => store.scan(undefined, 1),
    };
    for (const [lost, call] of Object.entries(read)) {
      const expected = await call();
      let losses = 0;
      wire.faultOf = ({ operation }) => (operation === lost && (losses += 1) <= 2 ? 'lose-answer' : undefined);
      expect(await call()).toEqual(expected);
      expect(losses).toBe(3);
    }
  });

  it('uses only what every engine of this API has', async () => {
    await store.put({ key, expect: 0, value: 1, places: { list: { partition: 'p', sort: '1' } } });
    await store.put({ key, expect: 1, value: 2 });
    await store.getMany([key, { ...key, sk: 'none' }]);
    for (const range of [{}, { after: '1' }, { upTo: '9' }, { after: '1', upTo: '9' }]) {
      await store.query('order#1', { ...range, limit: 2 });
      await store.queryIndex('list', 'p', { ...range, limit: 2, descending: true });
    }
    await store.scan(key, 10);
    const operations = new Set(wire.calls.map(({ operation }) => operation));
    expect(operations).toEqual(
      new Set(['PutItem', 'GetItem', 'BatchGetItem', 'Query', 'Scan'].filter((name) => operations.has(name))),
    );
    const members = new Set(wire.calls.flatMap(({ body }) => Object.keys(body)));
    expect([...members].filter((name) => /Return|Transact|Filter|Update|Select|Capacity/.test(name))).toEqual([]);
    const conditions = new Set(wire.calls.flatMap(({ body }) => body['ConditionExpression'] ?? []));
    expect(conditions).toEqual(new Set(['attribute_not_exists(pk)', 'v = :v']));
    const ranges = wire.calls.flatMap(({ body }) =>
      typeof body['KeyConditionExpression'] === 'string' ? [body['KeyConditionExpression']] : [],
    );
    expect(ranges.every((text) => /^#p = :p( AND #s ((>=?|<=?) :\w+|BETWEEN :low AND :high))?$/.test(text))).toBe(true);
    const reads = wire.calls.filter(
      ({ operation, body }) => operation !== 'PutItem' && body['IndexName'] === undefined,
    );
    expect(reads.every(({ body }) => JSON.stringify(body).includes('"ConsistentRead":true'))).toBe(true);
  });
});

describe('a store whose engine turns requests away', () => {
  const client = new DynamoDBClient({ region: 'local', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const engine = mockClient(client);
  let clock: ManualClock;
  let random: SeededRandom;

  beforeEach(() => {
    engine.reset();
    clock = new ManualClock(0);
    random = new SeededRandom(7);
  });
  afterAll(() => client.destroy());

  const storeWith = (remainingMs = FOREVER): DynamoStore =>
    new DynamoStore(client, 'yipan', 0, { clock, random, remainingMs });
  /** Lets the pauses between tries pass. */
  const after = async <R>(asked: Promise<R>): Promise<R> => {
    const state = { done: false };
    const settled = asked.finally(() => {
      state.done = true;
    });
    settled.catch(() => undefined);
    while (!state.done) await clock.advance(10);
    return settled;
  };
  const failure = (name: string, httpStatusCode = 400): Error =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

  it('tries a throttled write again after pauses at random, and succeeds', async () => {
    const throttled = failure('ProvisionedThroughputExceededException');
    engine.on(PutItemCommand).rejectsOnce(throttled).rejectsOnce(failure('ThrottlingException')).resolves({});
    expect(await after(storeWith().put({ key, expect: 0, value: 1 }))).toBe('saved');
    expect(engine.commandCalls(PutItemCommand)).toHaveLength(3);
  });

  it('takes a throttled write for not applied: a condition that fails later is a conflict, without looking', async () => {
    engine
      .on(PutItemCommand)
      .rejectsOnce(failure('ThrottlingException'))
      .rejects(failure('ConditionalCheckFailedException'));
    expect(await after(storeWith().put({ key, expect: 0, value: 1 }))).toBe('conflict');
    expect(engine.calls()).toHaveLength(2);
  });

  it('gives up after eight tries, within the sum of the longest pauses', async () => {
    engine.on(PutItemCommand).rejects(failure('InternalServerError', 500));
    const put = after(storeWith().put({ key, expect: 0, value: 1 }));
    await expect(put).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      facts: { reason: 'InternalServerError', tries: 8 },
    });
    expect(engine.calls()).toHaveLength(8);
    // 25 + 50 + 100 + 200 + 400 + 800 + 1000 ms.
    expect(clock.nowMs()).toBeLessThanOrEqual(2_575 + 8 * 10);
  });

  it('stops while the run still has time to say so', async () => {
    engine.on(PutItemCommand).rejects(failure('ThrottlingException'));
    const put = after(storeWith(() => 1_000 - clock.nowMs()).put({ key, expect: 0, value: 1 }));
    await expect(put).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(clock.nowMs()).toBeLessThanOrEqual(510);
  });

  it('sends nothing where no time is left', async () => {
    const put = storeWith(() => 400).put({ key, expect: 0, value: 1 });
    await expect(put).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', facts: { reason: 'no time left' } });
    expect(engine.calls()).toEqual([]);
  });

  it('does not repeat what can only fail alike, and names it', async () => {
    engine.on(QueryCommand).rejects(failure('ResourceNotFoundException'));
    const query = storeWith().query('p', { limit: 1 });
    await expect(query).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      facts: { reason: 'ResourceNotFoundException', tries: 1 },
    });
  });

  it('asks again for exactly the keys of a batch that were turned away', async () => {
    const keys = ['1', '2', '3'].map((sk) => ({ pk: 'p', sk }));
    const item = (sk: string) => itemOf({ key: { pk: 'p', sk }, version: 1, value: sk, places: {} }, 'w');
    const left = { yipan: { Keys: [{ pk: { S: 'p' }, sk: { S: '2' } }] } };
    engine
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: { yipan: [item('3'), item('1')] }, UnprocessedKeys: left })
      .resolvesOnce({ Responses: { yipan: [] }, UnprocessedKeys: left })
      .resolves({ Responses: { yipan: [item('2')] } });
    const found = await after(storeWith().getMany<string>(keys));
    expect(found.map((stored) => stored?.value)).toEqual(['1', '2', '3']);
    const asked = engine
      .commandCalls(BatchGetItemCommand)
      .map(({ args }) => args[0].input.RequestItems?.['yipan']?.Keys);
    expect(asked.map((list) => list?.length)).toEqual([3, 1, 1]);
  });

  it('goes on behind an empty page of a scan, and ends at the last one', async () => {
    const last = itemOf({ key, version: 1, value: 1, places: {} }, 'w');
    const behind = { pk: { S: 'a' }, sk: { S: 'b' } };
    engine
      .on(ScanCommand)
      .resolvesOnce({ Items: [], LastEvaluatedKey: behind })
      .resolves({ Items: [last] });
    expect((await storeWith().scan(undefined, 5)).map((stored) => stored.key)).toEqual([key]);
    expect(engine.commandCalls(ScanCommand)[1]?.args[0].input.ExclusiveStartKey).toEqual(behind);
  });
});

describe('items of the table', () => {
  it('stay below the limit of 400 KB for the largest document, with the longest keys and places', () => {
    const place = { partition: 'p'.repeat(2_048), sort: 's'.repeat(1_024) };
    const longest = { pk: 'p'.repeat(2_048), sk: 's'.repeat(1_024) };
    const value = 'x'.repeat(DOCUMENT_BYTES_MAX - 2);
    const plain = itemOf({ key: longest, version: 1e9, value, places: { open: place, list: place } }, 'w'.repeat(16));
    expect(itemBytes(plain)).toBeLessThan(400 * 1024);
  });

  it('are deflated where they would take more than one write unit, and only then', () => {
    const kept = (chars: number) => itemOf({ key, version: 1, value: 'x'.repeat(chars), places: {} }, 'w');
    expect(Object.keys(kept(600))).toContain('j');
    expect(Object.keys(kept(3_000))).toContain('z');
    expect(itemBytes(kept(3_000))).toBeLessThan(1_024);
  });

  it('can be read for ever: the dictionary that they were deflated with never changes', () => {
    const digest = createHash('sha256').update(VALUE_DICTIONARY).digest('hex');
    expect(digest).toBe('12e704861abdd6421deed54a8a2101865e9b8489a073cba14b7ea81b770eb87b');
  });

  it('stand in a table that the deployment makes as the adapter does', () => {
    const { Resources } = parse(readFileSync(join(__dirname, '../../infra/aws/table.yml'), 'utf8'), {
      logLevel: 'error',
    }) as {
      Resources: { Table: { Properties: Record<string, unknown> } };
    };
    const { TableName, ...table } = tableOf('yipan');
    expect(TableName).toBe('yipan');
    expect(Resources.Table.Properties).toMatchObject({ ...table });
  });
});

describe('our count of read units', () => {
  const engine = useDynamoDb();

  it('is what the server counts', async () => {
    const settings = await engine.newTable();
    const client = engine.client(settings);
    const item = (sk: string, chars: number) =>
      itemOf(
        { key: { pk: 'p', sk }, version: 1, value: Array.from({ length: chars / 8 }, (_, i) => i * 7919), places: {} },
        'w',
      );
    const items = [item('1', 80), item('2', 8_000), item('3', 16_000)];
    const put = (Item: (typeof items)[number]) =>
      client.send(new PutItemCommand({ TableName: settings.table, Item, ReturnConsumedCapacity: 'TOTAL' }));
    for (const one of items) {
      // No index is touched here, which the server would leave out.
      expect((await put(one)).ConsumedCapacity?.CapacityUnits).toBe(Math.ceil(itemBytes(one) / 1024));
    }
    const { ConsumedCapacity: queried } = await client.send(
      new QueryCommand({
        ...{ TableName: settings.table, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' },
        ...{ KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } },
      }),
    );
    expect(queried?.CapacityUnits).toBe(queryUnits(items));
    const { ConsumedCapacity: got } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [settings.table]: { ConsistentRead: true, Keys: items.map(({ pk, sk }) => ({ pk, sk }) as never) },
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(got?.[0]?.CapacityUnits).toBe(items.reduce((sum, one) => sum + getUnits(one), 0));
  });
});
