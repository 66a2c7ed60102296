import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinition, readFunctionDefinitions } from '../../../infra/huawei/function-definitions';
import { QUEUES } from '../../../infra/local/host/queues';
import { nameOf, TIMERS } from '../../../infra/local/host/schedule';
import { PROJECT } from '../../support/build-bundles';

const YAML = `
audit:
  handler: dist/functions/audit/handler.handler
  description: audits
  memorySize: 256
  timeout: 60
  role: AuditRole
  environment: \${file(infra/aws/environment.yml):\${param:settings}.secretsAndPool}
  package: { patterns: [dist/functions/audit/handler.js, dist/package.json, dist/functions/audit/page/**] }
  maximumRetryAttempts: 0
  maximumEventAge: 60
  events:
    - sqs: { arn: !GetAtt StockChangedQueue.Arn, batchSize: 200, maximumConcurrency: 2 }
    - schedule: { rate: [rate(2 hours)], input: { task: sweep } }
    - httpApi: { method: '*', path: '/api/{proxy+}' }
`;

describe('function definitions', () => {
  it('are those of all folders, with the triggers that the local host has', () => {
    const definitions = readFunctionDefinitions(PROJECT);
    expect(definitions.map(({ name }) => name)).toEqual(readdirSync(join(PROJECT, 'functions')).sort());
    expect(definitions.flatMap(({ name, timers }) => timers.map(({ task }) => `${name}/${task}`)).sort()).toEqual(
      TIMERS.map(nameOf).sort(),
    );
    expect(
      definitions.flatMap(({ name, queues }) => queues.map(({ topic, batchMax }) => [topic, name, batchMax])).sort(),
    ).toEqual(QUEUES.map(({ topic, functionName, batchMax }) => [topic, functionName, batchMax]).sort());
  });

  it('say in words of neither cloud what the file says', () => {
    expect(readDefinition('audit', YAML)).toEqual({
      ...{ name: 'audit', description: 'audits', memoryMb: 256, timeoutS: 60, reservedConcurrency: undefined },
      needs: { secrets: true, pool: true },
      folders: ['page'],
      retries: { attemptsMax: 0, ageSMax: 60 },
      timers: [{ task: 'sweep', every: { count: 2, unit: 'h' } }],
      routes: [{ method: '*', path: '/api/{proxy+}' }],
      queues: [{ topic: 'stock-changed', batchMax: 200, parallelMax: 2 }],
    });
  });

  it.each([
    ['a trigger that this tool does not know', ['- sqs:', '- sns:'], 'audit.events.0: is of none of the known shapes'],
    ['a member that it does not know', ['timeout: 60', 'timeout: 60\n  layers: []'], 'audit: does not know layers'],
    ['a queue of no topic', ['StockChangedQueue', 'RefundQueue'], 'RefundQueue.Arn is the queue of no topic'],
    ['a rate that it cannot say', ['rate(2 hours)', 'cron(0 8 * * ? *)'], 'is not a rate in minutes, hours or days'],
    ['settings of an unknown kind', ['.secretsAndPool', '.everything'], 'environment must end in one of'],
    ['a file of another place', ['audit/page/**', 'console/page/**'], 'is neither the bundle nor a folder beside it'],
    ['a part of a folder', ['page/**', 'page/*.html'], 'is neither the bundle nor a folder beside it'],
    ['another name than the folder', ['audit:\n', 'audits:\n'], "it does not begin with 'audit:'"],
  ])('are refused for %s, with the file and the place', (_, [from = '', to = ''], message) => {
    expect(() => readDefinition('audit', YAML.replace(from, to))).toThrow(`functions/audit/function.yml: `);
    expect(() => readDefinition('audit', YAML.replace(from, to))).toThrow(message);
  });
});
