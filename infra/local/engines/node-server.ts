import { spawn } from 'node:child_process';

/** An engine that runs beside the host, on loopback. */
export interface Engine {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
  /** kill -9: nobody is told, what it holds in memory is gone. */
  readonly kill: () => Promise<void>;
}

const READY_MS = 20_000;

/**
 * Runs a server from a package in a process of its own, and resolves when it writes its first line. `program` finds its
 * `options` as JSON in its arguments. It ends with the process that holds its standard input, however that ended.
 */
export async function runServer(
  name: string,
  program: string,
  options: object,
): Promise<Pick<Engine, 'stop' | 'kill'>> {
  const source = `process.stdin.resume().on('end', () => process.exit());\n${program}`;
  const server = spawn(process.execPath, ['-e', source, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let errors = '';
  server.stderr.on('data', (part: Buffer) => (errors = `${errors}${part.toString()}`.slice(-2_000)));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      server.kill('SIGKILL');
      reject(new Error(`${name} was not ready within ${READY_MS / 1_000} s: ${errors}`));
    }, READY_MS);
    void ended.then(() => {
      clearTimeout(late);
      reject(new Error(`${name} ended before it was ready: ${errors}`));
    });
    server.stdout.once('data', () => {
      clearTimeout(late);
      resolve();
    });
  });
  const endBy = (signal: 'SIGTERM' | 'SIGKILL') => async (): Promise<void> => {
    server.kill(signal);
    await ended;
  };
  return { stop: endBy('SIGTERM'), kill: endBy('SIGKILL') };
}
