import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Handler } from '../../../shared/platform/define-function';
import type { HttpResponse } from '../../../shared/platform/http';
import type { CloudShapes } from './cloud-shapes';

/** Which function answers a path, as the gateways of the clouds are told to route. */
export type Router = (method: string, path: string) => { name: string; handler: Handler } | undefined;

/** What both clouds let through to a function. */
const BODY_BYTES_MAX = 6 * 1024 * 1024;

/** Gateways give a function this long. */
const ANSWER_MS = 30_000;

/** HTTP in front of the functions: requests become events of a cloud's gateway. `own` answers the host's own pages. */
export function functionServer(
  route: Router,
  shapes: CloudShapes,
  own: (path: string) => Promise<object | undefined>,
): Server {
  return createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    void answer(route, shapes, own, request, response).catch((error: unknown) => {
      send(response, {
        statusCode: 500,
        headers: {},
        body: JSON.stringify({ code: 'INTERNAL', messageEn: String(error) }),
        isBase64Encoded: false,
      });
    });
  });
}

async function answer(
  route: Router,
  shapes: CloudShapes,
  own: (path: string) => Promise<object | undefined>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Not resolved against a base: a path that begins with two slashes would be taken for another host.
  const address = `http://localhost${request.url ?? '/'}`;
  const url = new URL(URL.canParse(address) ? address : 'http://localhost/');
  const method = request.method ?? 'GET';
  const page = method === 'GET' ? await own(url.pathname) : undefined;
  if (page) {
    send(response, json(200, page));
    return;
  }
  const target = route(method, url.pathname);
  if (!target) {
    send(
      response,
      json(404, { code: 'NOT_FOUND', message: '不存在', messageEn: 'no such address', facts: { path: url.pathname } }),
    );
    return;
  }
  const body = await readBody(request);
  if (!body) {
    send(
      response,
      json(413, {
        code: 'BODY_TOO_LARGE',
        message: '请求体过大',
        messageEn: 'the body is too large',
        facts: { bytesMax: BODY_BYTES_MAX },
      }),
    );
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  const event = shapes.httpEvent({ method, url, headers, body, sourceIp: request.socket.remoteAddress ?? '' });
  send(response, (await target.handler(event, shapes.context(target.name, ANSWER_MS))) as HttpResponse);
}

function send(response: ServerResponse, { statusCode, headers, body, isBase64Encoded }: HttpResponse): void {
  if (response.headersSent) return;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  response.writeHead(statusCode, { ...headers, 'content-length': bytes.length });
  response.end(bytes);
}

function json(statusCode: number, value: object): HttpResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
    isBase64Encoded: false,
  };
}

/** The body, or undefined where it is longer than the clouds let through; the rest is then read and thrown away. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= BODY_BYTES_MAX) parts.push(part);
  }
  return bytes <= BODY_BYTES_MAX ? Buffer.concat(parts) : undefined;
}
