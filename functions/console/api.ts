import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import type { Role } from '../../shared/domain/user/user';
import type { Actor } from '../../shared/domain/kernel/log-line';
import { AppError } from '../../shared/errors';
import type { Caller } from '../../shared/platform/authenticate';
import { actorOf, authenticate, whoCalls } from '../../shared/platform/authenticate';
import type { Run } from '../../shared/platform/define-function';
import type { HttpRequest } from '../../shared/platform/http';
import { errorBody } from '../../shared/platform/http';
import { ErrorAnswer } from './schema/common';

/** The API as one Hono app; each request carries the run that it is answered in. */
export type ConsoleApp = OpenAPIHono<{ Bindings: { run: Run } }>;

/** What a route's code gets: parsed input, the run, and who asks. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly run: Run;
  readonly headers: Readonly<Record<string, string>>;
  readonly user: Caller;
  readonly actor: Actor;
}

/** What the code of a route gets that is open to everybody. */
export interface OpenCall<P, Q, B> extends Omit<Call<P, Q, B>, 'user' | 'actor'> {
  /** Who it is, where they have come with a session or a token. */
  readonly user: Caller | undefined;
}

/** An answer that is more than its body: with headers, such as a cookie or where to go on. */
export class Reply<T> {
  constructor(
    readonly body: T,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

/** Menus of the console: routes stand under these in the API's document. */
export type Tag = '运营中心' | '策略中心' | '库存中心' | '接口中心' | '订单中心' | '基础资料' | '系统';

/** What a route answers by its schema; the domain's own types are read-only, and fit. */
type Answer<T> = T extends readonly (infer E)[]
  ? readonly Answer<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Answer<T[K]> }
    : T;

interface RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  /** Lowest role that may call it. */
  readonly role: Role;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** What it answers: named schemas, so that programs get types for it. Only a redirect has none. */
  readonly returns?: R;
  /** Menu of the console that it belongs to. */
  readonly tag: Tag;
  /** Status of a success; 200 if not given. */
  readonly status?: 200 | 201 | 302;
  /** Also for those who must replace their one-time password first. */
  readonly evenOneTime?: boolean;
}

type Answered<R extends z.ZodType> = Promise<Answer<z.infer<R>> | Reply<Answer<z.infer<R>>>>;

/** Adds one route: role, input schemas and OpenAPI entry from one description. */
export function addRoute<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodUnknown,
  R extends z.ZodType = z.ZodUnknown,
>(
  app: ConsoleApp,
  spec: RouteSpec<P, Q, B, R>,
  answer: (call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>) => Answered<R>,
): void {
  describeAndRoute(app, spec, async (call, request) => {
    const user = await authenticate(call.run, request, spec.role, { evenOneTime: spec.evenOneTime ?? false });
    return async (input) => answer({ ...call, ...input, user, actor: actorOf(user) });
  });
}

/** Adds a route that everybody may call, such as the login; its `x-role` is `anyone`. It guards itself where it must. */
export function addOpenRoute<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodUnknown,
  R extends z.ZodType = z.ZodUnknown,
>(
  app: ConsoleApp,
  spec: Omit<RouteSpec<P, Q, B, R>, 'role' | 'evenOneTime'>,
  answer: (call: OpenCall<z.infer<P>, z.infer<Q>, z.infer<B>>) => Answered<R>,
): void {
  describeAndRoute(app, { ...spec, role: 'anyone' }, async (call, request) => {
    const user = await whoCalls(call.run, request);
    return async (input) => answer({ ...call, ...input, user });
  });
}

type Input<P, Q, B> = Pick<Call<P, Q, B>, 'params' | 'query' | 'body'>;

