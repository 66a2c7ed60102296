import { PERSONAL_IN_LATIN1, PERSONAL_PARTS } from './fuzz-words';

/** Parts of a path or a query, as they stand on the wire. */
export const HOSTILE_PARTS: readonly string[] = [
  ...['%00', '%ff', '%zz', '%', '%F0%9F%98%80', '..%2f..%2f', '.', '..', '__proto__', 'constructor', "'", '%23'],
  ...['%0d%0a', '-1', '0', 'NaN', '1e9', '99999999999999999999', 'x'.repeat(3_000), '%E6%B1%89'.repeat(300)],
  ...['{id}', '*', '\u00ff'],
];

/** Where clients say something of people besides the address and the body. */
const PERSONAL_HEADERS = [...PERSONAL_PARTS, ...PERSONAL_IN_LATIN1].flatMap((text) => [
  ...[{ 'user-agent': `Phone of ${text}` }, { 'x-request-id': text }, { traceparent: `00-${text}-1-01` }],
  ...[{ referer: `http://localhost/orders?q=${text}` }, { 'x-forwarded-for': text, 'x-forwarded-proto': text }],
]);

/** None of Node's own: what a server does with those is Node's. */
export const HEADERS: readonly Readonly<Record<string, string>>[] = [
  ...Array.from({ length: 20 }, () => ({})),
  ...[{ 'content-type': 'text/plain' }, { 'content-type': '' }, { 'content-type': 'multipart/form-data' }],
  ...[{ 'content-encoding': 'gzip' }, { traceparent: '00-zz-1-1' }, { 'x-huge': 'h'.repeat(8_000) }],
  ...[{ host: '' }, { host: 'a b' }, { host: '[' }, { cookie: '\u00ff\u0080' }, { upgrade: 'websocket' }],
  ...[{ expect: '100-continue' }, { expect: 'x' }, { 'accept-encoding': 'br' }, { __proto__x: '1' }],
  ...[{ range: 'bytes=0-' }, ...PERSONAL_HEADERS],
];

export const OTHER_METHODS: readonly string[] = [
  ...['HEAD', 'OPTIONS', 'TRACE', 'DELETE', 'PATCH', 'PROPFIND', 'GET', 'POST', 'PUT', 'QUERY', 'LINK'],
];
