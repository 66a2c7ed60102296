import { DatabaseSync } from '@photostructure/sqlite';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, until } from '../../infra/local/demo/api';
import type { StoreCounts } from '../../infra/local/demo/count-store';
import { countStore } from '../../infra/local/demo/count-store';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Ended } from './run-program';
import { runProgram } from './run-program';
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
    const refused: string[] = [];
    const post = async (id: string): Promise<string | undefined> => {
      const refusal = await receiveOne(world, id);
      (refusal === undefined ? acknowledged : refused).push(id);
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
    // What can be read, and what moved: all that was acknowledged, and of the others those whose last write alone failed.
    const meanwhile = (await stockOf(world, goods.skuId)).onHandQty - 1_000;
    expect(meanwhile).toBeGreaterThanOrEqual(acknowledged.length);
    expect(meanwhile).toBeLessThanOrEqual(acknowledged.length + refused.length);

    unlinkSync(ballast);
    await until('a write is taken again', 30_000, async () => (await post(`RK-after-${++n}`)) === undefined);
    for (const purchase of purchases) await untilStatus(world, purchase, 'audited');
    await untilIdle(world);
    // Not one is sent again before this: what is posted is what was acknowledged, and what a refused one had begun.
    const posted = await postedOf([...acknowledged, ...refused]);
    expect(posted).toEqual(expect.arrayContaining(acknowledged));
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(1_000 + posted.length);
    await world.stopHost();
    expect(await violationsIn(world)).toEqual([]);
    await world.startHost();
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(1_000 + posted.length);
    // Sent again under its id, as a person would: posted once, whatever became of it before.
    for (const id of [...acknowledged, ...refused]) expect(await receiveOne(world, id)).toBeUndefined();
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(1_000 + acknowledged.length + refused.length);
  }, 120_000);

  /** Those of the entries that have moved their pieces. */
  async function postedOf(ids: readonly string[]): Promise<string[]> {
    const posted: string[] = [];
    for (const id of ids) {
      try {
        const { status } = await world.host.get<{ status: string }>(`/api/stock-entries/${id}`);
        expect({ id, status }).toEqual({ id, status: 'posted' });
        posted.push(id);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
      }
    }
    return posted;
  }

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

/** Receipts that take turns at once while the file is copied. */
const RECEIVERS = 3;

