import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApiError, until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { PROJECT } from '../support/build-bundles';
import { violationsIn } from './invariants';
import { DIST, LocalWorld } from './local-world';
import type { Goods, Purchase } from './steps';
import { auditEverything, buy, offer, pause, stockOf, untilIdle, untilStatus } from './steps';

// What can happen to the file that everything is in: no room for it, and a copy of it while it is written to.

async function startWorld(within: string): Promise<{ world: LocalWorld; goods: Goods }> {
  const world = await LocalWorld.start({ within });
  const goods = await offer(world, 'DISK-1', { shown: 10_000, onHand: 1_000 });
  await auditEverything(world);
  await untilIdle(world);
  return { world, goods };
}

/** Receives one piece; the code of the refusal, or undefined where it was acknowledged. */
async function receiveOne(world: LocalWorld, id: string): Promise<string | undefined> {
  const entry = {
    id,
    type: 'receipt',
    warehouseId: SAMPLE.distributionWarehouse,
    lines: [{ skuId: 'DISK-1', qty: 1 }],
  };
  try {
    await world.host.post('/api/stock-entries', entry);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.code}`;
    throw error;
  }
}

describe('a disk that is full', () => {
  let disk: string;
  let world: LocalWorld;
  let goods: Goods;

  beforeAll(async () => {
    disk = mkdtempSync(join(tmpdir(), 'yipan-disk-'));
    // A disk of its own, small enough to be filled. Where mounting is not permitted this fails, and says so.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { stdio: 'pipe' });
    ({ world, goods } = await startWorld(disk));
  }, 60_000);

  afterAll(async () => {
    await world.close();
    // Lazily: the reader of this process may not have let go of its mapping yet.
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  });

  it('is told by 503, while what is stored can be read; room brings everything back without a restart', async () => {
    const ballast = join(disk, 'ballast');
    const acknowledged: string[] = [];
    const post = async (id: string): Promise<string | undefined> => {
      const refusal = await receiveOne(world, id);
      if (refusal === undefined) acknowledged.push(id);
      return refusal;
    };
    expect(await post('RK-before')).toBeUndefined();
    fill(ballast);
    let n = 0;
    const refusal = await until('a write is refused', 30_000, async () => post(`RK-full-${++n}`), 1);
    expect(refusal).toBe('503 STORE_UNAVAILABLE');
    const purchases: Purchase[] = [];
    for (const listing of [goods.tmall, goods.doudian]) purchases.push(await buy(world, [{ listing, quantity: 1 }]));
    for (let i = 0; i < 20; i += 1) {
      const again = await post(`RK-still-${i}`);
      if (again !== undefined) expect(again).toBe('503 STORE_UNAVAILABLE');
    }
    expect((await world.host.get<{ ok: boolean }>('/healthz')).ok).toBe(true);
    expect((await stockOf(world, goods.skuId)).onHandQty).toBeGreaterThanOrEqual(1_000 + acknowledged.length);

    unlinkSync(ballast);
    await until('a write is taken again', 30_000, async () => (await post(`RK-after-${++n}`)) === undefined);
    // Sent again under its id, as a person would: posted once, whatever became of it before.
    for (let i = 1; i <= n; i += 1) await receiveOne(world, `RK-full-${i}`);
    for (const purchase of purchases) await untilStatus(world, purchase, 'audited');
    await untilIdle(world);
    for (const id of acknowledged) expect(await receiveOne(world, id)).toBeUndefined();
    await world.stopHost();
    expect(await violationsIn(world)).toEqual([]);
    await world.startHost();
    // What was acknowledged is there once: the same entries again have moved nothing.
    const { onHandQty } = await stockOf(world, goods.skuId);
    for (const id of acknowledged) await receiveOne(world, id);
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(onHandQty);
  }, 120_000);

  /** Writes until nothing fits any more. */
  function fill(file: string): void {
    for (let bytes = 1024 * 1024; bytes >= 1_024; bytes /= 2) {
      for (;;) {
        try {
          writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          break;
        }
      }
    }
  }
});

describe('the file copied while the host writes to it', () => {
  let world: LocalWorld;
  let goods: Goods;

  beforeAll(async () => {
    ({ world, goods } = await startWorld(tmpdir()));
  }, 60_000);

  afterAll(() => world.close());

  it('holds everything that was acknowledged before, breaks no invariant, and runs as a restored store', async () => {
    const stopped = new AbortController();
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let i = 0; !stopped.signal.aborted; i += 1) {
        if ((await receiveOne(world, `RK-c${i}`)) === undefined) acknowledged.push(`RK-c${i}`);
        if (i % 5 === 0) await buy(world, [{ listing: i % 2 ? goods.tmall : goods.doudian, quantity: 1 }]);
      }
    })();
    const copies: { file: string; before: number }[] = [];
    for (let i = 1; i <= 3; i += 1) {
      const { length } = acknowledged;
      await until('more is acknowledged', 30_000, async () => acknowledged.length > length + 20);
      const before = acknowledged.length;
      copies.push({ file: await copyStore(i), before });
    }
    stopped.abort();
    await writing;

    for (const { file } of copies) {
      const verify = [join(DIST, 'verify.js'), file, '--in-motion'];
      const { stdout } = await promisify(execFile)(process.execPath, verify, { cwd: PROJECT });
      expect(stdout).not.toContain('✘');
      expect(stdout.match(/✔ invariant/g)).toHaveLength(7);
    }
    // Restored: the last copy takes the place of the store, and the host goes on from there.
    const last = copies.at(-1);
    await world.killHost();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${world.storeAddress}${suffix}`, { force: true });
    for (const suffix of ['', '-wal']) copyFileSync(`${last?.file ?? ''}${suffix}`, `${world.storeAddress}${suffix}`);
    await world.startHost();
    await untilIdle(world);
    const { onHandQty } = await stockOf(world, goods.skuId);
    for (const id of acknowledged.slice(0, last?.before)) expect(await receiveOne(world, id)).toBeUndefined();
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(onHandQty);
    expect(onHandQty).toBeGreaterThanOrEqual(1_000 + (last?.before ?? 0));
  }, 120_000);

  /**
   * Copies the file and its log of writes. A checkpoint moves pages from the log to the file: a copy during which one ran is
   * of two moments and is made again. Otherwise the log only grows, and of a part of a write at its end SQLite takes nothing.
   */
  async function copyStore(number: number): Promise<string> {
    const from = world.storeAddress;
    const to = join(world.folder, `copy-${number}.db`);
    const moment = (): string =>
      `${statSync(from, { bigint: true }).mtimeNs} ${readFileSync(`${from}-wal`).subarray(0, 32).toString('hex')}`;
    for (;;) {
      const before = moment();
      copyFileSync(from, to);
      copyFileSync(`${from}-wal`, `${to}-wal`);
      if (moment() === before) return to;
      await pause(20);
    }
  }
});
