import fc from 'fast-check';
import { AppError } from '../../../shared/errors';
import { readTriggerEvent } from '../../../shared/platform/trigger-event';

const BODY = '{"tid":"3724567890123456789","备注":"周五前送到"}';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** What an HTTP event is read as; the body as text. */
function http(event: unknown) {
  const read = readTriggerEvent(event);
  if (read.kind !== 'http') throw new Error(`expected http, found ${read.kind}`);
  const { rawBody, ...rest } = read.request;
  return { ...rest, body: rawBody.toString('utf8') };
}

describe('HTTP events', () => {
  const apig = {
    body: base64(BODY),
    isBase64Encoded: true,
    requestContext: { apiId: 'bc1d', requestId: '11cd', stage: 'RELEASE' },
    httpMethod: 'POST',
    path: '/orders/42',
    pathParameters: {},
    queryStringParameters: { responseType: 'html' },
    headers: { host: 'example.test', 'event-sign': 'ab12' },
  };

  it('of APIG carry their body in base64: the bytes that were sent come out', () => {
    expect(http(apig)).toEqual({
      method: 'POST',
      path: '/orders/42',
      query: { responseType: 'html' },
      headers: { host: 'example.test', 'event-sign': 'ab12' },
      body: BODY,
    });
  });

  it('keep bytes that are no text as they are, since signatures are checked on them', () => {
    const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0x0a]);
    const read = readTriggerEvent({ ...apig, body: bytes.toString('base64') });
    expect(read.kind === 'http' && read.request.rawBody.equals(bytes)).toBe(true);
  });

  it('of the HTTP API (payload 2.0) carry method and path in their context', () => {
    const event = {
      version: '2.0',
      routeKey: 'POST /push/{shopId}',
      rawPath: '/push/tmall-1',
      rawQueryString: 'a=1&a=2',
      headers: { 'Content-Type': 'application/json', 'x-forwarded-for': '203.0.113.7' },
      queryStringParameters: { a: '1,2' },
      requestContext: {
        apiId: 'r3pmxmplak',
        http: { method: 'post', path: '/prod/push/tmall-1', sourceIp: '203.0.113.7' },
      },
      body: BODY,
      isBase64Encoded: false,
    };
    expect(http(event)).toEqual({
      method: 'POST',
      path: '/push/tmall-1',
      query: { a: '1,2' },
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' },
      body: BODY,
    });
  });

  it('of the HTTP API carry cookies beside their headers: they come back to where HTTP has them', () => {
    const event = {
      ...{ version: '2.0', rawPath: '/api/session', headers: { accept: '*/*' }, isBase64Encoded: false },
      cookies: ['__Host-yipan_session=a.b', 'theme=dark'],
      requestContext: { http: { method: 'GET', path: '/api/session' } },
    };
    expect(http(event).headers).toEqual({ accept: '*/*', cookie: '__Host-yipan_session=a.b; theme=dark' });
    expect(http({ ...event, cookies: [] }).headers).toEqual({ accept: '*/*' });
  });

  it('of the HTTP API leave out query and body where there are none', () => {
    const event = {
      version: '2.0',
      rawPath: '/',
      headers: {},
      requestContext: { http: { method: 'GET', path: '/' } },
      isBase64Encoded: false,
    };
    expect(http(event)).toEqual({ method: 'GET', path: '/', query: {}, headers: {}, body: '' });
  });

  it('of the REST API (payload 1.0) say null for what is not there', () => {
    const event = {
      resource: '/{proxy+}',
      path: '/api/shops',
      httpMethod: 'GET',
      headers: { Authorization: 'Bearer t', Accept: '*/*' },
      multiValueHeaders: { Authorization: ['Bearer t'], Accept: ['*/*'] },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: { proxy: 'api/shops' },
      stageVariables: null,
      requestContext: { apiId: 'r3pmxmplak', stage: 'prod' },
      body: null,
      isBase64Encoded: false,
    };
    expect(http(event)).toEqual({
      method: 'GET',
      path: '/api/shops',
      query: {},
      headers: { authorization: 'Bearer t', accept: '*/*' },
      body: '',
    });
  });

  it('take numbers and switches among the query for text, and pass over what is null', () => {
    const event = { ...apig, queryStringParameters: { limit: 50, open: true, after: null } };
    expect(http(event).query).toEqual({ limit: '50', open: 'true' });
  });

  it('take a body for text that says it is not base64', () => {
    expect(http({ ...apig, body: base64(BODY), isBase64Encoded: false }).body).toBe(base64(BODY));
  });
});

