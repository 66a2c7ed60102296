import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Engine } from './node-server';
import { freePort } from './free-port';

/** A redis-server beside the host. */
export interface RedisEngine extends Engine {
  readonly port: number;
  /** Of the server itself: tests stop it for a while, or kill it. */
  readonly pid: number;
}

const READY_MS = 20_000;

/**
 * A process between the host and the server, which ends the server when its own standard input ends, however the host ended.
 * The server works in a folder that goes with it; it keeps nothing on disk. Answers one line: ready and the server's process
 * id, or why there is none.
 */
const PROGRAM = `
  const { mkdtempSync, rmSync } = require('node:fs');
  const { join } = require('node:path');
  const args = JSON.parse(process.argv[1]);
  const folder = mkdtempSync(join(require('node:os').tmpdir(), 'yipan-redis-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const server = require('node:child_process').spawn('redis-server', [...args, '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  server.on('error', ({ code }) => { console.log(code); process.exitCode = 1; process.stdin.destroy(); });
  server.stdout.on('data', (part) => {
    if (said === undefined) return;
    said = (said + part).slice(-2000);
    if (!said.includes('Ready to accept connections')) return;
    console.log('ready ' + server.pid);
    said = undefined;
  });
  server.on('exit', () => {
    if (said) console.log('ended: ' + said.replace(/\\s+/g, ' '));
    process.exit();
  });
  process.stdin.resume().on('end', () => server.kill('SIGKILL'));
`;

/**
 * Starts a redis-server on a port of loopback, without persistence. More arguments for it, such as those of a cluster, may be
 * given. Throws where it is not installed, or not ready in time, saying so.
 */
export async function startRedis(options: { port?: number; args?: readonly string[] } = {}): Promise<RedisEngine> {
  const port = options.port ?? (await freePort());
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const keeper = spawn(process.execPath, ['-e', PROGRAM, JSON.stringify([...args, ...(options.args ?? [])])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()));
  const answer = await firstLine(keeper.stdout, ended);
  const pid = Number(/^ready (\d+)$/.exec(answer)?.[1]);
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    await ended;
  };
  if (Number.isNaN(pid)) {
    await stop();
    throw new Error(
      answer === 'ENOENT'
        ? 'redis-server is not installed (Debian, Ubuntu: apt-get install redis-server)'
        : `redis-server on port ${port} did not start: ${answer}`,
    );
  }
  return {
    ...{ endpoint: `redis://127.0.0.1:${port}`, port, pid, stop },
    kill: async () => {
      process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}

async function firstLine(output: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  return new Promise((resolve) => {
    const late = setTimeout(() => answer(`it was not ready within ${READY_MS / 1_000} s`), READY_MS);
    const answer = (line: string): void => {
      clearTimeout(late);
      resolve(line);
    };
    createInterface({ input: output }).once('line', answer);
    void ended.then(() => answer('it ended at once'));
  });
}
