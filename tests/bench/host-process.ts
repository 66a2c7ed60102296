import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../infra/local/demo/child-process';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import { systemClock } from '../../shared/adapters/system/system';
import type { BrandSize } from './brand';
import { DOUDIAN_SHOP, seedBrand } from './brand';
import { projectFolder } from './project-folder';
import { BENCH_USER } from './step-world';

/** The local host as `npm start` runs it, in a process of its own, on a store with one brand in it. */
export interface HostProcess {
  readonly url: string;
  readonly storeFile: string;
  /** Processor time since its start, ms; undefined where the system does not tell (it does on Linux). */
  cpuMs(): number | undefined;
  /** Commits to its store since that was made. */
  commits(): number;
  residentBytes(): Promise<number>;
  /** What its own metrics say. */
  metrics(): Promise<{ counts: Record<string, number>; busMessages: number }>;
  close(): Promise<void>;
}

interface HostOptions {
  readonly gatewayUrl: string;
  /** Where the profile of its processor time goes when it ends. */
  readonly profile?: { readonly folder: string; readonly name: string };
}

export async function startHostProcess(size: BrandSize, { gatewayUrl, profile }: HostOptions): Promise<HostProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'yipan-bench-'));
  try {
    const storeFile = join(folder, 'yipan.db');
    const store = new SqliteStore(storeFile);
    await seedBrand({ store, clock: systemClock }, size);
    await store.close();
    const { shopId, appKey, appSecret, accessToken } = DOUDIAN_SHOP;
    const secrets = { shops: { [shopId]: { appKey, appSecret, accessToken } }, users: [BENCH_USER] };
    const script = join(projectFolder(), 'dist/infra/local/start.js');
    const args = [script, '--port', '0', '--data-dir', folder, '--no-sandbox'];
    // Node's own options go before the script.
    const [first = script, ...others] = profile
      ? ['--cpu-prof', '--cpu-prof-dir', profile.folder, '--cpu-prof-name', profile.name, ...args]
      : args;
    const child = await startChild(first, others, {
      YIPAN_STORE_FILE: storeFile,
      YIPAN_SECRETS: JSON.stringify(secrets),
      YIPAN_DOUDIAN_GATEWAY: gatewayUrl,
      YIPAN_LOG_LEVEL: 'error',
    });
    const metrics = async (): Promise<Metrics> => (await fetch(`${child.url}/metrics`)).json() as Promise<Metrics>;
    return {
      ...{ url: child.url, storeFile, metrics },
      cpuMs: () => cpuMsOf(child.pid),
      commits: () => commitsOf(storeFile),
      residentBytes: async () => (await metrics()).residentBytes,
      close: async () => {
        // A profile is written by a process that ends by itself.
        await (profile ? child.stop() : child.kill());
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Metrics {
  readonly counts: Record<string, number>;
  readonly busMessages: number;
  readonly residentBytes: number;
}

/** Ticks of a second in /proc: a constant of Linux's interface to programs (USER_HZ). */
const TICKS_PER_SECOND = 100;

function cpuMsOf(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  // Behind the name, which may hold blanks: the 12th and 13th field there are user and system time.
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** Where the count of transactions lies in the index of SQLite's log: sqlite.org/walformat.html, WAL-index header, iChange. */
const CHANGE_OFFSET = 8;

function commitsOf(storeFile: string): number {
  const file = openSync(`${storeFile}-shm`, 'r');
  try {
    const bytes = Buffer.alloc(4);
    readSync(file, bytes, 0, 4, CHANGE_OFFSET);
    return bytes.readUInt32LE(0);
  } finally {
    closeSync(file);
  }
}
