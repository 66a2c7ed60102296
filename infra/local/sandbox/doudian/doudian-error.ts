/** A refused call. `isp.*` is the platform's own trouble; `isv.*` mostly the caller's mistake, but not always. */
export class DoudianError extends Error {
  constructor(
    readonly code: number,
    readonly subCode: string,
    readonly subMessage: string,
  ) {
    super(MESSAGES.get(code) ?? '系统错误');
  }
}

const MESSAGES = new Map([
  [20000, '系统错误'],
  [40001, '缺少必选参数'],
  [40002, '缺少必选参数'],
  [40003, '非法的参数'],
  [40004, '非法的参数'],
  [50002, '业务处理失败'],
  [60000, '触发限流，请稍后重试'],
  [70000, '接口服务已下线'],
]);

export function missingParameter(name: string): DoudianError {
  return new DoudianError(40002, 'isv.missing-parameter:3', `缺少必选参数 ${name}`);
}

export function invalidParameter(detail: number, why: string): DoudianError {
  return new DoudianError(40004, `isv.parameter-invalid:${detail}`, why);
}
