import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { declaredRoutes, nameOf } from '../support/declared-routes';
import { deepJson } from '../support/deep-json';
import type { RawAnswer, RawRequest } from '../support/fuzz-http';
import { exchange, objection, portOf, requestBytes } from '../support/fuzz-http';
import { ScannedLog } from '../support/fuzz-log';
import type { Route } from '../support/fuzz-request';
import { LocalWorld } from './local-world';
import { signed } from './raw-http';

// JSON that is deeper than any program of ours would write it: what walks through a value by calling itself ends a process that
// has no stack left, or its request with a fault. JSON.stringify cannot make it, so that it is written by hand.

const KB = 1024;

/** The largest bodies: of a push, of the API, and of what the host lets through at all. */
const [PUSH_BYTES, API_BYTES, HOST_BYTES] = [256 * KB, KB * KB, 6 * KB * KB];

const log = new ScannedLog();
let world: LocalWorld;
let routes: readonly Route[];

beforeAll(async () => {
  world = await LocalWorld.start({ settings: { YIPAN_LOG_LEVEL: 'info' }, onHostLine: log.take });
  routes = (await declaredRoutes()).filter(({ body, path }) => body !== undefined && path.startsWith('/api/'));
}, 60_000);

afterAll(() => world.close());

async function send(request: RawRequest): Promise<RawAnswer> {
  const answer = await exchange(portOf(world.hostUrl), requestBytes(request));
  expect(objection(request, answer)).toBeUndefined();
  return answer;
}

/** To an address of the API, by who may do everything; parts of its path that are open are anything. */
async function ask({ method, path }: Route, text: string): Promise<number> {
  const authorization = `Bearer ${world.secrets.users[0]?.token ?? ''}`;
  const target = path.replace(/\{[^}]+\}/g, 'deep-1');
  const headers = { authorization, 'content-type': 'application/json' };
  return (await send({ method, target, headers, body: Buffer.from(text) })).status;
}

async function push(text: string): Promise<number> {
  const body = Buffer.from(text);
  const target = `/webhooks/doudian/${SAMPLE_SHOPS.doudian}`;
  return (await send({ method: 'POST', target, headers: signed(world, body), body })).status;
}

/** A push's body, with what its message says as JSON. */
const messageWith = (data: string): string => `[{"tag":"101","msg_id":"1","data":${data}}]`;

/** The body itself, and each member that the address knows. */
function bodiesFor({ body }: Route, bytes: number): string[] {
  const members = Object.keys(body?.properties ?? {});
  const within = members.flatMap((name) => deepJson(bytes - 100).map((deep) => `{"${name}":${deep}}`));
  return [...deepJson(bytes), ...within];
}

it('JSON as deep as the largest body is refused by each address that takes a body', async () => {
  expect(routes.length).toBeGreaterThan(20);
  for (const route of routes) {
    for (const text of [...bodiesFor(route, 64 * KB), ...deepJson(PUSH_BYTES), ...deepJson(API_BYTES)]) {
      const status = await ask(route, text);
      expect({ route: nameOf(route), text: text.slice(0, 40), refused: status >= 400 && status < 500 }).toMatchObject({
        refused: true,
      });
    }
    // What the host lets through is too much for a function; one byte more, for the host.
    const [, cutOff = ''] = deepJson(HOST_BYTES);
    expect([await ask(route, cutOff), await ask(route, `${cutOff}[`)]).toEqual([413, 413]);
  }
}, 240_000);

it('JSON as deep as the largest push, rightly signed, is set aside, and the platform is told so', async () => {
  for (const bytes of [10 * KB, PUSH_BYTES - 200]) {
    const texts = [
      ...deepJson(bytes).flatMap((deep) => [deep, `[${deep}]`, messageWith(deep)]),
      // Their quotes take a second byte each.
      ...deepJson(bytes / 2).map((deep) => messageWith(JSON.stringify(deep))),
    ];
    for (const text of texts) expect(await push(text)).toBe(200);
  }
  for (const bytes of [API_BYTES, HOST_BYTES]) {
    const [, cutOff = ''] = deepJson(bytes);
    expect(await push(cutOff)).toBe(413);
  }
}, 120_000);

it('and the same host answers as before, with no fault of its own in its log', async () => {
  expect((await exchange(portOf(world.hostUrl), requestBytes({ method: 'GET', target: '/healthz' }))).status).toBe(200);
  const { counts } = await world.host.get<{ counts: Readonly<Record<string, number>> }>('/metrics');
  expect(counts['ingestion.quarantined']).toBeGreaterThan(10);
  expect(log.size).toBeGreaterThan(20);
  expect(log.faults()).toEqual([]);
  await world.stopHost();
});
