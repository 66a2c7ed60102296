import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../infra/local/demo/api';
import { settle } from '../../infra/local/demo/replay';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import type { IndexPlaces } from '../../shared/ports/store';
import { useDynamoDb } from '../support/dynamodb';
import { FaultyWire } from '../support/faulty-wire';
import { LocalWorld } from './local-world';
import type { Ended } from './run-program';
import { runProgram } from './run-program';
import { buy, offer } from './steps';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'yipan-moving-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (
  program: string,
  args: readonly string[],
  killWhen?: () => boolean,
  settings: Readonly<Record<string, string>> = {},
): Promise<Ended> => runProgram(program, args, { killWhen, settings });

async function fingerprintOf(store: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, out, errors } = await run('verify.js', [store, '--count'], undefined, settings);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const found = /(\d+ documents, fingerprint [0-9a-f]{64})/.exec(out)?.[1];
  if (found === undefined) throw new Error(`no fingerprint in: ${out}`);
  return found;
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** A store of things, of many versions and with places in both indexes. */
async function fill(file: string, documents: number): Promise<void> {
  const store = new SqliteStore(file);
  for (let from = 0; from < documents; from += 1_000) {
    const numbers = Array.from({ length: 1_000 }, (_, i) => from + i);
    await Promise.all(
      numbers.map((i) =>
        store.restore({
          ...{ key: { pk: `thing#${i % 97}`, sk: String(i) }, version: (i % 9) + 1 },
          ...{ value: { i, text: '库存'.repeat(50) }, places: i % 3 === 0 ? placesOf(i) : {} },
        }),
      ),
    );
  }
  await store.close();
}

function placesOf(i: number): IndexPlaces {
  const place = { partition: `p#${i % 4}`, sort: String(i) };
  return i % 2 === 0 ? { open: place, list: place } : { list: place };
}

describe('killing the programs that move a store', () => {
  let source: string;

  beforeAll(async () => {
    source = join(folder, 'source.db');
    await fill(source, 30_000);
  }, 60_000);

  it.each(['all.jsonl', 'all.jsonl.gz'])(
    'goes on after a kill of the export and of the import (%s)',
    async (name) => {
      const [file, target] = [join(folder, name), join(folder, `${name}.db`)];
      const killed = await run(
        'export.js',
        ['--from', source, '--to', file],
        () => sizeOf(`${file}.part.cursor`) > 0 && sizeOf(`${file}.part`) > (name.endsWith('.gz') ? 20_000 : 3_000_000),
      );
      expect({ code: killed.code, there: existsSync(file) }).toEqual({ code: null, there: false });
      const exported = await run('export.js', ['--from', source, '--to', file, '--resume']);
      expect(exported).toMatchObject({ code: 0 });
      expect(exported.out).toContain(`npm run import -- --from ${file}`);

      const stopped = await run(
        'import.js',
        ['--from', file, '--to', target],
        () => sizeOf(target) + sizeOf(`${target}-wal`) > 2_000_000,
      );
      expect(stopped.code).toBeNull();
      const fromStart = await run('import.js', ['--from', file, '--to', target]);
      expect({ code: fromStart.code, errors: fromStart.errors }).toEqual({
        code: 1,
        errors: expect.stringContaining('--resume') as string,
      });
      const resumed = await run('import.js', ['--from', file, '--to', target, '--resume']);
      expect(resumed).toMatchObject({ code: 0 });
      expect(await fingerprintOf(target)).toBe(await fingerprintOf(source));
    },
    180_000,
  );
});

