import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import type { ApiUser, Role } from '../../shared/config';
import type { Actor } from '../../shared/domain/kernel/log-line';
import { isKeyPart } from '../../shared/domain/kernel/ids';
import { AppError } from '../../shared/errors';
import { actorOf, authenticate } from '../../shared/platform/authenticate';
import type { Run } from '../../shared/platform/define-function';
import { errorBody } from '../../shared/platform/http';

/** The API as one Hono app; each request carries the run that it is answered in. */
export type ConsoleApp = OpenAPIHono<{ Bindings: { run: Run } }>;

/** What a route's code gets: parsed input, the run, and who asks. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly run: Run;
  readonly user: ApiUser;
  readonly actor: Actor;
}

interface RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  /** Lowest role that may call it. */
  readonly role: Role;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Status of a success; 200 if not given. */
  readonly status?: 200 | 201;
}

/** Adds one route: role, input schemas and OpenAPI entry from one description. */
export function addRoute<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodUnknown,
>(
  app: ConsoleApp,
  spec: RouteSpec<P, Q, B>,
  answer: (call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<unknown>,
): void {
  const status = spec.status ?? 200;
  const route = createRoute({
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    security: [{ bearer: [] }],
    'x-role': spec.role,
    request: {
      ...(spec.params && { params: spec.params }),
      ...(spec.query && { query: spec.query }),
      ...(spec.body && { body: { required: true, content: { 'application/json': { schema: spec.body } } } }),
    },
    responses: { [status]: { description: 'OK', content: { 'application/json': { schema: z.unknown() } } } },
  });
  // Described for OpenAPI, routed by ourselves: the role is checked before a byte of the body is read.
  app.openAPIRegistry.registerPath(route);
  app.on(spec.method.toUpperCase(), route.getRoutingPath(), async (c) => {
    const { run } = c.env;
    const user = authenticate(run.config, headersOf(c.req.raw.headers), spec.role);
    const call = {
      params: await parse(spec.params, c.req.param()),
      query: await parse(spec.query, c.req.query()),
      body: await parse(spec.body, spec.body ? await readJson(c.req.raw) : {}),
    } as Pick<Call<z.infer<P>, z.infer<Q>, z.infer<B>>, 'params' | 'query' | 'body'>;
    return c.json((await answer({ ...call, run, user, actor: actorOf(user) })) as object, status);
  });
}

/** The app with its error answers: every refusal is a coded body in both languages. */
export function newApp(): ConsoleApp {
  const app: ConsoleApp = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.onError((error, c) => {
    const { run } = c.env;
    if (error instanceof AppError && error.status < 500)
      return c.json(errorBody(error, run.requestId), error.status as 400);
    throw error;
  });
  app.notFound((c) =>
    c.json(errorBody(new AppError('NOT_FOUND', { method: c.req.method, path: c.req.path }), c.env.run.requestId), 404),
  );
  return app;
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

/** An id that may stand in a key. */
export const Id = z
  .string()
  .refine(isKeyPart, '1 to 80 letters, digits, blanks or _-.:@+*&=,() / 1 到 80 个字符，不能含 # 和 /');

/** Text of people: bounded, no control characters. */
export const Title = z.string().trim().min(1).max(200);

/** The version that the caller has read; 0 for something new. */
export const Version = z.int().min(0);

/** A page of a list: rows behind `after`, which the former page gave as `next`. */
export const PageQuery = z.object({
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export { z };
