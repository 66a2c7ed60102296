import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUEUES } from '../../infra/local/host/queues';
import { PROJECT } from '../support/build-bundles';
import type { Resource, Stack, Value } from './aws-stack';
import { targetOf, textOf } from './aws-stack';

/** Topics of the bus by their queues' names in the template. */
export const TOPIC_OF: Readonly<Record<string, string>> = {
  PlatformOrderChangedQueue: 'platform-order-changed',
  DeliveryOrderReadyQueue: 'delivery-order-ready',
  StockChangedQueue: 'stock-changed',
};

export interface Lambda {
  readonly name: string;
  readonly id: string;
  readonly resource: Resource;
}

export function lambdas(stack: Stack): Lambda[] {
  return stack.ofType('AWS::Lambda::Function').map(([id, resource]) => ({
    name: textOf(resource.Properties['FunctionName']).split('-').slice(2).join('-'),
    ...{ id, resource },
  }));
}

export function nameBy(stack: Stack, id: string): string {
  return lambdas(stack).find((lambda) => lambda.id === id)?.name ?? id;
}

const source = (name: string): string => readFileSync(join(PROJECT, 'functions', name, 'handler.ts'), 'utf8');
export const opensPool = (name: string): boolean => source(name).includes('pool: connectPool');

/** Topics that a bundle sends to: message literals that are left in it. */
export function topicsSent(name: string): string[] {
  const bundle = readFileSync(join(PROJECT, 'dist/functions', name, 'handler.js'), 'utf8');
  return [...new Set([...bundle.matchAll(/topic:"([a-z-]+)"/g)].map(([, topic]) => topic ?? ''))].sort();
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: Value;
}

function statementsOf(stack: Stack, lambda: Lambda): Statement[] {
  const role = stack.resources.get(targetOf(lambda.resource.Properties['Role']));
  const [policy] = role?.Properties['Policies'] as unknown as { PolicyDocument: { Statement: Statement[] } }[];
  return policy?.PolicyDocument.Statement ?? [];
}

/** `action resource` for everything that a function is allowed, or denied; a resource by its name in the template. */
export function rightsOf(stack: Stack, lambda: Lambda, effect: Statement['Effect'] = 'Allow'): string[] {
  const nameOfResource = (value: Value): string => {
    if (typeof value === 'string') return value;
    const text = typeof value === 'object' && 'Fn::Sub' in value ? value['Fn::Sub'] : undefined;
    return text === undefined ? targetOf(value) : textOf(text);
  };
  return statementsOf(stack, lambda)
    .filter(({ Effect }) => Effect === effect)
    .flatMap(({ Action, Resource }) =>
      [Resource].flat().flatMap((resource) => Action.map((action) => `${action} ${nameOfResource(resource)}`)),
    )
    .sort();
}

export function rightsNeeded(lambda: Lambda, inNetwork: boolean): string[] {
  const logGroup = lambda.id.replace(/LambdaFunction$/, 'LogGroup');
  const queueOf = (topic: string): string =>
    Object.keys(TOPIC_OF).find((id) => TOPIC_OF[id] === topic) ?? `no queue for ${topic}`;
  const taken = QUEUES.filter(({ functionName }) => functionName === lambda.name).map(({ topic }) => queueOf(topic));
  return [
    ...['GetItem', 'BatchGetItem', 'Query', 'PutItem'].map((action) => `dynamodb:${action} Table`),
    ...['open', 'list'].map((index) => `dynamodb:Query \${Table.Arn}/index/${index}`),
    // The ARN of a log group ends in `:*`, its streams.
    ...['CreateLogStream', 'PutLogEvents'].map((action) => `logs:${action} ${logGroup}`),
    ...topicsSent(lambda.name).map((topic) => `sqs:SendMessage ${queueOf(topic)}`),
    ...taken.flatMap((id) =>
      ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} ${id}`),
    ),
    // Lambda joins a network with these, and AWS takes no narrower resource for them.
    ...(inNetwork && opensPool(lambda.name)
      ? ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'].map(
          (action) => `ec2:${action} *`,
        )
      : []),
  ].sort();
}
