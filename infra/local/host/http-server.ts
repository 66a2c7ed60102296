import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { AppError } from '../../../shared/errors';
import type { Handler } from '../../../shared/platform/define-function';
import type { HttpResponse } from '../../../shared/platform/http';
import { errorBody, json } from '../../../shared/platform/http';
import type { CloudShapes } from './cloud-shapes';

/** Which function answers a path, as the gateways of the clouds are told to route. */
export type Router = (method: string, path: string) => { name: string; handler: Handler } | undefined;

/** What both clouds let through to a function. */
const BODY_BYTES_MAX = 6 * 1024 * 1024;

/** Gateways give a function this long. */
const ANSWER_MS = 30_000;

/**
 * Who is on this machine, or a platform behind a tunnel, says what it wants at once; who does not is cut off, so that slow
 * clients hold no places. Six megabytes within the second time are 400 KB/s.
 */
const HEADERS_MS = 5_000;
const REQUEST_MS = 15_000;

/** How late a slow client may be noticed. */
const CHECK_EVERY_MS = 1_000;

/** A connection on which nothing moves for so long is closed: longer than any answer takes, whether or not it is read. */
const SILENT_MS = ANSWER_MS + 5_000;

/**
 * Where a system lets a process have 10,000 files, the store, the engines and the platforms get theirs, too. More are closed as soon
 * as they are opened, until those that say nothing are cut off and leave their places.
 */
export const CONNECTIONS_MAX = 4_000;

/** Bodies of all requests that are being read or answered, together: ten of the largest. Beyond it a client is told to come again. */
const BODIES_BYTES_MAX = 10 * BODY_BYTES_MAX;

/** HTTP in front of the functions: requests become events of a cloud's gateway. `own` answers the host's own pages. */
export function functionServer(
  route: Router,
  shapes: CloudShapes,
  own: (path: string) => Promise<object | undefined>,
  { silentMs = SILENT_MS }: { silentMs?: number } = {},
): Server {
  const room = new BodyRoom();
  const limits = {
    ...{ keepAliveTimeout: 30_000, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
    connectionsCheckingInterval: CHECK_EVERY_MS,
  };
  const server = createServer(limits, (request, response) => {
    const body = room.bodyOf(request);
    void answer({ route, shapes, own }, request, response, body)
      .catch((error: unknown) => {
        // A client that went away in the middle of its request hears nothing any more.
        if (request.destroyed && !request.complete) return;
        send(response, json(500, { code: 'INTERNAL', message: '系统错误', messageEn: String(error) }));
      })
      .finally(() => body.free());
  });
  server.setTimeout(silentMs);
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

async function answer(
  { route, shapes, own }: { route: Router; shapes: CloudShapes; own: (path: string) => Promise<object | undefined> },
  request: IncomingMessage,
  response: ServerResponse,
  room: Body,
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
    send(response, refusal(new AppError('NOT_FOUND', { path: url.pathname })));
    return;
  }
  const body = await room.read();
  if (typeof body === 'string') {
    send(response, refusal(REFUSALS[body]));
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
  // To HEAD a function says nothing of the length that GET would have.
  const isHead = response.req.method === 'HEAD';
  response.writeHead(statusCode, { ...headers, ...(!isHead && { 'content-length': bytes.length }) });
  response.end(bytes);
}

const refusal = (error: AppError): HttpResponse => json(error.status, errorBody(error, randomUUID()));

const REFUSALS = {
  'too-large': new AppError('BODY_TOO_LARGE', { bytesMax: BODY_BYTES_MAX }),
  'no-room': new AppError('HOST_BUSY', { bytesMax: BODIES_BYTES_MAX }),
} as const;

/** The body of one request, read once; `free` when its request is answered. */
interface Body {
  /** The bytes, or why they were not kept; what is not kept is read and thrown away. */
  read(): Promise<Buffer | keyof typeof REFUSALS>;
  free(): void;
}

/** Memory for the bodies of all requests together. */
class BodyRoom {
  private takenBytes = 0;

  bodyOf(request: IncomingMessage): Body {
    let keptBytes = 0;
    const free = (): void => {
      this.takenBytes -= keptBytes;
      keptBytes = 0;
    };
    const read = async (): Promise<Buffer | keyof typeof REFUSALS> => {
      let parts: Buffer[] = [];
      let refusal: keyof typeof REFUSALS | undefined;
      for await (const part of request as AsyncIterable<Buffer>) {
        if (refusal) continue;
        if (keptBytes + part.length > BODY_BYTES_MAX) refusal = 'too-large';
        else if (this.takenBytes + part.length > BODIES_BYTES_MAX) refusal = 'no-room';
        if (refusal) {
          parts = [];
          free();
          continue;
        }
        parts.push(part);
        keptBytes += part.length;
        this.takenBytes += part.length;
      }
      return refusal ?? Buffer.concat(parts);
    };
    return { read, free };
  }
}
