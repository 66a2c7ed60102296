import { spawn } from 'node:child_process';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { newSqsClient } from '../../../shared/adapters/sqs/sqs-client';
import type { Topic } from '../../../shared/ports/bus';
import type { Engine } from './dynamodb';
import { freePort } from './free-port';

export interface SqsEngine extends Engine {
  readonly queueUrls: Readonly<Record<Topic, string>>;
  /** Where each topic's queue puts what was received too often. */
  readonly deadLetterUrls: Readonly<Record<Topic, string>>;
}

/** What the engine takes for keys: any. */
export const SQS_KEYS = { accessKeyId: 'local', secretAccessKey: 'local' };
export const SQS_REGION = 'us-east-1';

/** As in infra/aws/queues.yml. */
const RECEIVES_MAX = 5;

/**
 * A failed message comes again after this, and so does one whose batch takes longer: on AWS six minutes, which nobody at
 * this machine waits for. A batch takes well below a second here.
 */
const VISIBILITY_S = 10;

const TOPICS: readonly Topic[] = ['platform-order-changed', 'delivery-order-ready', 'stock-changed'];

const READY_MS = 20_000;

/** The server in a process of its own, which ends with the one that holds its standard input. */
const PROGRAM = `
  const { port, module } = JSON.parse(process.argv[1]);
  process.stdin.resume().on('end', () => process.exit());
  require(module).createSqsServer({ port, hostname: '127.0.0.1' }).then(() => console.log('ready'));
`;

/**
 * Starts local-aws-sqs, a server of the SQS API that keeps its messages in memory, and makes a queue for each topic with
 * its dead-letter queue. `visibilityS` and `receivesMax` are those of the queues.
 */
export async function startSqs({
  visibilityS = VISIBILITY_S,
  receivesMax = RECEIVES_MAX,
}: {
  visibilityS?: number;
  receivesMax?: number;
} = {}): Promise<SqsEngine> {
  const options = { port: await freePort(), module: require.resolve('local-aws-sqs') };
  const server = spawn(process.execPath, ['-e', PROGRAM, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let errors = '';
  server.stderr.on('data', (part: Buffer) => (errors = `${errors}${part.toString()}`.slice(-2_000)));
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
  };
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      server.kill('SIGKILL');
      reject(new Error(`the SQS server (local-aws-sqs) was not ready within ${READY_MS / 1_000} s: ${errors}`));
    }, READY_MS);
    void ended.then(() => {
      clearTimeout(late);
      reject(new Error(`the SQS server (local-aws-sqs) ended before it was ready: ${errors}`));
    });
    server.stdout.once('data', () => {
      clearTimeout(late);
      resolve();
    });
  });
  const endpoint = `http://127.0.0.1:${options.port}`;
  try {
    const urls = await makeQueues(endpoint, { visibilityS, receivesMax });
    return { endpoint, ...urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeQueues(
  endpoint: string,
  { visibilityS, receivesMax }: { visibilityS: number; receivesMax: number },
): Promise<Pick<SqsEngine, 'queueUrls' | 'deadLetterUrls'>> {
  const client = newSqsClient({ region: SQS_REGION, endpoint, credentials: SQS_KEYS });
  const make = async (name: string, attributes: Record<string, string>): Promise<string> => {
    const { QueueUrl: url } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    if (url === undefined) throw new Error(`the SQS server (local-aws-sqs) made no queue ${name}`);
    return url;
  };
  const made = await Promise.all(
    TOPICS.map(async (topic) => {
      const deadLetterUrl = await make(`${topic}-dead-letters`, {});
      const { Attributes: attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] }),
      );
      const redrive = { deadLetterTargetArn: attributes?.['QueueArn'], maxReceiveCount: receivesMax };
      const url = await make(topic, {
        VisibilityTimeout: String(visibilityS),
        RedrivePolicy: JSON.stringify(redrive),
      });
      return { topic, url, deadLetterUrl };
    }),
  );
  client.destroy();
  const byTopic = (urlOf: (queue: (typeof made)[number]) => string): Record<Topic, string> =>
    Object.fromEntries(made.map((queue) => [queue.topic, urlOf(queue)])) as Record<Topic, string>;
  return { queueUrls: byTopic(({ url }) => url), deadLetterUrls: byTopic(({ deadLetterUrl }) => deadLetterUrl) };
}