/** Describes a route for OpenAPI and routes to it; `admit` looks at who calls, before a byte of the body is read. */
function describeAndRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  app: ConsoleApp,
  spec: Omit<RouteSpec<P, Q, B, R>, 'role'> & { readonly role: Role | 'anyone' },
  admit: (
    call: Pick<Call<unknown, unknown, unknown>, 'run' | 'headers'>,
    request: Pick<HttpRequest, 'method' | 'headers'>,
  ) => Promise<(input: Input<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<unknown>>,
): void {
  const status = spec.status ?? 200;
  const route = createRoute({
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    operationId: operationIdOf(spec.method, spec.path),
    tags: [spec.tag],
    security: spec.role === 'anyone' ? [] : [{ bearer: [] }, { session: [] }],
    'x-role': spec.role,
    request: {
      ...(spec.params && { params: spec.params }),
      ...(spec.query && { query: spec.query }),
      ...(spec.body && { body: { required: true, content: { 'application/json': { schema: spec.body } } } }),
    },
    responses: {
      [status]: spec.returns
        ? { description: 'OK', content: { 'application/json': { schema: spec.returns } } }
        : { description: 'goes on at another address' },
      ...errorAnswers(spec),
    },
  });
  // Described for OpenAPI, routed by ourselves: the role is checked before a byte of the body is read.
  app.openAPIRegistry.registerPath(route);
  app.on(spec.method.toUpperCase(), route.getRoutingPath(), async (c) => {
    const { run } = c.env;
    const headers = headersOf(c.req.raw.headers);
    const answer = await admit({ run, headers }, { method: c.req.method, headers });
    const answered = await answer({
      params: await parse(spec.params, c.req.param()),
      query: await parse(spec.query, c.req.query()),
      body: await parse(spec.body, spec.body ? await readJson(c.req.raw) : {}),
    } as Input<z.infer<P>, z.infer<Q>, z.infer<B>>);
    if (answered instanceof Reply) return c.json(answered.body as object, status, { ...answered.headers });
    return c.json(answered as object, status);
  });
}

/** `PUT /api/ratio-strategies/{id}` is `putRatioStrategiesById`: no two routes share it, and it stays with the route. */
function operationIdOf(method: string, path: string): string {
  const words = path.replace(/^\/api\//, '').split(/[/-]/);
  const named = words.map((word) => word.replace(/^\{(.+)\}$/, 'by-$1'));
  return method + named.map((word) => word.split('-').map(capital).join('')).join('');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const REFUSALS = {
  400: 'the request does not match its schema',
  401: 'nobody is logged in, or the token is none of ours',
  403: 'the role does not allow it, or the request is not from our own page',
  404: 'no such thing',
  409: 'somebody else was first, or its status does not allow it',
  413: 'the body is too large',
  422: 'what it names does not exist, or does not allow it; facts say which',
  429: 'too often: come again later',
  500: 'our fault; the request id finds it in the log',
  502: 'the platform refuses the call',
  503: 'something that it needs does not answer: come again later',
} as const;

/** Statuses of refusals that every route can have; those that write can have all. */
const READING = new Set(['400', '401', '403', '404', '422', '429', '500', '503']);

/** Every refusal has one shape. */
function errorAnswers({ method }: { method: string }) {
  return Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => method !== 'get' || READING.has(status))
      .map(([status, description]) => [
        status,
        { description, content: { 'application/json': { schema: ErrorAnswer } } },
      ]),
  );
}

/** The app with its error answers: every refusal is a coded body in both languages. */
export function newApp(): ConsoleApp {
  const app: ConsoleApp = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'for programs: a token of the settings',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'yipan_session',
    description: 'for people; unsafe methods also need the header x-csrf-token. By TLS its name begins with __Host-',
  });
  app.onError((error, c) => {
    const { run } = c.env;
    if (error instanceof AppError && error.status < 500)
      return c.json(errorBody(error, run.requestId), error.status as 400, retryAfter(error));
    throw error;
  });
  app.notFound((c) =>
    c.json(errorBody(new AppError('NOT_FOUND', { method: c.req.method, path: c.req.path }), c.env.run.requestId), 404),
  );
  return app;
}

/** How long to wait, where the error knows it. */
function retryAfter({ facts }: AppError): Record<string, string> {
  const seconds = facts['retryAfterS'];
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {};
}

async function parse(schema: z.ZodType | undefined, value: unknown): Promise<unknown> {
  if (!schema) return {};
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_INPUT', {
    problems: parsed.error.issues.map((issue) => `${issue.path.join('.') || '(body)'}: ${issue.message}`),
  });
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    throw new AppError('BAD_JSON', {}, { cause: error });
  }
}

function headersOf(headers: Headers): Record<string, string> {
  const plain: Record<string, string> = {};
  headers.forEach((value, name) => {
    plain[name] = value;
  });
  return plain;
}

export { Id, Title, Version } from './schema/common';
export { z };
