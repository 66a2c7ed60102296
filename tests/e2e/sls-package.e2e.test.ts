import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { QUEUES } from '../../infra/local/host/queues';
import { nameOf, TIMERS } from '../../infra/local/host/schedule';
import { readConfig, SETTINGS } from '../../shared/config';
import { buildBundles, PROJECT } from '../support/build-bundles';
import type { Resource, Stack, Value } from './aws-stack';
import { filesInZip, LEAK, packageStack, targetOf } from './aws-stack';

const FUNCTIONS = readdirSync(join(PROJECT, 'functions'));

const TOPIC_OF: Readonly<Record<string, string>> = {
  PlatformOrderChangedQueue: 'platform-order-changed',
  DeliveryOrderReadyQueue: 'delivery-order-ready',
  StockChangedQueue: 'stock-changed',
};

let prod: Stack;
let external: Stack;
let dev: Stack;

beforeAll(() => {
  buildBundles();
  prod = packageStack('prod');
  external = packageStack('trial', ['redis=external']);
  dev = packageStack('dev');
}, 300_000);

afterAll(() => {
  for (const stack of [prod, external, dev]) rmSync(stack.folder, { recursive: true, force: true });
});

interface Lambda {
  readonly name: string;
  readonly id: string;
  readonly resource: Resource;
}

function lambdas(stack: Stack): Lambda[] {
  return stack.ofType('AWS::Lambda::Function').map(([id, resource]) => ({
    name: textOf(resource.Properties['FunctionName']).split('-').slice(2).join('-'),
    ...{ id, resource },
  }));
}

/** A value that the template says plainly. */
function textOf(value: Value | undefined): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}

function nameBy(stack: Stack, id: string): string {
  return lambdas(stack).find((lambda) => lambda.id === id)?.name ?? id;
}

const source = (name: string): string => readFileSync(join(PROJECT, 'functions', name, 'handler.ts'), 'utf8');
const opensPool = (name: string): boolean => source(name).includes('pool: connectPool');

/** Topics that a bundle sends to: message literals that are left in it. */
function topicsSent(name: string): string[] {
  const bundle = readFileSync(join(PROJECT, 'dist/functions', name, 'handler.js'), 'utf8');
  return [...new Set([...bundle.matchAll(/topic:"([a-z-]+)"/g)].map(([, topic]) => topic ?? ''))].sort();
}

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: Value;
}

function statementsOf(stack: Stack, lambda: Lambda): Statement[] {
  const role = stack.resources.get(targetOf(lambda.resource.Properties['Role']));
  const [policy] = role?.Properties['Policies'] as unknown as { PolicyDocument: { Statement: Statement[] } }[];
  return policy?.PolicyDocument.Statement ?? [];
}

/** `action resource` for every right of a function; a resource by its name in the template. */
function rightsOf(stack: Stack, lambda: Lambda): string[] {
  const nameOfResource = (value: Value): string => {
    if (typeof value === 'string') return value;
    const text = typeof value === 'object' && 'Fn::Sub' in value ? value['Fn::Sub'] : undefined;
    return text === undefined ? targetOf(value) : textOf(text);
  };
  return statementsOf(stack, lambda)
    .flatMap(({ Action, Resource }) =>
      [Resource].flat().flatMap((resource) => Action.map((action) => `${action} ${nameOfResource(resource)}`)),
    )
    .sort();
}

