import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What became of a call: what the function returned, or the code and the words of what it threw. */
export type CallResult =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'threw'; readonly code: string | null; readonly words: string };

/**
 * Less than a queue's batch leaves for another try (try-batch.ts): what fails is parked at once, and nobody waits for
 * pauses.
 */
const REMAINING_MS = 9_000;

const PROGRAM = `
  const { handler } = require(process.argv[1]);
  const context = { functionName: 'f', awsRequestId: 'r', getRemainingTimeInMillis: () => ${REMAINING_MS} };
  process.on('message', ({ event }) => {
    handler(event, context).then(
      (answer) => process.send({ kind: 'answered', answer: answer ?? null }),
      (error) => process.send({ kind: 'threw', code: error.code ?? null, words: String(error.stack).slice(0, 1500) }),
    );
  });
  process.send('ready');
`;

/** A function's bundle in a process of its own: a rejection that nobody handles ends it, as it ends an instance in a cloud. */
export class BundledFunction {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<string>,
  ) {}

  static async start(
    bundle: string,
    settings: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ): Promise<BundledFunction> {
    const child = spawn(process.execPath, ['-e', PROGRAM, bundle], {
      env: settings,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let last = '';
    for (const input of [child.stdout, child.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => onLine((last = line)));
    }
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) =>
        resolve(`${bundle} ended (${code ?? signal ?? ''}): ${last.slice(0, 1_000)}`),
      );
    });
    const started = new BundledFunction(child, ended);
    await started.next();
    return started;
  }

  /** Calls the handler; throws where its process ends instead of answering. */
  async call(event: unknown): Promise<CallResult> {
    const answer = this.next();
    this.child.send({ event });
    return (await answer) as CallResult;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private next(): Promise<unknown> {
    const message = new Promise<unknown>((resolve) => this.child.once('message', resolve));
    return Promise.race([message, this.ended.then((how) => Promise.reject(new Error(how)))]);
  }
}
