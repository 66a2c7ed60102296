import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** Where a table is. */
export interface TableSettings {
  readonly table: string;
  readonly region: string;
  /** Undefined for AWS itself. */
  readonly endpoint: string | undefined;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** Longest wait for a connection, and for one answer. An item takes single-digit milliseconds, a page of 1 MB tens. */
const CONNECT_MS = 1_000;
export const REQUEST_MS = 3_000;

/** Connections of one instance: batches read and write dozens of documents at once. */
const SOCKETS_MAX = 64;

/**
 * Settings of the client. It tries once: only who counts the tries can know whether a failed one may have been applied.
 * Endpoint discovery and account endpoints are off, which other engines than AWS lack.
 */
export function clientSettings({ region, endpoint, credentials }: TableSettings): DynamoDBClientConfig {
  const agent = { keepAlive: true, maxSockets: SOCKETS_MAX };
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    credentials,
    maxAttempts: 1,
    accountIdEndpointMode: 'disabled',
    endpointDiscoveryEnabled: false,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
