import { connect } from 'node:net';
import { ERRORS } from '../../shared/errors';

/** What came back over one connection; `status` 0 where the server closed it without a word. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** An answer comes within this, or the server is taken to hang: gateways wait 30 s. */
const ANSWER_MS_MAX = 35_000;

/**
 * Sends bytes as they are, whatever HTTP says of them, and reads until the server closes. `half` closes our side behind
 * them, so that a server that waits for more knows that none comes.
 */
export function exchange(port: number, bytes: Buffer, half = false): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${ANSWER_MS_MAX / 1_000} s to ${bytes.subarray(0, 200).toString('latin1')}`));
    }, ANSWER_MS_MAX);
    const end = (): void => {
      clearTimeout(late);
      resolve(read(Buffer.concat(parts)));
    };
    socket.on('data', (part) => parts.push(part));
    socket.once('close', end);
    // A server that refuses a request may close while the rest is being sent.
    socket.on('error', () => undefined);
    if (half) socket.end(bytes);
    else socket.write(bytes);
  });
}

function read(bytes: Buffer): RawAnswer {
  // What asked for it is first told to go on.
  const text = bytes.toString('utf8').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  const start = text.indexOf('\r\n\r\n');
  const body = start < 0 ? '' : text.slice(start + 4);
  // Node's own answers without a body may say so by an empty chunk; ours have a length.
  return { status, body: body === '0\r\n\r\n' ? '' : body };
}

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** The bytes of a request that is whole, with whatever its parts are. */
export function requestBytes({ method, target, headers = {}, body = Buffer.alloc(0) }: RawRequest): Buffer {
  const all = { host: 'localhost', connection: 'close', 'content-length': String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** What an answer says that it must not, or undefined: a code with every refusal, and of faults only such as are stated. */
export function objection({ method }: Pick<RawRequest, 'method'>, { status, body }: RawAnswer): string | undefined {
  const said = `${status} ${body.slice(0, 300)}`;
  if (status === 0) return 'closed without an answer';
  if (status < 400) return undefined;
  // Node's own refusals of what is no HTTP have no body, and HEAD never has one.
  if (status < 500 && (body === '' || method === 'HEAD')) return undefined;
  const { code = '' } = JSON.parse(body === '' ? '{}' : body) as { code?: string };
  if (status === 503) return code in ERRORS && ERRORS[code as keyof typeof ERRORS].status === 503 ? undefined : said;
  return status < 500 && code !== '' && code !== 'INTERNAL' ? undefined : said;
}
