import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GatewayRequest {
  readonly url: URL;
  readonly body: string;
}

/**
 * What the gateway does with a request: answer with this status and text, or drop the connection, or break off in the
 * middle of an answer, or stay silent, from the start or in the middle.
 */
export type GatewayAnswer =
  | { readonly status?: number; readonly text: string }
  | 'drop'
  | 'break'
  | 'silence'
  | 'silence in the middle';

/** A gateway of our own that says what the test tells it to and remembers what it was asked. */
export class StubGateway {
  readonly requests: GatewayRequest[] = [];
  private readonly server = createServer((request, response) => void this.handle(request, response));

  private constructor(private readonly answers: readonly GatewayAnswer[]) {}

  /** Gives the answers one after the other; the last one again and again. */
  static async open(...answers: readonly GatewayAnswer[]): Promise<StubGateway> {
    const gateway = new StubGateway(answers);
    await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Closes the connections on which nothing goes on, as gateways do after a while. */
  closeIdle(): Promise<void> {
    this.server.closeIdleConnections();
    return new Promise((resolve) => setTimeout(resolve, 50));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = this.answers[Math.min(this.requests.length, this.answers.length - 1)] ?? 'silence';
    this.requests.push({ url: new URL(request.url ?? '/', this.url), body: Buffer.concat(chunks).toString('utf8') });
    if (answer === 'silence') return;
    if (answer === 'drop') request.socket.destroy();
    else if (answer === 'break' || answer === 'silence in the middle')
      response.writeHead(200, { 'content-length': 1_000 }).write('{"code":10000,', () => {
        if (answer === 'break') request.socket.destroy();
      });
    else response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(answer.text);
  }
}

/** An address where nobody listens. */
export async function deadUrl(): Promise<string> {
  const gateway = await StubGateway.open();
  const { url } = gateway;
  await gateway.close();
  return url;
}