describe('timer events', () => {
  it.each<[string, unknown, string]>([
    [
      'of FunctionGraph carry the task in user_event',
      {
        ...{ version: 'v2.0', time: '2026-03-08T14:00:00+08:00', trigger_type: 'TIMER' },
        ...{ trigger_name: 'Timer_001', user_event: 'poll-messages' },
      },
      'poll-messages',
    ],
    ['of FunctionGraph may carry none', { version: 'v1.0', trigger_type: 'TIMER', trigger_name: 'Timer_001' }, ''],
    [
      'of EventBridge carry it in detail',
      {
        ...{ version: '0', id: '53dc4d37', 'detail-type': 'Scheduled Event', source: 'aws.events' },
        ...{ time: '2026-03-08T06:00:00Z', resources: ['arn:aws:events:rule/r'], detail: { task: 'sweep' } },
      },
      'sweep',
    ],
    [
      'of EventBridge may carry none',
      { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {}, resources: [] },
      '',
    ],
    ['of EventBridge are known by their source alone', { source: 'aws.events', detail: { task: 'sweep' } }, 'sweep'],
    [
      'of EventBridge are known by their type alone',
      { 'detail-type': 'Scheduled Event', detail: { task: 'sweep' } },
      'sweep',
    ],
    ['of the EventBridge Scheduler are what was put in', { task: 'pull-modified' }, 'pull-modified'],
  ])('%s', (_, event, task) => {
    expect(readTriggerEvent(event)).toEqual({ kind: 'timer', task });
  });
});

