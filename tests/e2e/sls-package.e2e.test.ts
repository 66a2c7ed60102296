import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { QUEUES } from '../../infra/local/host/queues';
import { nameOf, TIMERS } from '../../infra/local/host/schedule';
import { tableOf } from '../../shared/adapters/dynamodb/table';
import { readConfig, SETTINGS } from '../../shared/config';
import { buildBundles, PROJECT } from '../support/build-bundles';
import { askedMetrics, isCountedIn, writtenDimensions } from './aws-alarms';
import { lambdas, nameBy, opensPool, rightsNeeded, rightsOf, TOPIC_OF, topicsSent } from './aws-roles';
import type { Resource, Stack, Value } from './aws-stack';
import { filesInZip, LEAK, packageStack, referencesIn, targetOf, textOf } from './aws-stack';

const FUNCTIONS = readdirSync(join(PROJECT, 'functions'));

const PAGE = 'dist/functions/console/page';
let pageFiles: string[] = [];

let prod: Stack;
let external: Stack;
let dev: Stack;

beforeAll(() => {
  buildBundles();
  pageFiles = readdirSync(join(PROJECT, PAGE), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(PAGE, entry.parentPath.slice(join(PROJECT, PAGE).length), entry.name))
    .sort();
  // One after the other: the framework works in one folder of the project, .serverless.
  prod = packageStack('prod');
  external = packageStack('trial', ['redis=external', `alarmTopic=${OTHER_TOPIC}`]);
  dev = packageStack('dev');
}, 300_000);

afterAll(() => {
  for (const stack of [prod, external, dev]) rmSync(stack.folder, { recursive: true, force: true });
});

/** A topic that somebody else owns. */
const OTHER_TOPIC = 'arn:aws:sns:us-east-1:123456789012:duty';

