import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { Redis } from 'ioredis';
import { startRedis } from '../../infra/local/engines/redis';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (let waitedMs = 0; isAlive(pid) && waitedMs < 5_000; waitedMs += 20) await pause(20);
  return !isAlive(pid);
}

describe('the redis-server beside the host', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yipan-engine-'));
  const outfile = join(folder, 'redis.cjs');

  beforeAll(() => {
    const entry = join(__dirname, '../../infra/local/engines/redis.ts');
    buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** A process of its own that starts a server and stays; prints the server's process id, or why there is none. */
  function startHost(env: NodeJS.ProcessEnv): ChildProcess {
    const program = `
      require(process.argv[1]).startRedis().then(({ pid }) => console.log(pid), ({ message }) => console.log(message));
      setInterval(() => 0, 1e6);
    `;
    return spawn(process.execPath, ['-e', program, outfile], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  }

  async function firstLineOf({ stdout }: ChildProcess): Promise<string> {
    const [said] = stdout ? ((await once(stdout, 'data')) as [Buffer]) : [''];
    return said.toString().trim();
  }

  it('answers on loopback, keeps nothing on disk and ends when it is told to', async () => {
    const server = await startRedis();
    const client = new Redis(server.endpoint);
    expect(await client.ping()).toBe('PONG');
    expect(await client.config('GET', 'save')).toEqual(['save', '']);
    expect(await client.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    await client.quit();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('ends with its host, even if that is killed and can tell nobody', async () => {
    const host = startHost(process.env);
    const pid = Number(await firstLineOf(host));
    expect(isAlive(pid)).toBe(true);
    host.kill('SIGKILL');
    expect(await isGone(pid)).toBe(true);
  });

  it('says what to install where there is none', async () => {
    const host = startHost({ PATH: '/nonexistent' });
    expect(await firstLineOf(host)).toBe(
      'redis-server is not installed (Debian, Ubuntu: apt-get install redis-server)',
    );
    host.kill('SIGKILL');
  });

  it('says why it did not start', async () => {
    const server = await startRedis();
    await expect(startRedis({ port: server.port })).rejects.toThrow(/did not start: ended: .*in use/);
    await server.stop();
  });
});
