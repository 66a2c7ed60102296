import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Server } from 'node:http';
import { AWS_SHAPES } from '../../infra/local/host/cloud-shapes';
import { functionServer } from '../../infra/local/host/http-server';

// The local host's server alone, with a function that says what the test wants.

/** More than the buffers of both ends of a connection on this machine hold. */
const ANSWER_BYTES = 32 * 1024 * 1024;
const SILENT_MS = 300;

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(body: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const handler = async (): Promise<unknown> => ({ statusCode: 200, headers, body, isBase64Encoded: false });
  server = functionServer(
    () => ({ name: 'f', handler }),
    AWS_SHAPES,
    async () => undefined,
    { silentMs: SILENT_MS },
  );
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

/** The host's end of the next connection. */
const nextConnection = (): Promise<Socket> =>
  new Promise((resolve) => server?.once('connection', (socket: Socket) => resolve(socket)));

it('a client that asks for much and reads nothing of it is cut off, and its answer is no longer held', async () => {
  const port = await listen('x'.repeat(ANSWER_BYTES));
  const accepted = nextConnection();
  const client = connect(port, '127.0.0.1');
  client.on('error', () => undefined);
  client.pause();
  client.write('GET /big HTTP/1.1\r\nhost: a\r\n\r\n');
  const socket = await accepted;
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  await new Promise((later) => setTimeout(later, SILENT_MS / 2));
  // What the client's end has not taken waits here.
  expect(socket.writableLength).toBeGreaterThan(1024 * 1024);
  await closed;
  expect(socket.writableLength).toBe(0);
  client.destroy();
}, 10_000);

it('a client that reads, however slowly, gets all of its answer', async () => {
  const port = await listen('x'.repeat(ANSWER_BYTES));
  const client = connect(port, '127.0.0.1');
  client.write('GET /big HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  let bytes = 0;
  let pauses = 0;
  client.on('data', (part) => {
    bytes += part.length;
    if (bytes < (pauses + 1) * (ANSWER_BYTES / 8)) return;
    pauses += 1;
    client.pause();
    setTimeout(() => client.resume(), SILENT_MS / 3);
  });
  await new Promise((ended) => client.once('close', ended));
  // Eight pauses of a third: in all more than the time that is too long at once.
  expect(pauses).toBeGreaterThanOrEqual(8);
  expect(bytes).toBeGreaterThan(ANSWER_BYTES);
}, 20_000);

it('HEAD is answered with the headers of GET, and with no length, which is not known', async () => {
  const port = await listen('a body', { 'content-type': 'text/plain' });
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain']);
  expect([answer.headers.get('content-length'), await answer.text()]).toEqual([null, '']);
});
