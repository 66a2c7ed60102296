import fc from 'fast-check';
import { bytesOf, junk, mutated } from './fuzz-json';
import type { RawRequest } from './fuzz-http';
import type { Schema } from './fuzz-schema';
import { valueOf } from './fuzz-schema';

/** One address of the API, as its OpenAPI document has it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body: Schema | undefined;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export function routesOf({ paths }: OpenApi): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      body: requestBody?.content['application/json'].schema,
    })),
  );
}

/** Who asks and what for, so that some requests get through to the end. */
export interface FuzzPool {
  /** Tokens that are known. */
  readonly tokens: readonly string[];
  /** Ids of documents that are there. */
  readonly ids: readonly string[];
}

/** Parts of a path or a query, as they stand on the wire. */
const HOSTILE_PARTS = [
  ...[
    '%00',
    '%ff',
    '%zz',
    '%',
    '%F0%9F%98%80',
    '..%2f..%2f',
    '.',
    '..',
    '__proto__',
    'constructor',
    "'",
    '%23',
    '%0d%0a',
  ],
  ...[
    '-1',
    '0',
    'NaN',
    '1e9',
    '99999999999999999999',
    'x'.repeat(3_000),
    '%E6%B1%89'.repeat(300),
    '{id}',
    '*',
    '\u00ff',
  ],
];

/** None of Node's own: what a server does with those is Node's. */
const HEADERS: readonly Readonly<Record<string, string>>[] = [
  ...[{}, {}, {}, {}],
  ...[{ 'content-type': 'text/plain' }, { 'content-type': '' }, { 'content-type': 'multipart/form-data' }],
  ...[{ 'content-encoding': 'gzip' }, { traceparent: '00-zz-1-1' }, { 'x-huge': 'h'.repeat(8_000) }],
  ...[{ host: '' }, { host: 'a b' }, { host: '[' }, { cookie: '\u00ff\u0080' }, { upgrade: 'websocket' }],
  ...[
    { expect: '100-continue' },
    { expect: 'x' },
    { 'accept-encoding': 'br' },
    { __proto__x: '1' },
    { range: 'bytes=0-' },
  ],
];

const OTHER_METHODS = [
  'HEAD',
  'OPTIONS',
  'TRACE',
  'DELETE',
  'PATCH',
  'PROPFIND',
  'GET',
  'POST',
  'PUT',
  'QUERY',
  'LINK',
];

/** Requests to one address: from such as are right but for one thing, to such as are nothing but junk. */
export function requestsTo(route: Route, pool: FuzzPool): fc.Arbitrary<RawRequest> {
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pool.ids.map(encodeURIComponent)) },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_PARTS) },
  );
  return fc.record({
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant(route.method) },
      { weight: 1, arbitrary: fc.constantFrom(...OTHER_METHODS) },
    ),
    target: fc.tuple(pathsOf(route.path, part), queriesOf(route.query, part)).map((texts) => texts.join('')),
    headers: fc.tuple(authorizations(pool.tokens), fc.constantFrom(...HEADERS)).map(([a, b]) => ({ ...a, ...b })),
    body: bodiesOf(route.body, pool.ids),
  });
}

function pathsOf(path: string, part: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const names = path.match(/\{[^}]+\}/g) ?? [];
  const filled = fc
    .tuple(...names.map(() => part))
    .map((parts) => names.reduce((text, name, i) => text.replace(name, () => parts[i] ?? ''), path));
  const spoilt = fc.tuple(filled, part).map(([text, more]) => `${text}/${more}`);
  return fc.oneof({ weight: 19, arbitrary: filled }, { weight: 1, arbitrary: spoilt });
}

function queriesOf(names: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const known = names.length > 0 ? fc.constantFrom(...names) : fc.constant('q');
  const name = fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: value });
  const values = fc.oneof(value, fc.constantFrom('1', '200', 'true', 'audited'));
  return fc
    .array(fc.tuple(name, values), { maxLength: 4 })
    .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`));
}

function authorizations(tokens: readonly string[]): fc.Arbitrary<Readonly<Record<string, string>>> {
  const known = fc.constantFrom(...tokens).map((token) => `Bearer ${token}`);
  const other = fc.constantFrom('Bearer', 'Bearer ', 'Basic eDp5', 'Bearer \u00ff', `Bearer ${'t'.repeat(4_000)}`);
  return fc.oneof(
    { weight: 12, arbitrary: known.map((authorization) => ({ authorization })) },
    { weight: 2, arbitrary: other.map((authorization) => ({ authorization })) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
}

function bodiesOf(schema: Schema | undefined, ids: readonly string[]): fc.Arbitrary<Buffer> {
  if (!schema)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(Buffer.alloc(0)) }, { weight: 1, arbitrary: bytesOf(junk) });
  const right = valueOf(schema, ids);
  return fc.oneof(
    { weight: 4, arbitrary: right.map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 5, arbitrary: bytesOf(right.chain(mutated)) },
    { weight: 1, arbitrary: bytesOf(junk) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}
