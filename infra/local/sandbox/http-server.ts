import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export type HttpReply =
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly body: string }
  | { readonly kind: 'hold' };

const BODY_BYTES_MAX = 2 * 1_024 * 1_024;
/** A call that is held is dropped after this: longer than any caller waits. */
const HOLD_MS = 30_000;

/** Listens on the loopback interface only; port 0 takes a free one. */
export async function listen(
  port: number,
  answer: (request: HttpRequest) => Promise<HttpReply>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => void serve(incoming, response, answer));
  // Longer than callers keep idle connections, so that they, not we, close them: no call meets a closing socket.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${actualPort}`, close: () => stop(server) };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: HttpRequest) => Promise<HttpReply>,
): Promise<void> {
  try {
    const body = await readBody(incoming);
    if (body === undefined) {
      send(response, { kind: 'answer', status: 413, type: 'text/plain', body: 'too large' });
      return;
    }
    const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
    const reply = await answer({ method: incoming.method ?? 'GET', path, query: new URLSearchParams(query), body });
    if (reply.kind === 'answer') send(response, reply);
    else setTimeout(() => incoming.socket.destroy(), HOLD_MS).unref();
  } catch (error) {
    // A caller that went away while sending is no fault of ours; anything else is a bug and must be seen.
    if (incoming.errored !== null) return;
    process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    send(response, { kind: 'answer', status: 500, type: 'text/plain', body: 'sandbox failed, see its log' });
  }
}

/** undefined when the body is larger than anything a caller has reason to send. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of incoming) {
    pieces.push(piece as Buffer);
    bytes += (piece as Buffer).length;
    if (bytes > BODY_BYTES_MAX) return undefined;
  }
  return Buffer.concat(pieces).toString('utf8');
}

function send(response: ServerResponse, reply: HttpReply & { kind: 'answer' }): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, {
    'content-type': `${reply.type}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/** Open connections, held ones above all, are cut: nobody waits for a sandbox that goes away. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
