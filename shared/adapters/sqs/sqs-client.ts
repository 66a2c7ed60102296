import { SQSClient } from '@aws-sdk/client-sqs';

export interface SqsSettings {
  readonly region: string;
  /** Undefined for AWS itself. */
  readonly endpoint: string | undefined;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** SQS answers within some 10 ms; a second to connect and two for the answer leave room for a bad moment. */
const CONNECT_MS = 1_000;
const ANSWER_MS = 2_000;

/** One client an instance. It tries once unless it is told otherwise: who sends knows what may be sent again, and how long there is. */
export function newSqsClient({ region, endpoint, credentials }: SqsSettings, maxAttempts = 1): SQSClient {
  return new SQSClient({
    ...{ region, credentials, maxAttempts },
    ...(endpoint !== undefined && { endpoint }),
    // Without `throwOnRequestTimeout` a late answer is only warned of.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
  });
}
