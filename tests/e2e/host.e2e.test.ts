import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, until } from '../../infra/local/demo/api';
import { startChild } from '../../infra/local/demo/child-process';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { violationsIn } from './invariants';
import { freePort } from '../../infra/local/engines/free-port';
import { DIST, LocalWorld } from './local-world';
import type { Goods, Purchase } from './steps';
import { auditEverything, buy, deliveryOrder, offer, stockOf, untilIdle, untilStatus } from './steps';

jest.setTimeout(60_000);

// The local host as a program: how it starts, stops, comes back, and refuses what it cannot run with.

const MEMORY_BYTES_MAX = 300 * 2 ** 20;

describe('its life', () => {
  let world: LocalWorld;

  beforeAll(async () => {
    world = await LocalWorld.start();
    await auditEverything(world);
  }, 60_000);

  afterAll(() => world.close());

  it('ends cleanly on SIGTERM, and has everything when it is started again', async () => {
    const goods = await offer(world, 'KEPT', { shown: 10, onHand: 10 });
    const purchase = await buy(world, [{ listing: goods.tmall, quantity: 2 }]);
    const before = await untilStatus(world, purchase, 'audited');
    // Throws unless the exit code is 0.
    await world.stopHost();
    const whileDown = await buy(world, [{ listing: goods.doudian, quantity: 1 }]);
    await world.startHost();
    expect(await deliveryOrder(world, purchase)).toEqual(before);
    await untilStatus(world, whileDown, 'audited');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 10, heldQty: 3 });
  });

  it('ends cleanly in the middle of a burst, and goes on where it was', async () => {
    const goods = await offer(world, 'STOPPED', { shown: 1_000, onHand: 60 });
    const burst = buyMany(goods, 60);
    await until('some orders are there', 20_000, async () => (await stockOf(world, goods.skuId)).heldQty > 5);
    await world.stopHost();
    const purchases = await burst;
    await world.startHost();
    for (const purchase of purchases) await untilStatus(world, purchase, 'audited');
    expect(await stockOf(world, goods.skuId)).toEqual({ onHandQty: 60, heldQty: 60 });
  });

  it('stays below 300 MB while 300 purchases come in at once', async () => {
    const goods = await offer(world, 'BURST', { shown: 1_000, onHand: 300 });
    let peakBytes = 0;
    const measure = async (): Promise<void> => {
      const { residentBytes } = await world.host.get<{ residentBytes: number }>('/metrics');
      peakBytes = Math.max(peakBytes, residentBytes);
    };
    await buyMany(goods, 300);
    await until('all 300 are held', 40_000, async () => {
      await measure();
      return (await stockOf(world, goods.skuId)).heldQty === 300;
    });
    await untilIdle(world);
    await measure();
    expect(peakBytes).toBeGreaterThan(20 * 2 ** 20);
    expect(peakBytes).toBeLessThan(MEMORY_BYTES_MAX);
    const orders = await auditedOf(goods.skuId);
    expect(orders).toBe(300);
  });

  it('leaves every invariant true', async () => {
    await untilIdle(world);
    await world.stopHost();
    expect(await violationsIn(world)).toEqual([]);
  });

  it('--fresh starts empty, with the same secrets', async () => {
    const secrets = readFileSync(join(world.folder, 'secrets.json'), 'utf8');
    const fresh = await startChild(join(DIST, 'start.js'), offline(world.folder, '--fresh'), {});
    const api = new Api(fresh.url, world.secrets.users[0]?.token ?? '');
    expect(await api.get('/api/shops')).toEqual({ rows: [] });
    expect(await api.get('/api/skus')).toEqual({ rows: [], next: null, searchedToMs: null });
    expect(await api.get('/healthz')).toMatchObject({ ok: true });
    await fresh.stop();
    expect(readFileSync(join(world.folder, 'secrets.json'), 'utf8')).toBe(secrets);
  });

  async function buyMany(goods: Goods, count: number): Promise<Purchase[]> {
    const one = (i: number) => buy(world, [{ listing: i % 2 === 0 ? goods.tmall : goods.doudian, quantity: 1 }]);
    return Promise.all(Array.from({ length: count }, (_, i) => one(i)));
  }

  async function auditedOf(skuId: string): Promise<number> {
    let found = 0;
    for (const shopId of Object.values(SAMPLE_SHOPS)) {
      for (let after = ''; ; ) {
        const path = `/api/delivery-orders?shopId=${shopId}&status=audited&limit=200${after}`;
        const page = await world.host.get<{ rows: { holds: { skuId: string }[] }[]; next: string | null }>(path);
        found += page.rows.filter(({ holds }) => holds[0]?.skuId === skuId).length;
        if (page.next === null) break;
        after = `&after=${encodeURIComponent(page.next)}`;
      }
    }
    return found;
  }
});

