import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../infra/local/demo/api';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import { DIST, LocalWorld } from './local-world';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'yipan-moving-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program to its end, or kills it as soon as `killWhen` says so. */
async function run(program: string, args: readonly string[], killWhen?: () => boolean): Promise<Ended> {
  const child = spawn(process.execPath, [join(DIST, program), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const watch = killWhen && setInterval(() => killWhen() && child.kill('SIGKILL'), 2);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { code, out, errors };
}

async function fingerprintOf(store: string): Promise<string> {
  const { code, out, errors } = await run('verify.js', [store, '--count']);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const found = /(\d+ documents, fingerprint [0-9a-f]{64})/.exec(out)?.[1];
  if (found === undefined) throw new Error(`no fingerprint in: ${out}`);
  return found;
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

describe('killing the programs that move a store', () => {
  const DOCUMENTS = 30_000;
  let source: string;

  beforeAll(async () => {
    source = join(folder, 'source.db');
    const store = new SqliteStore(source);
    for (let from = 0; from < DOCUMENTS; from += 1_000) {
      const numbers = Array.from({ length: 1_000 }, (_, i) => from + i);
      await Promise.all(
        numbers.map((i) =>
          store.restore({
            ...{ key: { pk: `thing#${i % 97}`, sk: String(i) }, version: (i % 9) + 1 },
            ...{ value: { i, text: '库存'.repeat(50) }, places: {} },
          }),
        ),
      );
    }
    await store.close();
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
      expect(exported).toMatchObject({ code: 0, errors: '' });
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
      expect(resumed).toMatchObject({ code: 0, errors: '' });
      expect(await fingerprintOf(target)).toBe(await fingerprintOf(source));
    },
    180_000,
  );
});

describe('moving the store of a host that has worked', () => {
  it('keeps every document and every invariant', async () => {
    const world = await LocalWorld.start({ seed: 3 });
    const [file, target] = [join(folder, 'world.jsonl.gz'), join(folder, 'world.db')];
    try {
      await world.host.post('/api/skus', { skus: [{ id: 'SKU-MOVED', title: '搬家' }] });
      await until('the host has stored something', 20_000, async () => sizeOf(world.storeFile) > 0);
      await world.stopHost();
      expect(await run('export.js', ['--from', world.storeFile, '--to', file])).toMatchObject({ code: 0 });
      expect(await run('import.js', ['--from', file, '--to', target])).toMatchObject({ code: 0 });
      expect(await fingerprintOf(target)).toBe(await fingerprintOf(world.storeFile));
      const verified = await run('verify.js', [target, '--in-motion']);
      expect(verified.out).toContain('✔ invariant 7: holds');
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