function rightsNeeded(lambda: Lambda, inNetwork: boolean): string[] {
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

describe('the package', () => {
  it('holds every function by itself, with its bundle and nothing else', () => {
    const zips = readdirSync(prod.folder).filter((name) => name.endsWith('.zip'));
    expect(zips).toEqual(FUNCTIONS.map((name) => `${name}.zip`));
    expect(zips.map((zip) => filesInZip(join(prod.folder, zip)).sort())).toEqual(
      FUNCTIONS.map((name) => [`dist/functions/${name}/handler.js`, 'dist/package.json']),
    );
  });

  it('holds no secret: neither those of whoever packages nor the sample ones, which everybody knows', () => {
    for (const text of [...prod.texts, ...external.texts]) expect(text).not.toContain(LEAK);
    const known = JSON.parse(readFileSync(join(PROJECT, 'events/sample-secrets.json'), 'utf8')) as {
      users: { token: string }[];
    };
    expect(known.users[0]?.token).toEqual(expect.any(String));
    for (const text of [...dev.texts, ...prod.texts]) expect(text).not.toContain(known.users[0]?.token);
    expect(lambdas(dev).map(({ resource }) => variablesOf(resource)['YIPAN_SECRETS'])).toEqual(FUNCTIONS.map(() => ''));
  });
});

describe('functions', () => {
  it.each([
    ['prod', () => prod, true],
    ['trial, with a Redis elsewhere', () => external, false],
  ] as const)('of stage %s have a role each, with what the code does and nothing else', (_, stackOf, inNetwork) => {
    const stack = stackOf();
    const roles = lambdas(stack).map(({ resource }) => targetOf(resource.Properties['Role']));
    expect(new Set(roles).size).toBe(FUNCTIONS.length);
    expect(
      stack
        .ofType('AWS::IAM::Role')
        .map(([id]) => id)
        .sort(),
    ).toEqual(roles.sort());
    const rights = lambdas(stack).map((lambda) => [lambda.name, rightsOf(stack, lambda)]);
    expect(rights).toEqual(lambdas(stack).map((lambda) => [lambda.name, rightsNeeded(lambda, inNetwork)]));
  });

  it('send what their bundles hold: the search finds messages', () => {
    expect(topicsSent('order-ingestion')).toEqual(['platform-order-changed']);
    expect(topicsSent('document-conversion')).toEqual(['delivery-order-ready', 'stock-changed']);
  });

  it('keep their logs for a stated time', () => {
    for (const { id } of lambdas(prod)) {
      const group = prod.resources.get(id.replace(/LambdaFunction$/, 'LogGroup'));
      expect([id, group?.Properties['RetentionInDays']]).toEqual([id, 60]);
    }
  });

  it('have an alarm on errors each', () => {
    const watched = prod
      .ofType('AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => Properties['Namespace'] === 'AWS/Lambda' && Properties['MetricName'] === 'Errors')
      .map(([, { Properties }]) => targetOf((Properties['Dimensions'] as { Value: Value }[])[0]?.Value));
    expect(watched.map((id) => nameBy(prod, id)).sort()).toEqual(FUNCTIONS);
  });

  it('are in the network only where they open the pool', () => {
    const inNetwork = (stack: Stack): string[] =>
      lambdas(stack)
        .filter(({ resource }) => resource.Properties['VpcConfig'] !== undefined)
        .map(({ name }) => name);
    expect(inNetwork(prod).sort()).toEqual(FUNCTIONS.filter(opensPool));
    expect(inNetwork(external)).toEqual([]);
    expect(external.ofType('AWS::EC2::NatGateway')).toEqual([]);
  });

  it('answer an API call before the gateway gives up', () => {
    const api = lambdas(prod).find(({ name }) => name === 'console');
    expect(api?.resource.Properties['Timeout']).toBeLessThan(30);
  });
});

function variablesOf(resource: Resource): Readonly<Record<string, Value>> {
  const { Variables } = resource.Properties['Environment'] as { Variables: Record<string, Value> };
  return Variables;
}

/** A setting as the function will see it: references become something of their shape. */
function deployed(value: Value): string {
  if (typeof value !== 'object') {
    return String(value)
      .replace(/^\{\{resolve:.*redis-url.*\}\}$/, 'rediss://redis:6379')
      .replace(
        /^\{\{resolve:.*\}\}$/,
        '{"shops":{},"users":[{"token":"token-0123456789","id":"u","name":"u","role":"admin"}]}',
      );
  }
  const { Ref, 'Fn::Sub': text } = value as { Ref?: string; 'Fn::Sub'?: string };
  return (
    Ref ??
    String(text)
      .replace(/\{\{.*?\}\}/g, 'token')
      .replace(/\$\{(\w+Queue)\}/g, 'https://sqs/$1')
      .replace(/\$\{.*?\}/g, 'redis')
  );
}

describe('settings', () => {
  it.each([
    ['prod', () => prod],
    ['trial', () => external],
  ] as const)('of stage %s are all known, and make the functions start', (_, stackOf) => {
    for (const { name, resource } of lambdas(stackOf())) {
      const variables = variablesOf(resource);
      expect(Object.keys(variables).filter((key) => !(key in SETTINGS))).toEqual([]);
      const given: Record<string, string> = { AWS_REGION: 'r', AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' };
      const config = readConfig((key) => {
        const value = variables[key];
        return value === undefined ? given[key] : deployed(value);
      });
      expect([name, config.profile, config.store.kind, config.bus?.kind, config.pool?.kind]).toEqual([
        ...[name, 'aws', 'dynamodb', 'sqs'],
        opensPool(name) ? 'redis' : undefined,
      ]);
      expect(config.bus?.kind === 'sqs' && config.bus.queueUrls).toEqual(
        Object.fromEntries(Object.entries(TOPIC_OF).map(([id, topic]) => [topic, `https://sqs/${id}`])),
      );
    }
  });

  it('give the secrets to those alone that call platforms or know users', () => {
    const knowing = lambdas(prod).filter(({ resource }) =>
      textOf(variablesOf(resource)['YIPAN_SECRETS']).startsWith('{{resolve:secretsmanager:yipan/prod/secrets'),
    );
    expect(knowing.map(({ name }) => name).sort()).toEqual([
      'console',
      'document-conversion',
      'order-ingestion',
      'ratio-sync-push',
    ]);
  });
});

describe('triggers', () => {
  it('are the timers of the local host, each with a sample event', () => {
    const timers = prod.ofType('AWS::Events::Rule').flatMap(([, { Properties }]) =>
      (Properties['Targets'] as { Arn: Value; Input: string }[]).map(({ Arn, Input }) => {
        const { task } = JSON.parse(Input) as { task: string };
        return `${nameBy(prod, targetOf(Arn))}/${task}`;
      }),
    );
    expect(timers.sort()).toEqual(TIMERS.map(nameOf).sort());
    const samples = timers.map((name) => `events/${name.replace('/', '/schedule-')}.json`);
    expect(samples.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });

  it('are not repeated by the platform where a timer failed', () => {
    const settings = prod.ofType('AWS::Lambda::EventInvokeConfig');
    const quiet = settings.filter(([, { Properties }]) => Properties['MaximumRetryAttempts'] === 0);
    expect(quiet.map(([, { Properties }]) => nameBy(prod, targetOf(Properties['FunctionName']))).sort()).toEqual(
      [...new Set(TIMERS.map(({ functionName }) => functionName))].sort(),
    );
  });

  it('are the queues of the local host, which take failures per message', () => {
    const bound = prod.ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => ({
      topic: TOPIC_OF[targetOf(Properties['EventSourceArn'])],
      functionName: nameBy(prod, targetOf(Properties['FunctionName'])),
      batchMax: Properties['BatchSize'],
      failures: Properties['FunctionResponseTypes'],
    }));
    expect(bound).toEqual(
      QUEUES.map(({ topic, functionName, batchMax }) => ({
        ...{ topic, functionName, batchMax },
        failures: ['ReportBatchItemFailures'],
      })),
    );
  });

  it('are the routes of the local host', () => {
    const routes = prod.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties['RouteKey']);
    expect(routes.sort()).toEqual(['ANY /api/{proxy+}', 'POST /api/conversions', 'POST /webhooks/{channel}/{shopId}']);
  });
});

describe('queues', () => {
  it('have a dead-letter queue each, which keeps what failed five times for two weeks', () => {
    const queues = new Map(prod.ofType('AWS::SQS::Queue'));
    const working = [...queues].filter(([id]) => !id.includes('DeadLetter'));
    expect(working.map(([id]) => id).sort()).toEqual(Object.keys(TOPIC_OF).sort());
    const targets = working.map(([, { Properties }]) => {
      const redrive = Properties['RedrivePolicy'] as { deadLetterTargetArn: Value; maxReceiveCount: number };
      expect(redrive.maxReceiveCount).toBe(5);
      return targetOf(redrive.deadLetterTargetArn);
    });
    expect(new Set(targets).size).toBe(working.length);
    expect(targets.map((id) => queues.get(id)?.Properties['MessageRetentionPeriod'])).toEqual(
      targets.map(() => 14 * 86_400),
    );
  });

  it('show a message again only after six times what its function may take', () => {
    for (const [, { Properties }] of prod.ofType('AWS::Lambda::EventSourceMapping')) {
      const queue = prod.resources.get(targetOf(Properties['EventSourceArn']));
      const listening = prod.resources.get(targetOf(Properties['FunctionName']));
      const timeout = Number(listening?.Properties['Timeout']);
      expect(timeout).toBeGreaterThan(0);
      expect(Number(queue?.Properties['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * timeout);
    }
  });
});

describe('what is kept', () => {
  it('the table of prod cannot be deleted, and can be taken back to any second', () => {
    expect(prod.resources.get('Table')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
  });

  it('the pool is encrypted, in two zones, for the functions alone, and drops nothing silently', () => {
    expect(prod.resources.get('Redis')?.Properties).toMatchObject({
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: true,
      MultiAZEnabled: true,
      AutomaticFailoverEnabled: true,
      NumCacheClusters: 2,
      AuthToken: { 'Fn::Sub': '{{resolve:secretsmanager:${RedisToken}:SecretString}}' },
    });
    expect(prod.resources.get('RedisParameters')?.Properties['Properties']).toEqual({
      'maxmemory-policy': 'noeviction',
    });
    expect(prod.resources.get('RedisSecurityGroup')?.Properties['SecurityGroupIngress']).toEqual([
      { IpProtocol: 'tcp', FromPort: 6379, ToPort: 6379, SourceSecurityGroupId: { Ref: 'FunctionsSecurityGroup' } },
    ]);
  });
});
