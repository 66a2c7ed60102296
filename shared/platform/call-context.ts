/** What a function's own context says of one call, whatever cloud it is. */
export interface CallContext {
  /** As it is deployed, the stage included: alarms ask for a metric by this name. */
  readonly functionName: string;
  readonly requestId: string;
  /** Milliseconds until the platform kills this call; where the context does not say, it never does. */
  remainingMs(): number;
}

/** FunctionGraph and Lambda name the same things differently; nothing above this knows which it is. */
export function callContextOf(context: unknown, name: string): CallContext {
  const from = (context ?? {}) as {
    getFunctionName?: () => string;
    getRequestID?: () => string;
    getRemainingTimeInMilliSeconds?: () => number;
    functionName?: string;
    awsRequestId?: string;
    getRemainingTimeInMillis?: () => number;
  };
  const remaining = from.getRemainingTimeInMilliSeconds ?? from.getRemainingTimeInMillis;
  return {
    functionName: (from.getFunctionName?.() ?? from.functionName) || name,
    requestId: from.getRequestID?.() ?? from.awsRequestId ?? '',
    remainingMs: () => (remaining ? remaining.call(context) : Number.MAX_SAFE_INTEGER),
  };
}
