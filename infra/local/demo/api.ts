/** A refused call, with the code that the other side gave. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly facts: unknown,
  ) {
    super(message);
  }
}

/** JSON over HTTP, as a person's tool would speak to the host or the sandbox. */
export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly token?: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.call<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PUT', path, body);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const value = (text === '' ? {} : JSON.parse(text)) as { code?: string; facts?: unknown };
    if (!response.ok)
      throw new ApiError(
        response.status,
        value.code ?? '',
        `${method} ${path}: HTTP ${response.status} ${text.slice(0, 400)}`,
        value.facts,
      );
    return value as T;
  }
}

/** What was waited for has not come. */
export class NotInTime extends Error {
  override readonly name = 'NotInTime';
}

/** Asks again until the answer is there. Throws {@link NotInTime}, saying what was missing, if it does not come. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | undefined | false>,
  everyMs = 50,
): Promise<T> {
  const endsAtMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > endsAtMs) throw new NotInTime(`not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
