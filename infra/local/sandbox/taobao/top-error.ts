import { writeJson } from '../json';

/** A refused call, answered as `error_response` with HTTP 200. */
export class TopError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly subCode?: string,
    readonly subMessage?: string,
  ) {
    super(message);
  }

  toJson(requestId: string): string {
    return writeJson({
      error_response: {
        code: this.code,
        msg: this.message,
        sub_code: this.subCode,
        sub_msg: this.subMessage,
        request_id: requestId,
      },
    });
  }
}

/** The caller's mistake inside a method; a retry cannot help. */
export function isvError(subCode: string, subMessage: string): TopError {
  return new TopError(15, 'Remote service error', `isv.${subCode}`, subMessage);
}

export function missingArgument(name: string): TopError {
  return new TopError(
    40,
    `Missing required arguments:${name}`,
    `isv.missing-parameter:${name}`,
    `缺少必要的参数 ${name}`,
  );
}

export function invalidArgument(name: string, why: string): TopError {
  return new TopError(41, `Invalid arguments:${name}`, `isv.invalid-parameter:${name}`, why);
}
