import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DIST } from './local-world';

/** How a program ended, and all that it said. */
export interface Ended {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs one of the built programs to its end, or kills it as soon as `killWhen` says so. */
export async function runProgram(
  program: string,
  args: readonly string[],
  {
    killWhen,
    settings = {},
    nodeOptions = [],
  }: {
    killWhen?: (() => boolean) | undefined;
    settings?: Readonly<Record<string, string>>;
    nodeOptions?: readonly string[];
  } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeOptions, join(DIST, program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...settings },
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const watch = killWhen && setInterval(() => killWhen() && child.kill('SIGKILL'), 2);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { code, out, errors };
}
