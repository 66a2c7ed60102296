import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseConfig } from './sandbox/config';
import { startSandbox } from './sandbox/sandbox';

/** Runs the sandbox until SIGTERM or SIGINT. Says on stdout, in one line, where it listens. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, config: { type: 'string' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('--port must be 0 (any free port) to 65535');
  if (values.config === undefined) throw new Error('--config <json file> is missing');
  const config = parseConfig(JSON.parse(readFileSync(values.config, 'utf8')));

  const sandbox = await startSandbox(config, { port });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
  process.stdout.write(`${JSON.stringify({ event: 'sandbox-ready', url: sandbox.url })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
