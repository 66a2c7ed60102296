const { functions } = require('./names.cjs');

// One role a function, with what it does and nothing else. A function that starts to send or to take messages of another
// topic needs a row here; tests/e2e/sls-package.e2e.test.ts reads the code for it.

const RIGHTS = {
  'order-ingestion': { sends: ['PlatformOrderChanged'] },
  'document-conversion': {
    takes: ['PlatformOrderChanged'],
    sends: ['PlatformOrderChanged', 'DeliveryOrderReady', 'StockChanged'],
  },
  'auto-audit': { takes: ['DeliveryOrderReady'], sends: ['PlatformOrderChanged'] },
  'stock-change-capture': { takes: ['StockChanged'], sends: ['PlatformOrderChanged', 'StockChanged'], pool: true },
  'ratio-sync-push': { sends: ['PlatformOrderChanged'], pool: true },
  console: { sends: ['PlatformOrderChanged', 'DeliveryOrderReady', 'StockChanged'], pool: true },
};

const arnOf = (id) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const queueArns = (topics) => topics.map((topic) => arnOf(`${topic}Queue`));
const allow = (Action, Resource) => ({ Effect: 'Allow', Action, Resource });

/** No scan, no delete, no update: a document is put on condition of its version, and stays. */
const STORE = [
  allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem'], [arnOf('Table')]),
  allow(
    ['dynamodb:Query'],
    ['open', 'list'].map((index) => ({ 'Fn::Sub': `\${Table.Arn}/index/${index}` })),
  ),
];

const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
];

/**
 * Lambda connects a function to its network with the function's own rights, and AWS takes no narrower resource for these:
 * so they are Lambda's alone, and the function's code is denied them.
 */
const network = (functionName) => [
  allow(NETWORK_ACTIONS, '*'),
  {
    Effect: 'Deny',
    Action: NETWORK_ACTIONS,
    Resource: '*',
    Condition: {
      ArnEquals: {
        'lambda:SourceFunctionArn': {
          'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionName}`,
        },
      },
    },
  },
];

function roleOf({ name, logGroupId }, { takes = [], sends = [], pool = false }, { inNetwork, stage }) {
  const Statement = [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [arnOf(logGroupId)]),
    ...STORE,
    ...(sends.length > 0 ? [allow(['sqs:SendMessage'], queueArns(sends))] : []),
    ...(takes.length > 0
      ? [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queueArns(takes))]
      : []),
    ...(pool && inNetwork ? network(`yipan-${stage}-${name}`) : []),
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `yipan ${name}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  };
}

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const inNetwork = (await resolveVariable('param:redis')) === 'own';
  return {
    Resources: Object.fromEntries(
      functions.map((one) => [`${one.pascal}Role`, roleOf(one, RIGHTS[one.name] ?? {}, { inNetwork, stage })]),
    ),
  };
};
