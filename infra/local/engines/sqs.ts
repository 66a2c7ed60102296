import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { newSqsClient } from '../../../shared/adapters/sqs/sqs-client';
import type { Topic } from '../../../shared/ports/bus';
import { freePort } from './free-port';
import type { Engine } from './node-server';
import { runServer } from './node-server';

export interface SqsEngine extends Engine {
  readonly queueUrls: Readonly<Record<Topic, string>>;
  /** Where each topic's queue puts what was received too often. */
  readonly deadLetterUrls: Readonly<Record<Topic, string>>;
}

/** Keys that the engine is called with; it takes whatever it is given. */
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

const PROGRAM = `
  const { port, module } = JSON.parse(process.argv[1]);
  require(module).createSqsServer({ port, hostname: '127.0.0.1' }).then(() => console.log('ready'));
`;

/**
 * Starts local-aws-sqs, a server of the SQS API that keeps its messages in memory, and makes a queue for each topic with
 * its dead-letter queue. `visibilityS` and `receivesMax` are those of the queues.
 */
export async function startSqs({
  visibilityS = VISIBILITY_S,
  receivesMax = RECEIVES_MAX,
  port,
}: {
  visibilityS?: number;
  receivesMax?: number;
  port?: number | undefined;
} = {}): Promise<SqsEngine> {
  const at = port ?? (await freePort());
  const { stop, kill } = await runServer('the SQS server (local-aws-sqs)', PROGRAM, {
    port: at,
    module: require.resolve('local-aws-sqs'),
  });
  const endpoint = `http://127.0.0.1:${at}`;
  try {
    const urls = await makeQueues(endpoint, { visibilityS, receivesMax });
    return { endpoint, ...urls, stop, kill };
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