describe('the file copied by npm run backup while the host writes to it', () => {
  let world: LocalWorld;
  let goods: Goods;

  beforeAll(async () => {
    ({ world, goods } = await startWorld(tmpdir()));
  }, 60_000);

  afterAll(() => world.close());

  const copyOf = (number: number): string => join(world.folder, `copy-${number}.db`);

  it('is of one moment, runs as a restored store, and the pull brings the orders that were bought since', async () => {
    const load = new Load();
    const copies: { file: string; before: number; after: number }[] = [];
    for (let number = 1; number <= 3; number += 1) {
      await load.untilMore(20);
      const before = load.acknowledged.length;
      const { code, out, errors } = await backup(copyOf(number));
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(out).toMatch(/^[1-9]\d* documents, [\d.]+ MB in .*copy-\d\.db\n/);
      copies.push({ file: copyOf(number), before, after: load.asked.length });
    }
    await load.untilMore(20);
    await load.stop();

    for (const { file } of copies) {
      expect(existsSync(`${file}-wal`)).toBe(false);
      expect(await verify(file, '--in-motion')).toMatchObject({
        code: 0,
        out: expect.not.stringContaining('✘') as string,
      });
    }
    // All that was bought is acknowledged: nothing of it will be told again.
    for (const purchase of load.purchases) await untilStatus(world, purchase, 'audited');
    await untilIdle(world);
    // Restored: the last copy takes the place of the store, and the host goes on from there.
    const last = copies.at(-1) ?? { file: '', before: 0, after: 0 };
    const bought = load.purchases.length;
    await world.killHost();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${world.storeAddress}${suffix}`, { force: true });
    copyFileSync(last.file, world.storeAddress);
    expect((await counted()).platformOrders).toBeLessThan(bought);
    await world.startHost();
    await settle(world);
    const restored = (await stockOf(world, goods.skuId)).onHandQty - 1_000;
    expect(restored).toBeGreaterThanOrEqual(last.before);
    expect(restored).toBeLessThanOrEqual(last.after);
    await world.stopHost();
    expect(await verify(world.storeAddress)).toMatchObject({
      code: 0,
      out: expect.not.stringContaining('✘') as string,
    });
    expect(await violationsIn(world)).toEqual([]);
    const { platformOrders, deliveryOrders, ordersByStatus } = await counted();
    expect({ platformOrders, deliveryOrders }).toEqual({ platformOrders: bought, deliveryOrders: bought });
    expect(ordersByStatus).toEqual({ audited: bought });
    await world.startHost();
    // What was acknowledged before the copy began is in it; the rest, sent again, is posted once.
    for (const id of load.acknowledged.slice(0, last.before)) expect(await receiveOne(world, id)).toBeUndefined();
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(1_000 + restored);
    for (const id of load.asked) expect(await receiveOne(world, id)).toBeUndefined();
    expect((await stockOf(world, goods.skuId)).onHandQty).toBe(1_000 + load.asked.length);
  }, 180_000);

  it('replaces nothing that is there, and leaves nothing behind where it cannot be made', async () => {
    const file = copyOf(1);
    const before = statSync(file);
    const again = await backup(file);
    expect(again).toEqual({ code: 1, out: '', errors: `backup: ${file} is there already\n` });
    expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
    expect(before.mode & 0o077).toBe(0);
    const noStore = join(world.folder, 'secrets.json');
    const elsewhere = join(world.folder, 'no-copy.db');
    for (const [from, told] of [
      [noStore, 'is no store: file is not a database'],
      [join(world.folder, 'none.db'), 'there is no file'],
      ['dynamodb:yipan', 'its cloud has backups of its own'],
    ] as const) {
      const refused = await runProgram('backup.js', [elsewhere, '--from', from]);
      expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining(told) as string });
    }
    expect(readdirSync(world.folder).filter((name) => name.startsWith('no-copy'))).toEqual([]);
    expect(await runProgram('backup.js', [])).toMatchObject({ code: 2 });
  }, 60_000);

  async function counted(): Promise<StoreCounts> {
    const { store, close } = await world.openStore();
    try {
      return await countStore(store);
    } finally {
      await close();
    }
  }

  const backup = (file: string): Promise<Ended> => runProgram('backup.js', [file, '--from', world.storeAddress]);

  const verify = (...args: string[]): Promise<Ended> => runProgram('verify.js', args);

  /** Receipts and purchases without a pause, and the log of writes copied into the file all the while, as at 32 MB. */
  class Load {
    readonly asked: string[] = [];
    readonly acknowledged: string[] = [];
    readonly purchases: Purchase[] = [];
    private readonly stopped = new AbortController();
    private readonly running = Promise.all([this.buyAll(), this.checkpointAll(), ...this.receivers()]);

    async untilMore(receipts: number): Promise<void> {
      const { length } = this.acknowledged;
      const more = async (): Promise<boolean> => this.acknowledged.length >= length + receipts;
      await Promise.race([until('more is acknowledged', 30_000, more), this.running]);
    }

    async stop(): Promise<void> {
      this.stopped.abort();
      await this.running;
    }

    private receivers(): Promise<void>[] {
      return Array.from({ length: RECEIVERS }, async () => {
        while (!this.stopped.signal.aborted) {
          const id = `RK-c${this.asked.length}`;
          this.asked.push(id);
          if ((await receiveOne(world, id)) === undefined) this.acknowledged.push(id);
        }
      });
    }

    private async buyAll(): Promise<void> {
      for (let i = 0; !this.stopped.signal.aborted; i += 1) {
        const listing = i % 2 ? goods.tmall : goods.doudian;
        this.purchases.push(await buy(world, [{ listing, quantity: 1 }]));
        await pause(20);
      }
    }

    private async checkpointAll(): Promise<void> {
      const db = new DatabaseSync(world.storeAddress);
      while (!this.stopped.signal.aborted) {
        db.exec('pragma wal_checkpoint(passive)');
        await pause(10);
      }
      db.close();
    }
  }
});
