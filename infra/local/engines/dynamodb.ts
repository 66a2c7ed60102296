import { freePort } from './free-port';
import type { Engine } from './node-server';
import { runServer } from './node-server';

const PROGRAM = `
  const { port, module, ...options } = JSON.parse(process.argv[1]);
  require(module)(options).listen(port, '127.0.0.1', () => console.log('ready'));
`;

/** Starts dynalite, a server of the DynamoDB API. With a folder what is stored survives a restart. */
export async function startDynamoDb({ folder, port }: { folder?: string; port?: number } = {}): Promise<Engine> {
  const at = port ?? (await freePort());
  const { stop, kill } = await runServer('the DynamoDB server (dynalite)', PROGRAM, {
    ...{ port: at, module: require.resolve('dynalite') },
    ...{ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(folder !== undefined && { path: folder }) },
  });
  return { endpoint: `http://127.0.0.1:${at}`, stop, kill };
}
