const { functions, queues, stages } = require('./names.cjs');

// Every alarm has a section of its name in infra/watch/runbook.md (tests/unit/watch holds them to each other). A line here is
// one alarm, or one for each function, queue or stage: `name/which`. An alarm costs 0.10 USD a month.

const MINUTES = 60;
const HOURS = 3600;

const named = (name) => functions.find((one) => one.name === name);
const dimensions = (values) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

/** A metric of AWS itself. */
const aws = (Namespace, MetricName, values, statistic = 'Sum') => ({
  Namespace,
  MetricName,
  Dimensions: dimensions(values),
  ...statisticOf(statistic),
});

/** A metric of ours (shared/ports/log.ts), for one function as a whole or one stage of it. */
const ours = (MetricName, functionName, statistic = 'Sum', more = {}) =>
  aws('Yipan', MetricName, { function: { Ref: named(functionName).lambdaId }, ...more }, statistic);

const statisticOf = (statistic) =>
  /^p\d/.test(statistic) ? { ExtendedStatistic: statistic } : { Statistic: statistic };

/** Alarms where `metric` is above `over` in `times` of `of` periods in a row. */
const above = (metric, over, { every, times = 1, of = times }) => ({
  ...metric,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: over,
  Period: every,
  EvaluationPeriods: of,
  DatapointsToAlarm: times,
  TreatMissingData: 'notBreaching',
});

/** Alarms where nothing was counted for so many periods. */
const silent = (metric, { every, times }) => ({
  ...metric,
  ComparisonOperator: 'LessThanThreshold',
  Threshold: 1,
  Period: every,
  EvaluationPeriods: times,
  TreatMissingData: 'breaching',
});

/** Alarms on the sum of several metrics. */
const sumAbove = (metrics, over, { every, times = 1 }) => ({
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: over,
  EvaluationPeriods: times,
  TreatMissingData: 'notBreaching',
  Metrics: [
    { Id: 'sum', Expression: `SUM([${metrics.map((_, i) => `FILL(m${i},0)`).join(',')}])`, ReturnData: true },
    ...metrics.map(({ Statistic, ...Metric }, i) => ({
      Id: `m${i}`,
      MetricStat: { Metric, Period: every, Stat: Statistic },
      ReturnData: false,
    })),
  ],
});

function functionAlarms({ name, lambdaId, timeoutMs }) {
  const lambda = (metric, statistic) => aws('AWS/Lambda', metric, { FunctionName: { Ref: lambdaId } }, statistic);
  return {
    [`function-errors/${name}`]: above(lambda('Errors'), 0, { every: 5 * MINUTES, times: 2, of: 3 }),
    [`function-throttles/${name}`]: above(lambda('Throttles'), 0, { every: 5 * MINUTES, times: 3 }),
    // A sweep with much to do ends by itself 10 s before its time limit: only what comes nearer is at risk.
    [`function-slow/${name}`]: above(lambda('Duration', 'p99'), Math.round(timeoutMs * 0.9), {
      every: 5 * MINUTES,
      times: 3,
    }),
    // Every function but the console has a timer of a minute or two.
    ...(name !== 'console' && {
      [`function-silent/${name}`]: silent(lambda('Invocations'), { every: 5 * MINUTES, times: 2 }),
    }),
  };
}

function queueAlarms(topic) {
  const depth = (id, metric) => aws('AWS/SQS', metric, { QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } }, 'Maximum');
  return {
    [`dead-letters/${topic}`]: above(depth(`${topic}DeadLetterQueue`, 'ApproximateNumberOfMessagesVisible'), 0, {
      every: 5 * MINUTES,
    }),
    [`queue-age/${topic}`]: above(depth(`${topic}Queue`, 'ApproximateAgeOfOldestMessage'), 300, {
      every: MINUTES,
      times: 5,
    }),
  };
}

function storeAlarms() {
  const table = (metric, more = {}) => aws('AWS/DynamoDB', metric, { TableName: { Ref: 'Table' }, ...more });
  const throttles = (metric, index) =>
    above(table(metric, index && { GlobalSecondaryIndexName: index }), 10, { every: 5 * MINUTES, times: 2 });
  return {
    'table-throttles/read': throttles('ReadThrottleEvents'),
    'table-throttles/write': throttles('WriteThrottleEvents'),
    // An index that is behind turns writes of the table away.
    'table-throttles/open-index': throttles('WriteThrottleEvents', 'open'),
    'table-throttles/list-index': throttles('WriteThrottleEvents', 'list'),
    'store-conflicts': sumAbove(
      functions.map(({ name }) => ours('store.conflicts', name)),
      1000,
      { every: 5 * MINUTES, times: 3 },
    ),
  };
}