describe('with the sandbox beside it, as it is started by hand', () => {
  it('sells the sample at once, comes back with the same data, and takes the sandbox down with itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yipan-host-'));
    const sandboxPort = String(await freePort());
    const sandbox = new Api(`http://127.0.0.1:${sandboxPort}`);
    const start = () =>
      startChild(join(DIST, 'start.js'), ['--port', '0', '--data-dir', folder, '--sandbox-port', sandboxPort], {});
    const untilOnSale = (): Promise<boolean> =>
      until('both shops show the sample', 20_000, async () => {
        const { items } = await sandbox.get<{ items: { stockQty: number }[] }>('/sandbox/items');
        return items.length === 2 && items.every(({ stockQty }) => stockQty > 0);
      });
    try {
      for (let times = 0; times < 2; times += 1) {
        const host = await start();
        try {
          await untilOnSale();
        } finally {
          await host.stop();
        }
        await expect(sandbox.get('/sandbox/shops')).rejects.toThrow('fetch failed');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('settings that it cannot run with', () => {
  let folder = '';
  let sandboxPort = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yipan-host-'));
    sandboxPort = await freePort();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['--port abc', ['--port', 'abc'], {}, '--port abc: a port is a whole number from 0 to 65535'],
    ['--port 65536', ['--port', '65536'], {}, '--port 65536'],
    ['--sandbox-port abc', ['--sandbox-port', 'abc'], {}, '--sandbox-port abc'],
    ['an option that there is not', ['--prot', '8080'], {}, "'--prot'"],
    ['an unknown timer', ['--timers', '{"no-such/timer":1000}'], {}, "no timer 'no-such/timer'"],
    ['too short a period', ['--timers', '{"ratio-sync-push/push":1}'], {}, 'at least 10 ms'],
    ['timers that are not JSON', ['--timers', '{every'], {}, '--timers'],
    ['timers that are no object', ['--timers', 'null'], {}, '--timers'],
    ['secrets that are not JSON', [], { YIPAN_SECRETS: 'garbage' }, 'YIPAN_SECRETS is not of its shape'],
    ['secrets of another shape', [], { YIPAN_SECRETS: '{"shops":{},"users":[{"token":"short"}]}' }, 'users.0.token'],
    ['a profile that there is not', [], { YIPAN_PROFILE: 'mainframe' }, 'YIPAN_PROFILE'],
    ['two wrong settings', [], { YIPAN_LOG_LEVEL: 'loud', YIPAN_RECHECK_AFTER_MS: '-1' }, 'YIPAN_RECHECK_AFTER_MS'],
  ])('%s: says what is wrong, and ends', async (_, args, settings, message) => {
    const { code, stderr } = await run(args, settings);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
    // One line for a person, no stack, and no secret.
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('garbage');
    await expectNothingLeft();
  });

  it.each([
    ['not JSON', '{"shops": {"secret', 'secrets.json is not JSON'],
    ['of another shape', '{"shops":{}}', 'YIPAN_SECRETS is not of its shape (users)'],
  ])('a secrets file that is %s: says so', async (_, text, message) => {
    const data = join(folder, `secrets-${text.length}`);
    mkdirSync(data);
    writeFileSync(join(data, 'secrets.json'), text);
    const { code, stderr } = await run(['--data-dir', data], {});
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
    expect(stderr).not.toContain('"secret');
    await expectNothingLeft();
  });

  it('a port that is taken: says so, and leaves nothing running', async () => {
    const first = await startChild(join(DIST, 'start.js'), offline(join(folder, 'first')), {});
    try {
      const { code, stderr } = await run(['--port', new URL(first.url).port], {});
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('EADDRINUSE') as string });
      await expectNothingLeft();
    } finally {
      await first.stop();
    }
  });

  it('--help tells the options and ends', async () => {
    const { code, stdout } = await run(['--help'], {});
    expect(code).toBe(0);
    for (const option of ['--port', '--data-dir', '--fresh', '--no-sandbox', '--timers'])
      expect(stdout).toContain(option);
  });

  /** Starts the host with its sandbox, and waits for its end. */
  function run(args: readonly string[], settings: object): Promise<{ code: number; stdout: string; stderr: string }> {
    const places = ['--data-dir', join(folder, 'data'), '--port', '0', '--sandbox-port', String(sandboxPort)];
    const options = { env: { ...process.env, ...settings }, timeout: 30_000 };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(DIST, 'start.js'), ...places, ...args], options, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
      );
    });
  }

  /** A sandbox that outlives its host would hold its port. */
  async function expectNothingLeft(): Promise<void> {
    const answers = await fetch(`http://127.0.0.1:${sandboxPort}/`).then(
      () => true,
      () => false,
    );
    expect(answers).toBe(false);
  }
});

function offline(folder: string, ...args: string[]): string[] {
  return ['--port', '0', '--no-sandbox', '--data-dir', folder, ...args];
}
