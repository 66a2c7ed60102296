import { randomUUID } from 'node:crypto';

/** The part of a Lambda context that functions use. A host that closes leaves no time: runs stop where stopping is clean. */
export function lambdaContext(functionName: string, timeoutMs: number, isClosing: () => boolean = () => false): object {
  const endsAtMs = performance.now() + timeoutMs;
  return {
    functionName,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => (isClosing() ? 0 : Math.max(0, Math.round(endsAtMs - performance.now()))),
  };
}
