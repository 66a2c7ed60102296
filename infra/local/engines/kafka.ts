import { spawn } from 'node:child_process';
import type { Engine } from './node-server';

const READY_MS = 20_000;

/** Producer of one message to a mock cluster of librdkafka; it lives as long as its standard input is open. */
const ARGUMENTS = ['-P', '-b', 'mock', '-X', 'test.mock.num.brokers=1', '-t', 'started', '-d', 'mock'];

/** What it says of its address: a free port of loopback. */
const ADDRESS = /bootstrap\.servers=(127\.0\.0\.1:\d+)/;

/**
 * Starts a Kafka cluster of one broker in memory: the mock cluster that librdkafka carries, in Debian's kcat. It speaks
 * Kafka's protocol, consumer groups included; topics are made on first use. `endpoint` is host:port. It ends with the
 * process that holds its standard input.
 */
export async function startKafka(): Promise<Engine> {
  const broker = spawn('kcat', ARGUMENTS, { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => broker.once('close', () => resolve()));
  const endpoint = await new Promise<string>((resolve, reject) => {
    let log = '';
    const late = setTimeout(() => {
      broker.kill('SIGKILL');
      reject(new Error(`the Kafka cluster (kcat) was not ready within ${READY_MS / 1_000} s: ${log}`));
    }, READY_MS);
    const failed = (reason: string): void => {
      clearTimeout(late);
      reject(new Error(reason));
    };
    broker.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'ENOENT'
          ? 'the Kafka cluster needs kcat, which is not installed (Debian: apt-get install kcat)'
          : `the Kafka cluster (kcat) did not start: ${error.message}`,
      ),
    );
    void ended.then(() => failed(`the Kafka cluster (kcat) ended before it was ready: ${log}`));
    // Read to the end of its life: a full pipe would stop it.
    broker.stderr.on('data', (part: Buffer) => {
      const grown = `${log}${part.toString()}`;
      log = grown.slice(-2_000);
      const address = ADDRESS.exec(grown)?.[1];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(address);
    });
  });
  return {
    endpoint,
    stop: async () => {
      broker.stdin.end();
      // It answers to the end of its input; a cluster in the middle of a request may not.
      const killing = setTimeout(() => broker.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(killing);
    },
    kill: async () => {
      broker.kill('SIGKILL');
      await ended;
    },
  };
}