describe('the package', () => {
  it('holds every function by itself, with its bundle and nothing else', () => {
    const zips = readdirSync(prod.folder).filter((name) => name.endsWith('.zip'));
    expect(zips).toEqual(FUNCTIONS.map((name) => `${name}.zip`));
    expect(zips.map((zip) => filesInZip(join(prod.folder, zip)).sort())).toEqual(
      FUNCTIONS.map((name) => [
        ...[`dist/functions/${name}/handler.js`, ...(name === 'console' ? pageFiles : []), 'dist/package.json'],
      ]),
    );
  });

  it("holds the console's page whole: documents, and each asset plain and in both compressed forms", () => {
    const files = new Set(filesInZip(join(prod.folder, 'console.zip')));
    for (const document of ['index.html', 'reference.html']) expect(files).toContain(`${PAGE}/${document}`);
    const assets = [...files].filter((path) => path.startsWith(`${PAGE}/assets/`) && !/\.(br|gz)$/.test(path));
    expect(assets.some((path) => /\/main-\w+\.js$/.test(path))).toBe(true);
    for (const path of assets)
      expect([path, files.has(`${path}.br`), files.has(`${path}.gz`)]).toEqual([path, true, true]);
  });

  it('is below what Lambda takes at once: 50 MB', () => {
    for (const name of FUNCTIONS) expect(statSync(join(prod.folder, `${name}.zip`)).size).toBeLessThan(50_000_000);
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

  it('deny their code what Lambda alone does with their rights: joining the network', () => {
    for (const lambda of lambdas(prod)) {
      const allowed = rightsOf(prod, lambda).filter((right) => right.startsWith('ec2:'));
      expect([lambda.name, rightsOf(prod, lambda, 'Deny')]).toEqual([lambda.name, allowed]);
      const functionArn = `:function:${textOf(lambda.resource.Properties['FunctionName'])}"`;
      const role = JSON.stringify(prod.resources.get(targetOf(lambda.resource.Properties['Role'])));
      expect([lambda.name, role.includes(functionArn)]).toEqual([lambda.name, allowed.length > 0]);
    }
  });

  it('send what their bundles hold: the search finds messages', () => {
    expect(topicsSent('order-ingestion')).toEqual(['platform-order-changed']);
    expect(topicsSent('document-conversion')).toEqual([
      'delivery-order-ready',
      'platform-order-changed',
      'stock-changed',
    ]);
  });

  it('keep their logs for a stated time', () => {
    for (const { id } of lambdas(prod)) {
      const group = prod.resources.get(id.replace(/LambdaFunction$/, 'LogGroup'));
      expect([id, group?.Properties['RetentionInDays']]).toEqual([id, 60]);
    }
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

  it('run as often at once as their rates allow: pushes once for each timer, all others as AWS has room', () => {
    const reserved = lambdas(prod).map(({ name, resource }) => [
      name,
      resource.Properties['ReservedConcurrentExecutions'],
    ]);
    const pushing = TIMERS.filter(({ functionName }) => functionName === 'ratio-sync-push').length;
    expect(Object.fromEntries(reserved)).toEqual(
      Object.fromEntries(FUNCTIONS.map((name) => [name, name === 'ratio-sync-push' ? pushing : undefined])),
    );
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
    expect(routes.sort()).toEqual([
      ...['ANY /api/{proxy+}', 'GET /', 'GET /{proxy+}', 'HEAD /', 'HEAD /{proxy+}', 'POST /api/conversions'],
      'POST /webhooks/{channel}/{shopId}',
    ]);
  });

  it('each call the function that the local host calls, with the payload whose base64 the gateway turns into bytes', () => {
    const called = prod.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const [, target] = (Properties['Target'] as { 'Fn::Join': [string, [string, Value]] })['Fn::Join'][1];
      const integration = prod.resources.get(targetOf(target))?.Properties ?? {};
      expect(integration['PayloadFormatVersion']).toBe('2.0');
      return [textOf(Properties['RouteKey']), nameBy(prod, targetOf(integration['IntegrationUri']))];
    });
    expect(Object.fromEntries(called)).toEqual({
      ...Object.fromEntries(
        ['ANY /api/{proxy+}', 'GET /', 'GET /{proxy+}', 'HEAD /', 'HEAD /{proxy+}'].map((route) => [route, 'console']),
      ),
      'POST /api/conversions': 'document-conversion',
      'POST /webhooks/{channel}/{shopId}': 'order-ingestion',
    });
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
  it('lies in the table that the store writes to', () => {
    const { TableName, ...table } = tableOf('yipan');
    expect(TableName).toBe('yipan');
    expect(prod.resources.get('Table')?.Properties).toMatchObject(table);
  });

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

describe('alarms', () => {
  it('ask for what the function that they name writes, by the name under which it is deployed', () => {
    const asked = askedMetrics(prod).filter(({ namespace }) => namespace === 'Yipan');
    const deployed = new Map(lambdas(prod).map(({ name, resource }) => [resource.Properties['FunctionName'], name]));
    expect(asked.length).toBeGreaterThan(20);
    for (const { alarm, metric, dimensions } of asked) {
      const name = deployed.get(dimensions['function'] ?? '');
      expect([alarm, metric, name !== undefined && isCountedIn(name, metric)]).toEqual([alarm, metric, true]);
      expect([alarm, writtenDimensions(metric, dimensions)]).toEqual([alarm, dimensions]);
    }
  });

  it('on errors, throttling and time are there for every function, on silence for those with a timer', () => {
    const watched = (metric: string): (string | undefined)[] =>
      askedMetrics(prod)
        .filter((asked) => asked.namespace === 'AWS/Lambda' && asked.metric === metric)
        .map(({ dimensions }) => dimensions['FunctionName']?.split('-').slice(2).join('-'))
        .sort();
    for (const metric of ['Errors', 'Throttles', 'Duration']) expect(watched(metric)).toEqual(FUNCTIONS);
    expect(watched('Invocations')).toEqual([...new Set(TIMERS.map(({ functionName }) => functionName))].sort());
  });

  it('on age and dead letters are there for every queue', () => {
    const asked = askedMetrics(prod).filter(({ namespace }) => namespace === 'AWS/SQS');
    const told = asked.map(({ metric, dimensions }) => `${metric} ${dimensions['QueueName'] ?? ''}`);
    expect(told.sort()).toEqual(
      [
        ...Object.keys(TOPIC_OF).map((id) => `ApproximateAgeOfOldestMessage ${id}`),
        ...Object.keys(TOPIC_OF).map(
          (id) => `ApproximateNumberOfMessagesVisible ${id.replace('Queue', 'DeadLetterQueue')}`,
        ),
      ].sort(),
    );
  });

  it('ring at the topic that somebody has named, or at one of the stack', () => {
    const topics = (stack: Stack): Set<string> =>
      new Set(
        stack.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => JSON.stringify(Properties['AlarmActions'])),
      );
    expect([...topics(prod)]).toEqual(['[{"Ref":"AlarmTopic"}]']);
    expect([...topics(external)]).toEqual([JSON.stringify([OTHER_TOPIC])]);
    expect(external.ofType('AWS::SNS::Topic')).toEqual([]);
  });
});

describe('the stack', () => {
  it.each([
    ['prod', () => prod],
    ['trial', () => external],
    ['dev', () => dev],
  ] as const)('of stage %s refers to nothing that is not in it', (_, stackOf) => {
    const stack = stackOf();
    const asked = [...stack.resources.values()].flatMap((resource) => referencesIn(resource as unknown as Value));
    expect(asked).toContain('Table');
    expect(asked.filter((id) => !stack.resources.has(id))).toEqual([]);
  });
});