function businessAlarms(silentHours) {
  const push = (metric, statistic) => ours(metric, 'ratio-sync-push', statistic);
  const ingest = (metric) => ours(metric, 'order-ingestion');
  return {
    ...Object.fromEntries(
      Object.entries(stages).map(([stage, functionName]) => [
        `waiting-oldest/${stage}`,
        above(ours('waiting.oldest', functionName, 'Maximum', { stage }), 300, { every: 5 * MINUTES, times: 2 }),
      ]),
    ),
    ...Object.fromEntries(
      ['document-conversion', 'auto-audit', 'stock-change-capture'].map((name) => [
        `sweep-failed/${name}`,
        above(ours('sweep.failed', name), 0, { every: 5 * MINUTES, times: 3 }),
      ]),
    ),
    'bus-dropped': sumAbove(
      functions.map(({ name }) => ours('bus.dropped', name)),
      0,
      { every: 5 * MINUTES, times: 3 },
    ),
    'pool-failed': sumAbove(
      ['stock-change-capture', 'ratio-sync-push'].map((name) => ours('pool.failed', name)),
      0,
      { every: 5 * MINUTES, times: 3 },
    ),
    'sync-delay': above(push('sync.delay', 'p95'), 300_000, { every: 5 * MINUTES, times: 3 }),
    'sync-failing': sumAbove([push('sync.failed'), push('sync.unknown')], 50, { every: 5 * MINUTES, times: 3 }),
    'flow-control': above(push('sync.flow-control'), 20, { every: 5 * MINUTES, times: 3 }),
    'intake-failing': sumAbove([ingest('ingestion.poll-failed'), ingest('ingestion.pull-failed')], 3, {
      every: 5 * MINUTES,
      times: 2,
    }),
    quarantined: above(ingest('ingestion.quarantined'), 0, { every: 5 * MINUTES }),
    'webhook-signature': above(ingest('webhook.bad-signature'), 20, { every: 5 * MINUTES }),
    'webhook-refused': above(ingest('webhook.refused'), 5, { every: 5 * MINUTES, times: 2 }),
    'no-orders': silent(ingest('orders.stored'), { every: HOURS, times: silentHours }),
    'api-errors': above(aws('AWS/ApiGateway', '5xx', { ApiId: { Ref: 'HttpApi' } }), 5, { every: 5 * MINUTES }),
  };
}

function redisAlarms() {
  const node = { CacheClusterId: { 'Fn::Sub': '${Redis}-001' } };
  const redis = (metric) => aws('AWS/ElastiCache', metric, node, 'Maximum');
  return {
    'redis-memory': above(redis('DatabaseMemoryUsagePercentage'), 80, { every: 5 * MINUTES, times: 3 }),
    'redis-cpu': above(redis('EngineCPUUtilization'), 80, { every: 5 * MINUTES, times: 3 }),
  };
}

const idOf = (name) => `${name.replace(/(^|[-/])(\w)/g, (_, __, letter) => letter.toUpperCase())}Alarm`;

module.exports = async ({ resolveVariable }) => {
  const [stage, topic, redis, silentHours] = await Promise.all(
    ['sls:stage', 'param:alarmTopic', 'param:redis', 'param:silentHours'].map(resolveVariable),
  );
  const alarms = {
    ...Object.assign({}, ...functions.map(functionAlarms), ...queues.map(queueAlarms)),
    ...storeAlarms(),
    ...businessAlarms(Number(silentHours)),
    ...(redis === 'own' && redisAlarms()),
  };
  const target = topic || { Ref: 'AlarmTopic' };
  const resources = Object.entries(alarms).map(([name, properties]) => [
    idOf(name),
    {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `yipan-${stage}/${name}`,
        AlarmDescription: `infra/watch/runbook.md, section ${name.split('/')[0]}`,
        AlarmActions: [target],
        OKActions: [target],
        ...properties,
      },
    },
  ]);
  return {
    Resources: {
      ...(!topic && { AlarmTopic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `Yipan ${stage}` } } }),
      ...Object.fromEntries(resources),
    },
  };
};
