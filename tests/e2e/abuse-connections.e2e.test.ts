import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { until } from '../../infra/local/demo/api';
import { exchange, portOf, requestBytes } from '../support/fuzz-http';
import { ScannedLog } from '../support/fuzz-log';
import { LocalWorld } from './local-world';
import { send } from './raw-http';

// Clients that open connections and say nothing, say it slowly, or say too much of it at once.

const CONNECTIONS = 10_000;

/** So many at once: a listening queue is 511 long. */
const BATCH = 250;

/** The host's own limits (infra/local/host/http-server.ts), and time for a machine that is busy. */
const HEADERS_CUT_MS = 5_000 + 15_000;
const REQUEST_CUT_MS = 15_000 + 15_000;

const RESIDENT_BYTES_MAX = 400 * 1024 * 1024;

let world: LocalWorld;
const log = new ScannedLog();

beforeAll(async () => {
  world = await LocalWorld.start({ settings: { YIPAN_LOG_LEVEL: 'info' }, onHostLine: log.take });
}, 60_000);

afterAll(() => world.close());

interface Line {
  readonly socket: Socket;
  /** Resolves when the connection is closed, from whichever side. */
  readonly closed: Promise<void>;
  readonly answer: () => string;
}

function open(): Promise<Line> {
  return new Promise((resolve) => {
    const socket = connect(portOf(world.hostUrl), '127.0.0.1');
    let text = '';
    socket.on('data', (part) => (text += part.toString('latin1')));
    // Resets are what this is about.
    socket.on('error', () => undefined);
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    const line = { socket, closed, answer: () => text };
    socket.once('connect', () => resolve(line));
    void closed.then(() => resolve(line));
  });
}

async function openMany(count: number, first: (line: Line, i: number) => void): Promise<Line[]> {
  const lines: Line[] = [];
  while (lines.length < count) {
    const batch = await Promise.all(Array.from({ length: Math.min(BATCH, count - lines.length) }, open));
    batch.forEach((line, i) => first(line, lines.length + i));
    lines.push(...batch);
  }
  return lines;
}

const isWell = async (): Promise<boolean> => {
  const answer = await send('GET', `${world.hostUrl}/healthz`).catch(() => undefined);
  return answer?.status === 200;
};

const residentBytes = async (): Promise<number> =>
  (await world.host.get<{ residentBytes: number }>('/metrics')).residentBytes;

/** Resolves when all are closed; says how many are not where that takes too long. */
async function allClosed(lines: readonly Line[], withinMs: number): Promise<void> {
  let left = lines.length;
  for (const { closed } of lines) void closed.then(() => (left -= 1));
  await until('the host closes what says nothing', withinMs, async () => left === 0).catch((error: unknown) => {
    throw new Error(`${left} of ${lines.length} are still open`, { cause: error });
  });
}

it(`${CONNECTIONS} connections, of which half say nothing and half a part of a request, are closed; then all is well`, async () => {
  const start = 'GET /api/status HTTP/1.1\r\nhost: a\r\n';
  const lines = await openMany(CONNECTIONS, ({ socket }, i) => i % 2 === 0 || socket.write(start.slice(0, i % 30)));
  await allClosed(lines, HEADERS_CUT_MS);
  await until('the host answers', 10_000, isWell);
  const bytes = await residentBytes();
  process.stdout.write(`resident after ${CONNECTIONS} connections: ${Math.round(bytes / 1024 / 1024)} MB\n`);
  expect(bytes).toBeLessThan(RESIDENT_BYTES_MAX);
}, 90_000);

it('clients that send a byte now and then are cut off, in the headers and in the body, while others are served', async () => {
  const lines = await openMany(200, ({ socket }, i) => {
    const request = requestBytes({ method: 'POST', target: '/api/skus', body: Buffer.alloc(1_000, ' ') });
    const said = i % 2 === 0 ? 20 : request.length - 1_000;
    socket.write(request.subarray(0, said));
    let at = said;
    const drip = setInterval(() => {
      if (socket.writable) socket.write(request.subarray(at, ++at));
    }, 400);
    socket.once('close', () => clearInterval(drip));
  });
  expect(await isWell()).toBe(true);
  await allClosed(lines, REQUEST_CUT_MS);
  const statuses = new Set(lines.map((line) => /^HTTP\/1\.1 (\d+)/.exec(line.answer())?.[1] ?? 'none'));
  expect([...statuses]).toEqual(['408']);
}, 60_000);

it('bodies of more than the host has room for at once are answered with 503, and small ones are served again', async () => {
  const bytes = requestBytes({
    ...{ method: 'POST', target: `/webhooks/doudian/nobody`, body: Buffer.alloc(5_900_000, ' ') },
  });
  // All but the last byte: the host holds them, and waits.
  const lines = await openMany(40, ({ socket }) => socket.write(bytes.subarray(0, -1)));
  await Promise.all(lines.map(({ socket }) => until('it is sent', 15_000, async () => socket.writableLength === 0)));
  const held = await residentBytes();
  for (const { socket } of lines) socket.write(bytes.subarray(-1));
  await Promise.all(lines.map(({ closed }) => closed));
  const statuses = lines.map((line) => /^HTTP\/1\.1 (\d+)/.exec(line.answer())?.[1] ?? 'none');
  // 60 MB hold ten of them, and who is heard out makes room; 413 is what this address says to such a length.
  expect(new Set(statuses)).toEqual(new Set(['413', '503']));
  expect(statuses.filter((status) => status === '503').length).toBeGreaterThanOrEqual(20);
  expect(lines.some((line) => line.answer().includes('"HOST_BUSY"'))).toBe(true);
  process.stdout.write(`resident with 40 bodies of 5.9 MB on their way: ${Math.round(held / 1024 / 1024)} MB\n`);
  expect(held).toBeLessThan(RESIDENT_BYTES_MAX);
  const again = await exchange(portOf(world.hostUrl), bytes);
  expect(again.status).toBe(413);
}, 60_000);

it('a client that hangs up in the middle of its request is no fault of ours', async () => {
  const request = requestBytes({ method: 'POST', target: '/api/skus', body: Buffer.alloc(100_000, ' ') });
  const lines = await openMany(200, ({ socket }, i) => {
    socket.write(request.subarray(0, 90 + i * 300));
    socket.resetAndDestroy();
  });
  await allClosed(lines, 10_000);
  expect(await isWell()).toBe(true);
  await world.stopHost();
  expect(log.faults()).toEqual([]);
}, 30_000);