describe('moving to the DynamoDB API and back', () => {
  const engine = useDynamoDb();

  it('goes on after a kill of either program, and brings back exactly what was there', async () => {
    const [source, file] = [join(folder, 'one.db'), join(folder, 'one.jsonl.gz')];
    const [back, target] = [join(folder, 'back.jsonl'), join(folder, 'back.db')];
    await fill(source, 3_000);
    expect(await run('export.js', ['--from', source, '--to', file])).toMatchObject({ code: 0 });
    const { table, region, endpoint = '', credentials } = await engine.newTable();
    const keys = {
      YIPAN_STORE_ACCESS_KEY: credentials.accessKeyId,
      YIPAN_STORE_SECRET_KEY: credentials.secretAccessKey,
    };
    const wire = await FaultyWire.to(endpoint);
    const address = `dynamodb:${table}?region=${region}&endpoint=${wire.endpoint}`;
    const callsOf = (operation: string): number => wire.calls.filter((call) => call.operation === operation).length;
    try {
      const killed = await run('import.js', ['--from', file, '--to', address], () => callsOf('PutItem') > 800, keys);
      expect(killed.code).toBeNull();
      const fromStart = await run('import.js', ['--from', file, '--to', address], undefined, keys);
      expect({ code: fromStart.code, errors: fromStart.errors }).toEqual({
        code: 1,
        errors: expect.stringContaining('--resume') as string,
      });
      const resumed = await run('import.js', ['--from', file, '--to', address, '--resume'], undefined, keys);
      expect(resumed).toMatchObject({ code: 0 });
      expect(await fingerprintOf(address, keys)).toBe(await fingerprintOf(source));

      const scans = callsOf('Scan');
      const cut = await run('export.js', ['--from', address, '--to', back], () => callsOf('Scan') > scans + 4, keys);
      expect({ code: cut.code, there: existsSync(back) }).toEqual({ code: null, there: false });
      const again = existsSync(`${back}.part`) ? ['--resume'] : [];
      expect(await run('export.js', ['--from', address, '--to', back, ...again], undefined, keys)).toMatchObject({
        code: 0,
      });
      expect(await run('import.js', ['--from', back, '--to', target])).toMatchObject({ code: 0 });
      expect(await fingerprintOf(target)).toBe(await fingerprintOf(source));
    } finally {
      await wire.close();
    }
  }, 120_000);

  it('carries a brand that has sold from one machine to the cloud, where every invariant holds', async () => {
    const world = await LocalWorld.start({ seed: 5 });
    const file = join(folder, 'sold.jsonl.gz');
    const { table, region, endpoint = '', credentials } = await engine.newTable();
    const address = `dynamodb:${table}?region=${region}&endpoint=${endpoint}`;
    const keys = {
      YIPAN_STORE_ACCESS_KEY: credentials.accessKeyId,
      YIPAN_STORE_SECRET_KEY: credentials.secretAccessKey,
    };
    try {
      const goods = await offer(world, 'SKU-MOVED', { shown: 10, onHand: 10 });
      for (let i = 0; i < 5; i += 1) await buy(world, [{ listing: goods.doudian, quantity: 1 }]);
      await settle(world);
      await world.stopHost();
      expect(await run('export.js', ['--from', world.storeAddress, '--to', file])).toMatchObject({ code: 0 });
      expect(await run('import.js', ['--from', file, '--to', address], undefined, keys)).toMatchObject({ code: 0 });
      const [there, here] = [
        await run('verify.js', [address], undefined, keys),
        await run('verify.js', [world.storeAddress]),
      ];
      expect(there.out).toBe(here.out);
      expect(there.code).toBe(0);
      expect(there.out).toContain('✔ invariant 7: holds');
    } finally {
      await world.close();
    }
  }, 120_000);
});

describe('moving the store of a host that has worked', () => {
  it('keeps every document and every invariant', async () => {
    const world = await LocalWorld.start({ seed: 3 });
    const [file, target] = [join(folder, 'world.jsonl.gz'), join(folder, 'world.db')];
    try {
      await world.host.post('/api/skus', { skus: [{ id: 'SKU-MOVED', title: '搬家' }] });
      await until('the host has stored something', 20_000, async () => sizeOf(world.storeAddress) > 0);
      await world.stopHost();
      expect(await run('export.js', ['--from', world.storeAddress, '--to', file])).toMatchObject({ code: 0 });
      expect(await run('import.js', ['--from', file, '--to', target])).toMatchObject({ code: 0 });
      expect(await fingerprintOf(target)).toBe(await fingerprintOf(world.storeAddress));
      const verified = await run('verify.js', [target, '--in-motion']);
      expect(verified.out).toContain('✔ invariant 1: holds');
      // What was not looked at is not said to hold.
      expect(verified.out).toContain('– invariant 7: not checked');
      expect(verified.code).toBe(0);
    } finally {
      await world.close();
    }
  }, 120_000);

  it('makes no store from a file that is not whole', async () => {
    const [file, target] = [join(folder, 'broken.jsonl'), join(folder, 'broken.db')];
    writeFileSync(file, '{"format":"yipan-documents","formatVersion":1,"createdAtMs":1,"source":"a.db"}\n');
    const { code, errors } = await run('import.js', ['--from', file, '--to', target]);
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining('it is cut off') as string });
    expect(existsSync(target)).toBe(false);
  });

  it('says that it could not check a store that is not there', async () => {
    expect(await run('verify.js', [join(folder, 'none.db')])).toMatchObject({ code: 2 });
  });
});
