import type { ListingsPart, StockWrite } from '../../shared/ports/channel';
import { SandboxWorld, TEE, TEE_BLUE, TEE_RED } from './sandbox-world';

const set = (listing: StockWrite['listing'], qty: number): StockWrite => ({
  listing,
  mode: 'set',
  qty,
  key: `set-${qty}`,
});
const add = (listing: StockWrite['listing'], qty: number, key: string): StockWrite => ({
  listing,
  mode: 'add',
  qty,
  key,
});

describe.each(['taobao', 'doudian'] as const)('Stock of channel %s over the wire', (id) => {
  let world: SandboxWorld;
  beforeEach(async () => {
    world = await SandboxWorld.open(id);
  });
  afterEach(() => world.close());

  it('downloads every listing with what the shopper sees', async () => {
    const tees = [
      { ...TEE_RED, merchantCode: 'TEE-RED-L', title: '纯棉短袖T恤 红色 L', shownQty: 1000 },
      { ...TEE_BLUE, merchantCode: 'TEE-BLUE-M', title: '纯棉短袖T恤 蓝色 M', shownQty: 1000 },
    ];
    const mug = { ...world.mug, merchantCode: 'MUG', title: '马克杯', shownQty: 40 };
    const parts = async (leftItems?: number): Promise<ListingsPart[]> => {
      const read: ListingsPart[] = [];
      for await (const part of world.channel.listListings(world.access, leftItems)) read.push(part);
      return read;
    };
    expect(await parts()).toEqual([{ listings: [...tees, mug], leftItems: 0 }]);
    // The last ones come first: what is left are those in front.
    expect(await parts(1)).toEqual([{ listings: tees, leftItems: 0 }]);
  });

  it('reads what a sale has left', async () => {
    await world.buy({ lines: [{ itemId: TEE, skuId: TEE_RED.platformSkuId, quantity: 3 }] });
    expect(await world.channel.readStock(world.access, TEE_RED)).toBe(997);
    expect(await world.channel.readStock(world.access, world.mug)).toBe(40);
  });

  it('says NOT_FOUND for the stock of a SKU that does not exist', async () => {
    const read = world.channel.readStock(world.access, { itemId: TEE, platformSkuId: '999' });
    await expect(read).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('sets stock, of a SKU and of an item without SKUs', async () => {
    for (const [listing, qty] of [
      [TEE_RED, 12],
      [world.mug, 0],
    ] as const) {
      const [result] = await world.channel.writeStock(world.access, [set(listing, qty)]);
      expect(result?.kind).toBe('applied');
      expect(await world.channel.readStock(world.access, listing)).toBe(qty);
    }
  });

  it('sets as many SKUs in one call as it says it can', async () => {
    const writes = [set(TEE_BLUE, 5), set(TEE_RED, 7)].slice(0, world.channel.stockWrite.writesPerCallMax);
    const results = await world.channel.writeStock(world.access, writes);
    expect(results.map((result) => result.kind)).toEqual(writes.map(() => 'applied'));
    for (const { listing, qty } of writes) expect(await world.channel.readStock(world.access, listing)).toBe(qty);
  });

  it('adds to several SKUs in one call, each by itself where it can: one that is gone keeps no other wrong', async () => {
    if (!world.channel.stockWrite.idempotentAdd) return;
    const gone = { itemId: TEE, platformSkuId: '999' };
    const many = [
      add(TEE_RED, -4, 'dd-1:1'),
      add(gone, 1, 'dd-1:2'),
      add(world.mug, 2, 'dd-1:3'),
      add(TEE_BLUE, -9_999, 'x'),
    ];
    const results = await world.channel.writeStock(world.access, many);
    // An addition that failed is read back before anybody adds again.
    const unknown = { kind: 'unknown', message: expect.stringMatching(/^\d+ ./) as unknown };
    const applied = { kind: 'applied', shownQty: null };
    expect(results).toEqual([applied, unknown, applied, unknown]);
    const shown = [TEE_RED, world.mug, TEE_BLUE].map((listing) => world.channel.readStock(world.access, listing));
    expect(await Promise.all(shown)).toEqual([996, 42, 1000]);
    // The same writes again reach a platform that has seen them: it does not say which of them it applied.
    expect((await world.channel.writeStock(world.access, many)).map(({ kind }) => kind)).toEqual(
      many.map(() => 'unknown'),
    );
    expect(await world.channel.readStock(world.access, TEE_RED)).toBe(996);
  });

  it('refuses one of several sets for good, where it takes them one by one', async () => {
    if (world.channel.stockWrite.oneItemPerCall) return;
    const gone = { itemId: TEE, platformSkuId: '999' };
    const results = await world.channel.writeStock(world.access, [set(TEE_RED, 7), set(gone, 7)]);
    expect(results).toMatchObject([{ kind: 'applied' }, { kind: 'refused', code: 'CHANNEL_REFUSED', retry: 'never' }]);
    expect(await world.channel.readStock(world.access, TEE_RED)).toBe(7);
  });

  it('applies one addition under one key once, where it says that additions are idempotent', async () => {
    const addOnce = () => world.channel.writeStock(world.access, [add(TEE_RED, -4, 'dd-1:17')]);
    expect((await addOnce())[0]?.kind).toBe('applied');
    expect((await addOnce())[0]?.kind).toBe('applied');
    const applied = world.channel.stockWrite.idempotentAdd ? 1 : 2;
    expect(await world.channel.readStock(world.access, TEE_RED)).toBe(1000 - 4 * applied);
  });

  it('is refused for good where the listing does not exist', async () => {
    const results = await world.channel.writeStock(world.access, [set({ itemId: TEE, platformSkuId: '999' }, 1)]);
    expect(results).toMatchObject([{ kind: 'refused', retry: 'never' }]);
  });

  it('is refused for now where the platform has a fault, and nothing is written', async () => {
    await world.fail({ errorBeforeApply: 1 });
    const results = await world.channel.writeStock(world.access, [set(TEE_RED, 1)]);
    expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_BUSY', retry: 'later' }]);
    await world.fail({});
    expect(await world.channel.readStock(world.access, TEE_RED)).toBe(1000);
  });

  it('is refused for now where the platform limits the rate', async () => {
    await world.fail({ rateLimitPerSecond: 1 });
    await world.channel.writeStock(world.access, [set(TEE_RED, 2)]);
    const results = await world.channel.writeStock(world.access, [set(TEE_RED, 1)]);
    expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_THROTTLED', retry: 'later' }]);
  });

  it('is unknown where the answer never comes, and reading back tells', async () => {
    await world.fail({ timeoutAfterApply: 1, onlyMethods: ['taobao.skus.quantity.update', 'sku.syncStock'] });
    const results = await world.channel.writeStock(world.access, [set(TEE_RED, 33)]);
    expect(results).toMatchObject([{ kind: 'unknown' }]);
    expect(await world.channel.readStock(world.access, TEE_RED)).toBe(33);
  });
});
