/** Names under which AWS limits the rate, some of them with status 400 or 403. */
const THROTTLED = /throttl|toomanyrequests|overlimit|slowdown|requestlimit/i;

/** The clocks of caller and AWS are apart: the client has learnt the difference from the answer and signs rightly next. */
const CLOCK_SKEW =
  /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture|InvalidSignatureException|SignatureDoesNotMatch)$/;

/**
 * A failed call of SQS: its reason, a name and never a message, and whether another try can help. The client notes its
 * tries in `$metadata` of whatever went wrong on the way; what has none, and did not end by its time limit, is a slip of
 * ours, and is thrown on.
 */
export function failureOf(error: unknown): { mayHelp: boolean; reason: string } {
  const { name, code, $metadata: metadata } = fieldsOf(error);
  if (name === 'AbortError') return { mayHelp: true, reason: name };
  if (typeof metadata !== 'object' || metadata === null) throw error;
  const { httpStatusCode: status } = fieldsOf(metadata);
  const named = typeof name === 'string' ? name : 'unknown';
  // Without a status there was no answer: refused, reset, too late.
  if (typeof status !== 'number') return { mayHelp: true, reason: typeof code === 'string' ? code : named };
  return { mayHelp: status >= 500 || status === 429 || THROTTLED.test(named) || CLOCK_SKEW.test(named), reason: named };
}

function fieldsOf(value: unknown): {
  name?: unknown;
  code?: unknown;
  $metadata?: unknown;
  httpStatusCode?: unknown;
} {
  return typeof value === 'object' && value !== null ? value : {};
}