describe('queue events', () => {
  it('of SQS carry an id for each message, and take failures one by one', () => {
    const record = (messageId: string, body: string) => ({
      ...{ messageId, receiptHandle: 'AQEB', body, md5OfBody: 'e4e6' },
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1772949600000' },
      messageAttributes: {},
      ...{ eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:orders', awsRegion: 'cn-north-1' },
    });
    expect(readTriggerEvent({ Records: [record('059f36b4', '{"n":1}'), record('2e1424d4', '备注')] })).toEqual({
      kind: 'queue',
      items: [
        { itemId: '059f36b4', text: '{"n":1}' },
        { itemId: '2e1424d4', text: '备注' },
      ],
      partialFailure: true,
    });
  });

  it('of DMS Kafka carry texts of several topics, and take no failure per message', () => {
    const event = {
      event_version: 'v1.0',
      event_time: 1_772_949_600,
      trigger_type: 'KAFKA',
      region: 'cn-north-4',
      instance_id: 'i-1',
      records: [
        { messages: ['m1', 'm2'], topic_id: 'orders' },
        { messages: [], topic_id: 'empty' },
        { messages: ['m3'], topic_id: 'stock' },
      ],
    };
    expect(readTriggerEvent(event)).toEqual({
      kind: 'queue',
      items: [
        { itemId: '0', text: 'm1' },
        { itemId: '1', text: 'm2' },
        { itemId: '2', text: 'm3' },
      ],
      partialFailure: false,
    });
  });

  it.each(['aws:kafka', 'SelfManagedKafka'])('of %s carry base64 by topic and partition', (eventSource) => {
    const record = (topic: string, partition: number, offset: number, text: string) => ({
      ...{ topic, partition, offset, timestamp: 1_772_949_600_000, timestampType: 'CREATE_TIME' },
      ...{ key: base64('k'), value: base64(text), headers: [] },
    });
    const event = {
      ...{ eventSource, bootstrapServers: 'b-1:9094' },
      records: {
        'orders-0': [record('orders', 0, 15, '{"n":1}'), record('orders', 0, 16, '周五前送到')],
        'orders-1': [record('orders', 1, 7, 'm3')],
      },
    };
    expect(readTriggerEvent(event)).toEqual({
      kind: 'queue',
      items: [
        { itemId: 'orders-0@15', text: '{"n":1}' },
        { itemId: 'orders-0@16', text: '周五前送到' },
        { itemId: 'orders-1@7', text: 'm3' },
      ],
      partialFailure: false,
    });
  });

  it('keep a message that is no text as its JSON, so that it is parked and not passed over', () => {
    const event = { trigger_type: 'KAFKA', records: [{ messages: ['m1', { n: 2 }, null, 'm3'] }] };
    const read = readTriggerEvent(event);
    expect(read.kind === 'queue' && read.items.map(({ text }) => text)).toEqual(['m1', '{"n":2}', 'null', 'm3']);
  });

  it('keep a place for a Kafka message without a value', () => {
    const records = { 'orders-0': [{ topic: 'orders', partition: 0, offset: 15, key: base64('k'), value: null }] };
    expect(readTriggerEvent({ eventSource: 'aws:kafka', records })).toMatchObject({
      items: [{ itemId: 'orders-0@15', text: '' }],
    });
  });

  it.each<[string, object, boolean]>([
    ['SQS', { Records: [] }, true],
    ['DMS Kafka', { trigger_type: 'KAFKA', records: [] }, false],
    ['MSK', { eventSource: 'aws:kafka', records: {} }, false],
  ])('of %s may hold nothing', (_, event, partialFailure) => {
    expect(readTriggerEvent(event)).toEqual({ kind: 'queue', items: [], partialFailure });
  });
});

const SQS_RECORD = { messageId: '059f36b4', body: '{}', eventSource: 'aws:sqs' };

describe('events that nobody knows', () => {
  function refusal(event: unknown): AppError {
    try {
      readTriggerEvent(event);
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('expected BAD_EVENT');
  }

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'TIMER'],
    ['a number', 42],
    ['a list', [{ task: 'sweep' }]],
    ['an empty object', {}],
    ['a bucket notice', { Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'b' } } }] }],
    [
      'a batch of which one record is of another source',
      { Records: [{ eventSource: 'aws:sqs' }, { eventSource: 'aws:s3' }] },
    ],
    ['an SQS batch of which one message has no id', { Records: [SQS_RECORD, { ...SQS_RECORD, messageId: '' }] }],
    ['an SQS batch of which one message has no body', { Records: [SQS_RECORD, { ...SQS_RECORD, body: null }] }],
    ['an SQS batch that holds something else', { Records: [SQS_RECORD, null] }],
    ['a Kafka record without messages', { trigger_type: 'KAFKA', records: [{ messages: ['m'] }, { topic_id: 't' }] }],
    ['a Kafka record that is none', { trigger_type: 'KAFKA', records: [{ messages: ['m'] }, null] }],
    ['MSK records that are no lists', { eventSource: 'aws:kafka', records: { 'orders-0': [], 'orders-1': {} } }],
    ['an MSK record that is none', { eventSource: 'SelfManagedKafka', records: { 'orders-0': ['text'] } }],
    [
      'an MSK record whose topic no text can be made of',
      { eventSource: 'aws:kafka', records: { 'orders-0': [{ topic: { toString: '' }, partition: 0, offset: 1 }] } },
    ],
    ['an MSK record without its place', { eventSource: 'aws:kafka', records: { 'orders-0': [{ topic: 'orders' }] } }],
    [
      "FunctionGraph's notice of a failed call",
      {
        timestamp: '2020-08-20T12:00:00.000Z+08:00',
        request_context: { request_id: 'r', approximate_invoke_count: 1 },
        request_payload: '{"trigger_type":"TIMER"}',
        response_context: { status_code: 200, function_error: 'boom' },
        response_payload: '',
      },
    ],
    ['a topic notice', { record: [{ event_source: 'smn', smn: { message: 'm' } }] }],
    ['a RocketMQ batch', { trigger_type: 'ROCKETMQ', records: [{ messages: ['m'] }] }],
    ['records by topic of another source', { eventSource: 'aws:mq', records: { 'orders-0': [] } }],
    ['a Kafka trigger without records', { trigger_type: 'KAFKA' }],
    ['a request without its method', { requestContext: {}, path: '/' }],
    ['a request without its path', { requestContext: { http: { method: 'GET' } } }],
    ['a task that is no text', { task: 7 }],
  ])('are refused: %s', (_, event) => {
    expect(refusal(event).code).toBe('BAD_EVENT');
  });

  it('are told by the names and kinds of their members, two levels deep', () => {
    const event = {
      trigger_type: 'LTS',
      lts: { data: 'secret', at: 1, deep: { deeper: { deepest: 1 } }, rows: ['secret', 2] },
      list: [{ a: 'x' }, 2],
      none: null,
    };
    expect(refusal(event).facts).toEqual({
      outline: {
        trigger_type: 'string',
        lts: { data: 'string', at: 'number', deep: 'object', rows: 'array' },
        list: ['object'],
        none: 'null',
      },
    });
  });

  it('are told in few words, however wide they are', () => {
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`member${i}`, i]));
    expect(Object.keys(refusal(wide).facts['outline'] as object)).toHaveLength(30);
  });

  it('never leak a value, neither in the facts nor in the message', () => {
    const value = fc.oneof(
      fc.integer({ min: 100_000, max: 999_999 }).map((n) => `secret-${n}`),
      fc.integer({ min: 13_000_000_000, max: 13_999_999_999 }),
    );
    const event = fc.object({
      key: fc.constantFrom('a', 'b', 'c', 'list'),
      values: [value],
      maxDepth: 4,
      withBigInt: false,
    });
    fc.assert(
      fc.property(event, (given) => {
        const { message, facts } = refusal({ ...given, phone: 13_800_001_234 });
        expect(message).not.toMatch(/secret-\d|13\d{9}/);
        expect(JSON.stringify(facts)).not.toMatch(/secret-\d|13\d{9}/);
      }),
      { seed: 20_260_308, numRuns: 300 },
    );
  });
});
