import fc from 'fast-check';
import { HEADERS, HOSTILE_PARTS, OTHER_METHODS } from './fuzz-hostile';
import { bytesOf, junk, mutated } from './fuzz-json';
import type { RawRequest } from './fuzz-http';
import type { Schema } from './fuzz-schema';
import { valueOf } from './fuzz-schema';
import type { Words } from './fuzz-words';
import { PERSONAL_PARTS, wordsOf } from './fuzz-words';

/** One address of the API, as its OpenAPI document has it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  /** Those of the query that must be there. */
  readonly required?: readonly string[];
  readonly body: Schema | undefined;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export function routesOf({ paths }: OpenApi): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const asked = parameters.filter((parameter) => parameter.in === 'query');
      return {
        ...{ method: method.toUpperCase(), path, query: asked.map(({ name }) => name) },
        required: asked.filter(({ required }) => required).map(({ name }) => name),
        body: requestBody?.content['application/json'].schema,
      };
    }),
  );
}

/** A person's browser that is logged in. */
export interface LiveSession {
  /** The header. */
  readonly cookie: string;
  readonly csrfToken: string;
}

/** Who asks and what for, so that some requests get through to the end. */
export interface FuzzPool {
  /** Tokens that are known; the first may do everything. */
  readonly tokens: readonly string[];
  readonly session: LiveSession;
  readonly words: Words;
}

/** Requests to one address: from such as are right but for one thing, to such as are nothing but junk. */
export function requestsTo(route: Route, pool: FuzzPool): fc.Arbitrary<RawRequest> {
  const hostile = fc.constantFrom(...HOSTILE_PARTS);
  // What only reads may be asked for in any words; what saves would make them the name of a document.
  const parts =
    route.method === 'GET' ? fc.oneof({ weight: 2, arbitrary: hostile }, fc.constantFrom(...PERSONAL_PARTS)) : hostile;
  return fc.record({
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant(route.method) },
      { weight: 1, arbitrary: fc.constantFrom(...OTHER_METHODS) },
    ),
    target: fc.tuple(pathsOf(route.path, pool.words, parts), queriesOf(route.query, pool.words)).map((t) => t.join('')),
    headers: fc.tuple(credentials(pool), fc.constantFrom(...HEADERS)).map(([a, b]) => ({ ...b, ...a })),
    body: bodiesOf(route.body, pool.words),
  });
}

/** Requests to one address in which nothing is wrong, as far as its schema says. */
export function rightRequestsTo(route: Route, { tokens, session, words: all }: FuzzPool): fc.Arbitrary<RawRequest> {
  const words = { ...all, fitting: true };
  const query = route.required?.length ? `?${route.required.map((name) => `${name}=1`).join('&')}` : '';
  const allowed = [{ authorization: `Bearer ${tokens[0] ?? ''}` }, withToken(session)];
  return fc.record({
    method: fc.constant(route.method),
    target: filled(route.path, words).map((path) => path + query),
    headers: fc.constantFrom<Readonly<Record<string, string>>>(...allowed),
    body: route.body
      ? valueOf(route.body, words).map((value) => Buffer.from(JSON.stringify(value)))
      : fc.constant(Buffer.alloc(0)),
  });
}

const withToken = ({ cookie, csrfToken }: LiveSession): Readonly<Record<string, string>> => ({
  ...{ cookie, 'x-csrf-token': csrfToken },
});

/** A path with the parts that it leaves open. */
function filled(path: string, words: Words, spoilt?: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(({ 1: name = '', index }) =>
    // `/api/skus/{id}`: the words of `skus`; so `quarantine` in `/api/quarantine/{shopId}/{id}`.
    name === 'id' ? (/.*\/(\w[\w-]*)\//.exec(path.slice(0, index))?.[1] ?? '') : name,
  );
  const any = fc.constantFrom(...words.ids);
  const partOf = (name: string): fc.Arbitrary<string> => {
    const right = (wordsOf(words, name) ?? any).map(encodeURIComponent);
    return spoilt ? fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: spoilt }) : right;
  };
  return fc
    .tuple(...names.map(partOf))
    .map((parts) => parts.reduce((text, part) => text.replace(/\{[^}]+\}/, () => part), path));
}

function pathsOf(path: string, words: Words, spoilt: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const whole = filled(path, words, spoilt);
  const longer = fc.tuple(whole, fc.constantFrom(...HOSTILE_PARTS)).map((parts) => parts.join('/'));
  // Not behind a path that may end in a dot: what is saved there would have a person's name.
  const nowhere = fc
    .tuple(fc.constantFrom('', '/assets', '/api/nothing', '/api/orders.json'), fc.constantFrom(...PERSONAL_PARTS))
    .map((parts) => parts.join('/'));
  return fc.oneof(
    { weight: 19, arbitrary: whole },
    { weight: 1, arbitrary: longer },
    { weight: 1, arbitrary: nowhere },
  );
}

function queriesOf(names: readonly string[], words: Words): fc.Arbitrary<string> {
  const part = fc.constantFrom(...words.ids.map(encodeURIComponent), ...HOSTILE_PARTS, ...PERSONAL_PARTS);
  const known = names.length > 0 ? fc.constantFrom(...names) : fc.constant('q');
  const name = fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: part });
  const personal = fc.constantFrom(...PERSONAL_PARTS);
  const values = fc.oneof(part, personal, fc.constantFrom('1', '200', 'true', 'audited'));
  return fc
    .array(fc.tuple(name, values), { maxLength: 4 })
    .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`));
}

/** By a program's token, by a browser's cookie with and without the token that only our own page has, and by neither. */
function credentials({ tokens, session }: FuzzPool): fc.Arbitrary<Readonly<Record<string, string>>> {
  const program = fc.constantFrom(...tokens).map((token) => ({ authorization: `Bearer ${token}` }));
  const other = fc.constantFrom('Bearer', 'Bearer ', 'Basic eDp5', 'Bearer \u00ff', `Bearer ${'t'.repeat(4_000)}`);
  const page = withToken(session);
  const { cookie } = session;
  const forged = fc.constantFrom<Readonly<Record<string, string>>>(
    ...[{ cookie }, { cookie }, { cookie, 'x-csrf-token': '' }, { cookie, 'x-csrf-token': 'f'.repeat(64) }],
    ...[
      { ...page, origin: 'http://elsewhere.example' },
      { ...page, 'sec-fetch-site': 'cross-site' },
    ],
    ...[
      { ...page, cookie: cookie.slice(0, -1) },
      { ...page, cookie: `${cookie}; ${cookie}x` },
    ],
  );
  return fc.oneof(
    { weight: 8, arbitrary: program.map((header): Readonly<Record<string, string>> => header) },
    { weight: 5, arbitrary: fc.constant(page) },
    { weight: 3, arbitrary: forged },
    { weight: 2, arbitrary: other.map((authorization) => ({ authorization })) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
}

function bodiesOf(schema: Schema | undefined, words: Words): fc.Arbitrary<Buffer> {
  if (!schema)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(Buffer.alloc(0)) }, { weight: 1, arbitrary: bytesOf(junk) });
  const right = valueOf(schema, words);
  return fc.oneof(
    { weight: 4, arbitrary: right.map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 5, arbitrary: bytesOf(right.chain(mutated)) },
    { weight: 1, arbitrary: bytesOf(junk) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}
