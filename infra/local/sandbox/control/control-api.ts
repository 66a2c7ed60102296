import { ControlError } from '../control-error';
import { FieldReader, InputError } from '../field-reader';
import type { HttpReply, HttpRequest } from '../http-server';
import type { Json } from '../json';
import { writeJson } from '../json';
import type { World } from '../world';
import type { ControlAnswer } from './control-call';
import { ROUTES } from './routes';

/** The JSON interface for tests, the demo and the page. Refusals are `{code, message}` with a 4xx status. */
export async function answerControl(world: World, request: HttpRequest): Promise<HttpReply> {
  try {
    const { status, body } = await dispatch(world, request);
    return json(status, body);
  } catch (error) {
    if (error instanceof ControlError) return json(error.status, { code: error.code, message: error.message });
    if (error instanceof InputError) return json(400, { code: 'BAD_INPUT', message: error.message });
    throw error;
  }
}

async function dispatch(world: World, request: HttpRequest): Promise<ControlAnswer> {
  for (const route of ROUTES) {
    const names = route.method === request.method ? match(route.path, request.path) : undefined;
    if (names === undefined) continue;
    return route.run(world, { names, query: request.query, body: () => parseBody(request.body) });
  }
  throw new ControlError(404, 'NO_SUCH_ROUTE', `${request.method} ${request.path}`);
}

/** The values of the `:names` in the pattern, or undefined when the path is another one. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const names: Record<string, string> = {};
  for (const [at, part] of expected.entries()) {
    const value = given[at] ?? '';
    if (part.startsWith(':')) names[part.slice(1)] = decode(value);
    else if (part !== value) return undefined;
  }
  return names;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InputError(`path part ${text} is not properly encoded`);
  }
}

function parseBody(text: string): FieldReader {
  try {
    return new FieldReader(JSON.parse(text === '' ? '{}' : text), 'body');
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError('body is not JSON');
    throw error;
  }
}

function json(status: number, body: Json): HttpReply {
  return { kind: 'answer', status, type: 'application/json', body: writeJson(body) };
}
