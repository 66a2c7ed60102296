import { randomUUID } from 'node:crypto';

/** The part of a Lambda context that functions use. */
export function lambdaContext(functionName: string, timeoutMs: number): object {
  const endsAtMs = performance.now() + timeoutMs;
  return {
    functionName,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAtMs - performance.now())),
  };
}
