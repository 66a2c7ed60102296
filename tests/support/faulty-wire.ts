import type { AddressInfo } from 'node:net';
import { createServer, request } from 'node:http';

/** What a request named its operation, e.g. `PutItem`, and its JSON. */
export interface WireCall {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What happens to a call on its way: `lose-answer` lets it be applied, `lose-request` does not. */
export type Fault = 'lose-request' | 'lose-answer' | undefined;

/** A wire to a server of the DynamoDB API that loses what it is told to lose, and remembers every call. */
export class FaultyWire {
  readonly calls: WireCall[] = [];
  /** Asked for each call, in order. */
  faultOf: (call: WireCall) => Fault | Promise<Fault> = () => undefined;
  private readonly server = createServer((incoming, answer) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
      const bytes = Buffer.concat(parts);
      const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
      const call = { operation, body: JSON.parse(bytes.toString()) as Record<string, unknown> };
      this.calls.push(call);
      const fault = await this.faultOf(call);
      if (fault === 'lose-request') {
        incoming.socket.destroy();
        return;
      }
      const { method, headers } = incoming;
      const onward = request(`${this.target}/`, { method, headers }, (response) => {
        if (fault === 'lose-answer') {
          response.resume();
          response.on('end', () => incoming.socket.destroy());
          return;
        }
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      });
      onward.end(bytes);
    })();
  });

  private constructor(private readonly target: string) {}

  static async to(target: string): Promise<FaultyWire> {
    const wire = new FaultyWire(target);
    await new Promise<void>((resolve) => wire.server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
