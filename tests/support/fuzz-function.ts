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

/** Whose context a function is called with: both clouds name the same things differently (cloud-shapes.ts has the host's). */
export const CONTEXTS = ['Lambda', 'FunctionGraph'] as const;
type Context = (typeof CONTEXTS)[number];

/** FunctionGraph hands settings over in the context alone, and calls what it knows by methods. */
const PROGRAM = `
  const [bundle, cloud, settings] = process.argv.slice(1);
  const { handler } = require(bundle);
  const remaining = () => ${REMAINING_MS};
  const data = JSON.parse(settings);
  const contexts = {
    Lambda: { functionName: 'f', awsRequestId: 'r', getRemainingTimeInMillis: remaining },
    FunctionGraph: {
      getFunctionName: () => 'f', getRequestID: () => 'r', getVersion: () => 'latest', getUserData: (key) => data[key],
      getRemainingTimeInMilliSeconds: remaining, getRunningTimeInSeconds: () => 60, getMemorySize: () => 256,
      getLogger: () => console,
    },
  };
  const held = () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return { heldBytes: heapUsed + external, residentBytes: process.memoryUsage.rss() };
  };
  process.on('message', ({ event, ask }) => {
    if (ask === 'memory') return process.send(held());
    handler(event, contexts[cloud]).then(
      (answer) => process.send({ kind: 'answered', answer: answer ?? null }),
      (error) => process.send({ kind: 'threw', code: error.code ?? null, words: String(error.stack).slice(0, 1500) }),
    );
  });
  process.send('ready');
`;

/** What a function's process takes: what it still needs, and what the system has given it. */
export interface Memory {
  readonly heldBytes: number;
  readonly residentBytes: number;
}

/** A function's bundle in a process of its own: a rejection that nobody handles ends it, as it ends an instance in a cloud. */
export class BundledFunction {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<string>,
  ) {}

  static async start(
    bundle: string,
    { context, settings }: { context: Context; settings: Readonly<Record<string, string>> },
    onLine: (line: string) => void,
  ): Promise<BundledFunction> {
    const [env, data] = context === 'Lambda' ? [settings, {}] : [{}, settings];
    const args = ['--expose-gc', '-e', PROGRAM, bundle, context, JSON.stringify(data)];
    const child = spawn(process.execPath, args, {
      env,
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

  async memory(): Promise<Memory> {
    const answer = this.next();
    this.child.send({ ask: 'memory' });
    return (await answer) as Memory;
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
