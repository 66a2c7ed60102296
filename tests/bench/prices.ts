/** A price of a cloud's list, in the list's currency, before any free tier or discount. */
export interface Price {
  readonly perUnit: number;
  readonly unit: string;
  readonly source: string;
}

const MILLION = 1_000_000;
const per = (million: number): number => million / MILLION;

/** us-east-1, on demand, US dollars. */
export const AWS = {
  writeUnit: {
    perUnit: per(0.625),
    unit: 'write request unit',
    source: 'airbyte.com, DynamoDB pricing (since 2024-11)',
  },
  readUnit: { perUnit: per(0.125), unit: 'read request unit', source: 'airbyte.com, DynamoDB pricing (since 2024-11)' },
  storedGbMonth: { perUnit: 0.25, unit: 'GB-month in DynamoDB', source: 'aws.amazon.com/dynamodb/pricing' },
  functionCall: { perUnit: per(0.2), unit: 'Lambda request', source: 'cloudchipr.com, AWS Lambda pricing' },
  functionGbS: {
    perUnit: 0.0000166667,
    unit: 'GB-second of Lambda, x86',
    source: 'cloudchipr.com, AWS Lambda pricing',
  },
  httpRequest: { perUnit: per(1), unit: 'request of an HTTP API', source: 'apigatewaycost.com/aws' },
  queueRequest: { perUnit: per(0.4), unit: 'SQS request', source: 'cloudburn.io, Amazon SQS pricing (2026-03)' },
  timerCall: {
    perUnit: per(1),
    unit: 'call of a timer, at the price of EventBridge Scheduler',
    source: 'aws.amazon.com/eventbridge/pricing; rules may cost less',
  },
  logGb: { perUnit: 0.5, unit: 'GB of CloudWatch Logs taken in', source: 'go-cloud.io, AWS API Gateway pricing' },
} as const satisfies Readonly<Record<string, Price>>;

/** What stands there whether orders come or not, US dollars an hour or a month: stage prod of serverless.yml. */
export const AWS_STANDING: readonly (Price & { readonly what: string; readonly perMonth: number })[] = [
  {
    ...{ what: 'NAT gateway (functions in a network call platforms)', perUnit: 0.045, unit: 'hour' },
    ...{ perMonth: 730, source: 'egresscost.com/nat-gateway; 0.045 per GB come on top' },
  },
  {
    ...{ what: 'SQS endpoint in two zones', perUnit: 0.01, unit: 'zone-hour' },
    ...{ perMonth: 2 * 730, source: 'egresscost.com/nat-gateway, interface endpoints' },
  },
  {
    ...{ what: 'Redis, two cache.t4g.small', perUnit: 0.032, unit: 'node-hour' },
    ...{ perMonth: 2 * 730, source: 'aws.amazon.com/elasticache/pricing; general knowledge, to be checked' },
  },
];

/** China, renminbi. */
export const HUAWEI = {
  functionCall: {
    perUnit: per(1.33),
    unit: 'FunctionGraph request',
    source: 'support.huaweicloud.com/price-functiongraph',
  },
  functionGbS: { perUnit: 0.00011108, unit: 'GB-second', source: 'support.huaweicloud.com/price-functiongraph' },
} as const satisfies Readonly<Record<string, Price>>;

/** Billed by the instance and hour, at prices that only the live price page shows: not in any sum here. */
export const HUAWEI_BY_INSTANCE = ['GeminiDB (DynamoDB API)', 'DMS Kafka', 'DCS Redis', 'APIG', 'LTS'] as const;

/** Total of the resource list of the architecture that this one replaces, renminbi, as that list states it. */
export const REPLACED_LIST_CNY = 397_221.8;
