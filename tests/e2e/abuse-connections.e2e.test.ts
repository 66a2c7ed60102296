import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { until } from '../../infra/local/demo/api';
import { CONNECTIONS_MAX } from '../../infra/local/host/http-server';
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

const MB = 1024 * 1024;
const RESIDENT_BYTES_MAX = 400 * MB;

/** What 4,000 connections may take: 20 KB each. */
const OF_CONNECTIONS_BYTES_MAX = 80 * MB;

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

/** Resolves when the system has made the connection, whether or not the host keeps it; throws where there is none. */
function open(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(world.hostUrl), '127.0.0.1');
    let text = '';
    socket.on('data', (part) => (text += part.toString('latin1')));
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    // Resets of what was connected are what this is about; of what was not, nothing is left to reject.
    socket.on('error', reject);
    socket.once('connect', () => resolve({ socket, closed, answer: () => text }));
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

interface Metrics {
  readonly connections: number;
  readonly residentBytes: number;
}

const residentBytes = async (): Promise<number> => (await world.host.get<Metrics>('/metrics')).residentBytes;

/** A client with a connection of its own that it keeps, as a browser or a platform does. */
class Regular {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly ports = new Set<number | undefined>();
  slowestMs = 0;

  /** Throws unless it is answered, over the connection that it has had from the beginning. */
  metrics(): Promise<Metrics> {
    const askedAtMs = performance.now();
    return new Promise((resolve, reject) => {
      const request = get(`${world.hostUrl}/metrics`, { agent: this.agent }, (response) => {
        this.ports.add(response.socket.localPort);
        if (this.ports.size > 1) reject(new Error('its connection was closed'));
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => {
          this.slowestMs = Math.max(this.slowestMs, performance.now() - askedAtMs);
          resolve(JSON.parse(text) as Metrics);
        });
      });
      request.once('error', reject);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Resolves when all are closed; says how many are not where that takes too long. */
async function allClosed(lines: readonly Line[], withinMs: number): Promise<void> {
  let left = lines.length;
  for (const { closed } of lines) void closed.then(() => (left -= 1));
  await until('the host closes what says nothing', withinMs, async () => left === 0).catch((error: unknown) => {
    throw new Error(`${left} of ${lines.length} are still open`, { cause: error });
  });
}

it(`of ${CONNECTIONS} connections that say nothing, or a part of a request, ${CONNECTIONS_MAX} are held and cut off, the rest turned away; who was there before is served all along, and who comes then`, async () => {
  const regular = new Regular();
  const before = await regular.metrics();
  const start = 'GET /api/status HTTP/1.1\r\nhost: a\r\n';
  const opening = openMany(CONNECTIONS, ({ socket }, i) => i % 2 === 0 || socket.write(start.slice(0, i % 30)));
  const peak = { connections: 0, residentBytes: 0 };
  const note = ({ connections, residentBytes: bytes }: Metrics): void => {
    peak.connections = Math.max(peak.connections, connections);
    peak.residentBytes = Math.max(peak.residentBytes, bytes);
  };
  await until('all places are taken', 20_000, async () => {
    note(await regular.metrics());
    return peak.connections >= CONNECTIONS_MAX;
  });
  const fullAtMs = performance.now();
  // While they are, a newcomer is closed without a word.
  await until('a newcomer is turned away', 5_000, async () => {
    const { status } = await exchange(portOf(world.hostUrl), requestBytes({ method: 'GET', target: '/healthz' }));
    note(await regular.metrics());
    return status === 0;
  });
  const lines = await opening;
  expect(lines.length).toBe(CONNECTIONS);
  note(await regular.metrics());
  await until('a newcomer is served', HEADERS_CUT_MS, isWell);
  const waitedMs = performance.now() - fullAtMs;
  await allClosed(lines, HEADERS_CUT_MS);
  const heldTillCut = lines.filter((line) => line.answer().startsWith('HTTP/1.1 408 ')).length;
  const turnedAway = lines.filter((line) => line.answer() === '').length;
  const after = await regular.metrics();
  const mb = [before, peak, after].map(({ residentBytes: bytes }) => Math.round(bytes / MB)).join(', ');
  const shown = `held ${heldTillCut}, at once ${peak.connections}, turned away ${turnedAway}; resident ${mb} MB`;
  process.stdout.write(
    `${shown}; a newcomer waited ${Math.round(waitedMs)} ms, the regular client ${Math.round(regular.slowestMs)} ms\n`,
  );
  expect(peak.connections).toBe(CONNECTIONS_MAX);
  // One place is the regular client's; the others are free again and again where opening takes longer than the host waits.
  expect(heldTillCut).toBeGreaterThanOrEqual(CONNECTIONS_MAX - 10);
  expect(heldTillCut + turnedAway).toBe(CONNECTIONS);
  expect(peak.residentBytes).toBeLessThan(RESIDENT_BYTES_MAX);
  expect(peak.residentBytes - before.residentBytes).toBeLessThan(OF_CONNECTIONS_BYTES_MAX);
  expect(after.residentBytes - before.residentBytes).toBeLessThan(OF_CONNECTIONS_BYTES_MAX);
  // As at the start, but for who has just asked.
  expect(after.connections).toBeLessThan(before.connections + 5);
  expect(regular.slowestMs).toBeLessThan(5_000);
  regular.close();
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
