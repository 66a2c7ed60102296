import { DatabaseSync } from '@photostructure/sqlite';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settle } from '../../infra/local/demo/replay';
import { pagesOf } from '../../infra/local/moving/pages';
import { openStoreAt } from '../../infra/local/moving/store-address';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import type { Stored } from '../../shared/ports/store';
import { useDynamoDb } from '../support/dynamodb';
import { LocalWorld } from './local-world';
import { runProgram } from './run-program';
import type { Purchase } from './steps';
import { auditEverything, buy, offer, untilStatus } from './steps';

// `npm run verify` as a program: what it says and how it ends where something is wrong, and what memory it takes.

const SKU = 'VERIFY-1';

let folder: string;
/** A store at rest, in which one order was sold. */
let sold: string;
let purchase: Purchase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-verify-'));
  sold = join(folder, 'sold.db');
  const world = await LocalWorld.start({ seed: 11 });
  try {
    const goods = await offer(world, SKU, { shown: 10, onHand: 10 });
    await auditEverything(world);
    purchase = await buy(world, [{ listing: goods.doudian, quantity: 2 }]);
    await untilStatus(world, purchase, 'audited');
    await settle(world);
    await world.stopHost();
    copyFileSync(world.storeAddress, sold);
  } finally {
    await world.close();
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

it('ends with 1, the document and the invariant, where one ledger entry is not what it was', async () => {
  expect(await runProgram('verify.js', [sold])).toMatchObject({
    code: 0,
    out: expect.not.stringContaining('✘') as string,
  });
  const spoilt = join(folder, 'spoilt.db');
  copyFileSync(sold, spoilt);
  const entry = `ledger#${SAMPLE.distributionWarehouse}#${SKU}`;
  const db = new DatabaseSync(spoilt);
  const { changes } = db
    .prepare(`update documents set value = json_set(value, '$.balance.heldQty', 1) where pk = ? and sk like '%2'`)
    .run(entry);
  expect(changes).toBe(1);
  db.close();

  const { code, out, errors } = await runProgram('verify.js', [spoilt]);
  expect({ code, errors }).toEqual({ code: 1, errors: '' });
  expect(out).toMatch(new RegExp(`^✘ invariant 1 +${entry}/0*2\\n +\\S`, 'm'));
  expect(out).toMatch(/^✘ invariant 1: [1-9]\d* violations$/m);
  expect(out).toMatch(/^✔ invariant 3: /m);
  // Counted in full, however few are shown; a store that was stopped in the middle is no excuse.
  const few = await runProgram('verify.js', [spoilt, '--in-motion', '--show', '0']);
  expect(few.code).toBe(1);
  expect(few.out).not.toContain(entry);
  expect(few.out).toMatch(/^✘ invariant 1: [1-9]\d* violations$/m);
}, 60_000);

describe('a store on the DynamoDB API', () => {
  const engine = useDynamoDb();

  it('is verified as a file is: clean with 0, and with 1, the document and the invariant where it is spoilt', async () => {
    const { table, region, endpoint = '', credentials } = await engine.newTable();
    const address = `dynamodb:${table}?region=${region}&endpoint=${endpoint}`;
    const settings = {
      YIPAN_STORE_ACCESS_KEY: credentials.accessKeyId,
      YIPAN_STORE_SECRET_KEY: credentials.secretAccessKey,
    };
    const [source, target] = [await openStoreAt(sold, {}), await openStoreAt(address, settings)];
    try {
      for await (const page of pagesOf(source.store)) {
        for (const document of page) expect(await target.store.restore(document)).toBe('saved');
      }
      expect(await runProgram('verify.js', [address], { settings })).toMatchObject({
        code: 0,
        out: expect.not.stringContaining('✘') as string,
      });

      const entry = `ledger#${SAMPLE.distributionWarehouse}#${SKU}`;
      const [, hold] = await target.store.query<{ readonly balance: object }>(entry, { limit: 10 });
      if (!hold) throw new Error('the order holds nothing');
      const { key, version, value, places } = hold;
      const spoilt = { ...value, balance: { ...value.balance, heldQty: 1 } };
      expect(await target.store.put({ key, expect: version, value: spoilt, places })).toBe('saved');
      const { code, out, errors } = await runProgram('verify.js', [address], { settings });
      expect({ code, errors }).toEqual({ code: 1, errors: '' });
      expect(out).toMatch(new RegExp(`^✘ invariant 1 +${entry}/0*2\\n +\\S`, 'm'));
      expect(out).toMatch(/^✘ invariant 1: [1-9]\d* violations$/m);
      expect(out).toMatch(/^✔ invariant 3: /m);
    } finally {
      await source.close();
      await target.close();
    }
  }, 60_000);
});

describe('a store that is much larger than the memory', () => {
  const COPIES = 6_000;
  const HEAP_MB = 48;
  /** What platforms send of a large order. */
  const RAW_BYTES = 20_000;

  it(`of ${COPIES} orders with their SKUs is verified within a heap of ${HEAP_MB} MB`, async () => {
    const large = join(folder, 'large.db');
    copyFileSync(sold, large);
    const bytes = await multiply(large);
    expect(bytes).toBeGreaterThan(2 * HEAP_MB * 1024 * 1024);
    const ended = await runProgram('verify.js', [large], { nodeOptions: [`--max-old-space-size=${HEAP_MB}`] });
    expect(ended).toMatchObject({ code: 0, out: expect.not.stringContaining('✘') as string });
    expect(Number(/^(\d+) documents, fingerprint/m.exec(ended.out)?.[1])).toBeGreaterThan(5 * COPIES);
  }, 120_000);

  /** Adds the order with all that belongs to it again and again, each time of another SKU; the bytes of their text. */
  async function multiply(file: string): Promise<number> {
    const { store, close } = await openStoreAt(file, {});
    const originals: Stored<unknown>[] = [];
    for await (const page of pagesOf(store)) {
      originals.push(...page.filter(({ key }) => /^(platform-order|delivery-order|ledger|stock-entry)#/.test(key.pk)));
    }
    const texts = originals
      .map((document) => JSON.stringify(document))
      .filter((text) => text.includes(SKU) || text.includes(purchase.orderNo));
    let bytes = 0;
    for (let from = 0; from < COPIES; from += 100) {
      const copies = Array.from({ length: 100 }, (_, i) => texts.map((text) => copyOf(text, from + i))).flat();
      bytes += copies.reduce((sum, text) => sum + text.length, 0);
      await Promise.all(copies.map((text) => store.restore(JSON.parse(text) as Stored<unknown>)));
    }
    await close();
    return bytes;
  }

  function copyOf(text: string, number: number): string {
    const orderNo = String(BigInt(purchase.orderNo) + BigInt(number + 1) * 100n);
    return text
      .replaceAll(purchase.orderNo, orderNo)
      .replaceAll(SKU, `${SKU}-${number}`)
      .replaceAll(/RK-\d+/g, `RK-copy-${number}`)
      .replace('"value":{"text":"', `"value":{"text":"${' '.repeat(RAW_BYTES)}`);
  }
});
