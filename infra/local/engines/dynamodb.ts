import { spawn } from 'node:child_process';
import { freePort } from './free-port';

/** An engine that runs beside the host, on loopback. */
export interface Engine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const READY_MS = 20_000;

/** The server in a process of its own, which ends with the one that holds its standard input. */
const PROGRAM = `
  const { port, ...options } = JSON.parse(process.argv[1]);
  process.stdin.resume().on('end', () => process.exit());
  require(options.dynalite)(options).listen(port, '127.0.0.1', () => console.log('ready'));
`;

/** Starts dynalite, a server of the DynamoDB API. With a folder what is stored survives a restart. */
export async function startDynamoDb({ folder, port }: { folder?: string; port?: number } = {}): Promise<Engine> {
  const options = {
    ...{ port: port ?? (await freePort()), dynalite: require.resolve('dynalite') },
    ...{ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(folder !== undefined && { path: folder }) },
  };
  const server = spawn(process.execPath, ['-e', PROGRAM, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let errors = '';
  server.stderr.on('data', (part: Buffer) => (errors = `${errors}${part.toString()}`.slice(-2_000)));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      server.kill('SIGKILL');
      reject(new Error(`the DynamoDB server (dynalite) was not ready within ${READY_MS / 1_000} s: ${errors}`));
    }, READY_MS);
    void ended.then(() => {
      clearTimeout(late);
      reject(new Error(`the DynamoDB server (dynalite) ended before it was ready: ${errors}`));
    });
    server.stdout.once('data', () => {
      clearTimeout(late);
      resolve();
    });
  });
  return {
    endpoint: `http://127.0.0.1:${options.port}`,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
}
