import { randomUUID } from 'node:crypto';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** How a cloud calls a function: what its gateway and its timers send, and the context beside them. */
export interface CloudShapes {
  httpEvent(request: WireRequest): object;
  timerEvent(task: string): object;
  /** A host that closes leaves no time: runs stop where stopping is clean. */
  context(functionName: string, timeoutMs: number, isClosing?: () => boolean): object;
}

/** API Gateway's HTTP API (payload 2.0), EventBridge Scheduler, Lambda. */
export const AWS_SHAPES: CloudShapes = {
  httpEvent: ({ method, url, headers, body, sourceIp }) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext: { http: { method, path: url.pathname, sourceIp }, requestId: randomUUID() },
    // Bytes that are not UTF-8 must reach the signature check as they are.
    body: body.toString('base64'),
    isBase64Encoded: true,
  }),
  timerEvent: (task) => ({ task }),
  context: (functionName, timeoutMs, isClosing) => ({
    functionName,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: countdown(timeoutMs, isClosing),
  }),
};

/** APIG, the timer trigger, and FunctionGraph, which hands settings over in the context alone. */
export const HUAWEI_SHAPES: CloudShapes = {
  httpEvent: ({ method, url, headers, body, sourceIp }) => ({
    body: body.toString('base64'),
    isBase64Encoded: true,
    requestContext: { apiId: 'local', requestId: randomUUID(), stage: 'RELEASE' },
    httpMethod: method,
    path: url.pathname,
    pathParameters: {},
    queryStringParameters: Object.fromEntries(url.searchParams),
    headers: { ...headers, 'x-real-ip': sourceIp },
  }),
  timerEvent: (task) => ({
    version: 'v2.0',
    time: new Date().toISOString(),
    trigger_type: 'TIMER',
    trigger_name: task,
    user_event: task,
  }),
  context: (functionName, timeoutMs, isClosing) => {
    const requestId = randomUUID();
    return {
      getFunctionName: () => functionName,
      getRequestID: () => requestId,
      getUserData: (name: string) => process.env[name],
      getRemainingTimeInMilliSeconds: countdown(timeoutMs, isClosing),
    };
  },
};

function countdown(timeoutMs: number, isClosing: () => boolean = () => false): () => number {
  const endsAtMs = performance.now() + timeoutMs;
  return () => (isClosing() ? 0 : Math.max(0, Math.round(endsAtMs - performance.now())));
}
