/** The body of every refused request (shared/errors.ts). */
interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly messageEn: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
}

/** A request that was refused or got no answer. `status` 0: the host could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.code);
  }

  get code(): string {
    return this.refusal.code;
  }

  get facts(): Readonly<Record<string, unknown>> {
    return this.refusal.facts ?? {};
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What the session told us; unsafe requests must carry it. */
let csrfToken: string | null = null;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when the host says that nobody is logged in any more. */
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** Longest wait for an answer: gateways give up after 30 s. */
const ANSWER_MS = 35_000;

const UNREACHABLE: Refusal = {
  code: 'UNREACHABLE',
  message: '无法连接服务器，请检查网络后重试',
  messageEn: 'the server cannot be reached; check the network and try again',
};

/** Asks the API. Throws {@link ApiError} for whatever is no success. */
export async function callApi<T>(
  method: Method,
  path: string,
  options: { query?: Query | undefined; body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
  const timeout = AbortSignal.timeout(ANSWER_MS);
  let response: Response;
  try {
    response = await fetch(path + queryText(options.query), {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, UNREACHABLE);
  }
  const answer = await readJson(response);
  if (response.ok) return answer as T;
  const refusal = isRefusal(answer) ? answer : unreadable(response);
  if (response.status === 401 && !path.startsWith('/api/session')) onSignedOut();
  throw new ApiError(response.status, refusal);
}

/** `?a=1&b=2` of what is set. */
export function queryText(query: Query = {}): string {
  const set = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

/** A gateway, not we, has answered. */
function unreadable(response: Response): Refusal {
  return {
    code: `HTTP_${response.status}`,
    message: `服务器返回 ${response.status}，请稍后重试`,
    messageEn: `the server answered ${response.status}; try again later`,
  };
}
