const { functions, queues, stages } = require('./names.cjs');

// One page for the engineer on duty, in the order of the questions: do orders come in and get through, do shops show what
// they should, is anything stuck, and do the parts work.

const WIDTH = 8;
const HEIGHT = 6;

const refOf = (functionName) => `\${${functions.find(({ name }) => name === functionName).lambdaId}}`;

/** A metric of ours, for one function as a whole, or by one more dimension. */
const ours = (metric, functionName, stat = 'Sum', more = {}) => [
  'Yipan',
  metric,
  'function',
  refOf(functionName),
  ...Object.entries(more).flat(),
  { stat },
];

/** A metric of ours by all values of a dimension. */
const by = (metric, dimension, functionName) => [
  {
    expression: `SEARCH('{Yipan,function,${dimension}} MetricName="${metric}" function="${refOf(functionName)}"', 'Sum')`,
  },
];

const eachFunction = (metric, stat) =>
  functions.map(({ lambdaId }) => ['AWS/Lambda', metric, 'FunctionName', `\${${lambdaId}}`, { stat }]);
const eachQueue = (suffix, metric) =>
  queues.map((topic) => ['AWS/SQS', metric, 'QueueName', `\${${topic}${suffix}.QueueName}`, { stat: 'Maximum' }]);

const push = (metric, stat) => ours(metric, 'ratio-sync-push', stat);
const ingest = (metric) => ours(metric, 'order-ingestion');

const WIDGETS = [
  ['Orders stored, by channel', [by('orders.stored', 'channel', 'order-ingestion')]],
  ['Conversions, by outcome', [by('orders.conversions', 'outcome', 'document-conversion')]],
  ['Audits, by outcome', [by('orders.audits', 'outcome', 'auto-audit')]],
  ['Stock change → pushed, ms', [push('sync.delay', 'p50'), push('sync.delay', 'p95'), push('sync.delay', 'Maximum')]],
  [
    'Pushes, by outcome',
    ['sync.pushed', 'sync.shown', 'sync.failed', 'sync.unknown', 'sync.saved-pushes'].map((name) => push(name)),
  ],
  [
    'Platform calls and flow control',
    ['sync.calls', 'sync.read-backs', 'sync.flow-control', 'sync.suspects'].map((name) => push(name)),
  ],
  [
    'Oldest waiting, s, by stage',
    Object.entries(stages).map(([stage, name]) => ours('waiting.oldest', name, 'Maximum', { stage })),
  ],
  ['Webhooks', ['webhook.accepted', 'webhook.refused', 'webhook.bad-signature', 'ingestion.quarantined'].map(ingest)],
  ['Polling and pulling', ['ingestion.poll-failed', 'ingestion.pull-failed', 'ingestion.recovered'].map(ingest)],
  ['Function errors', eachFunction('Errors', 'Sum')],
  ['Function duration, p95 ms', eachFunction('Duration', 'p95')],
  ['Calls', eachFunction('Invocations', 'Sum')],
  ['Age of the oldest message, s', eachQueue('Queue', 'ApproximateAgeOfOldestMessage')],
  ['Dead letters', eachQueue('DeadLetterQueue', 'ApproximateNumberOfMessagesVisible')],
  ['Messages dropped', functions.map(({ name }) => ours('bus.dropped', name))],
  ['Store conflicts', functions.map(({ name }) => ours('store.conflicts', name))],
  [
    'Store units',
    ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'WriteThrottleEvents'].map((metric) => [
      'AWS/DynamoDB',
      metric,
      'TableName',
      '${Table}',
      { stat: 'Sum' },
    ]),
  ],
];

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const widgets = WIDGETS.map(([title, metrics], i) => ({
    type: 'metric',
    x: (i % 3) * WIDTH,
    y: Math.floor(i / 3) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title, metrics, period: 300, region: '${AWS::Region}', view: 'timeSeries' },
  }));
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: `yipan-${stage}`, DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
      },
    },
  };
};
