import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program of ours, running beside this one. */
export interface Child {
  readonly url: string;
  readonly pid: number;
  /** Ends it as an operator would, and waits for it; throws if it had to be killed or failed. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<unknown>;
  /** Last lines that it wrote to its error output. */
  errors(): string;
}

/**
 * A program that does not say its address within this time has failed. A host on Kafka waits ten seconds for the group of one
 * that was killed, and on a busy machine as long again for its own.
 */
const READY_MS = 60_000;
const STOP_MS = 20_000;

/** Starts one of the built programs and waits until it says its address; `onLine` is told all that it writes. */
export async function startChild(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => undefined,
): Promise<Child> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.splice(0, Math.max(0, errors.push(line) - 40));
    onLine(line);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const url = await readyUrl(child, ended, { script, errors: () => errors.join('\n'), onLine });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} has no process id`);
  return {
    url,
    pid,
    ended,
    errors: () => errors.join('\n'),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await ended;
      clearTimeout(timer);
      if (code !== 0) throw new Error(`${script} did not end cleanly (${code ?? 'killed'}):\n${errors.join('\n')}`);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function readyUrl(
  child: ChildProcess,
  ended: Promise<number | null>,
  { script, errors, onLine }: { script: string; errors: () => string; onLine: (line: string) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${script} was not ready within ${READY_MS / 1000} s:\n${errors()}`));
    }, READY_MS);
    void ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`${script} ended (${code ?? 'killed'}) before it was ready:\n${errors()}`));
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine(line);
      const match = /"event":"(?:host|sandbox)-ready","url":"([^"]+)"/.exec(line);
      if (!match?.[1]) return;
      clearTimeout(timer);
      resolve(match[1]);
    });
  });
}
