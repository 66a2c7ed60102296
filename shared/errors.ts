/**
 * The error catalogue. A code keeps its meaning for ever. `status` is the HTTP status that a caller sees, `retry` says
 * whether trying again can help: 'never', 'now' (somebody else was first), 'later' (with a pause).
 */
export const ERRORS = {
  BAD_INPUT: { status: 400, retry: 'never', zh: '请求内容不正确', en: 'the request does not match its schema' },
  BAD_JSON: { status: 400, retry: 'never', zh: '请求体不是 JSON', en: 'the body is not JSON' },
  BAD_EVENT: { status: 400, retry: 'never', zh: '未知的触发事件', en: 'unknown shape of trigger event' },
  BAD_PUSH: { status: 200, retry: 'never', zh: '平台消息格式不符', en: 'the pushed message is not of the known shape' },
  ORDER_UNREADABLE: { status: 422, retry: 'never', zh: '平台订单无法解析', en: 'the platform order cannot be read' },
  UNAUTHENTICATED: { status: 401, retry: 'never', zh: '未登录或令牌无效', en: 'no valid credentials' },
  FORBIDDEN: { status: 403, retry: 'never', zh: '没有此操作的权限', en: 'the role does not allow this' },
  LOGIN_FAILED: { status: 401, retry: 'never', zh: '用户名或密码不正确', en: 'user name or password is wrong' },
  LOGIN_LOCKED: { status: 429, retry: 'later', zh: '失败次数过多，请稍后再试', en: 'too many failed logins: wait' },
  LOGIN_BUSY: { status: 503, retry: 'later', zh: '登录请求过多，请稍后再试', en: 'too many logins at once' },
  WRONG_PASSWORD: { status: 422, retry: 'never', zh: '原密码不正确', en: 'the old password is wrong' },
  WEAK_PASSWORD: { status: 422, retry: 'never', zh: '新密码不符合要求', en: 'the new password is too easy to guess' },
  PASSWORD_CHANGE_NEEDED: {
    status: 403,
    retry: 'never',
    zh: '请先修改初始密码',
    en: 'change the one-time password first',
  },
  CSRF_REFUSED: {
    status: 403,
    retry: 'never',
    zh: '请求来源不正确，请刷新页面',
    en: 'the request is not from our own page',
  },
  OIDC_UNREACHABLE: {
    status: 503,
    retry: 'later',
    zh: '身份提供方无法连接',
    en: 'the identity provider does not answer',
  },
  OIDC_REFUSED: {
    status: 401,
    retry: 'never',
    zh: '单点登录未完成，请重试',
    en: 'the login at the provider came to nothing',
  },
  OIDC_UNKNOWN_USER: {
    status: 403,
    retry: 'never',
    zh: '该账号没有权限，请联系管理员',
    en: 'no user of ours for this account',
  },
  LAST_ADMIN: { status: 409, retry: 'never', zh: '必须保留一名启用的管理员', en: 'one enabled admin must be left' },
  BAD_SIGNATURE: { status: 401, retry: 'never', zh: '签名不正确或已过期', en: 'signature missing, wrong or stale' },
  NOT_FOUND: { status: 404, retry: 'never', zh: '不存在', en: 'no such thing' },
  UNKNOWN_SHOP: { status: 404, retry: 'never', zh: '店铺不存在', en: 'no such shop' },
  UNKNOWN_WAREHOUSE: { status: 422, retry: 'never', zh: '仓库不存在', en: 'no such warehouse' },
  UNKNOWN_SKU: { status: 422, retry: 'never', zh: '商品编码不存在', en: 'no such SKU' },
  WRONG_WAREHOUSE_KIND: { status: 422, retry: 'never', zh: '仓库类型不符', en: 'the warehouse is of the other kind' },
  BODY_TOO_LARGE: { status: 413, retry: 'never', zh: '请求体过大', en: 'the body is too large' },
  HOST_BUSY: {
    status: 503,
    retry: 'later',
    zh: '请求过多，请稍后重试',
    en: 'too many large requests at once; try again',
  },
  VERSION_CONFLICT: { status: 409, retry: 'never', zh: '已被他人修改', en: 'somebody else saved it first' },
  ALREADY_EXISTS: { status: 409, retry: 'never', zh: '已存在', en: 'it exists already' },
  WRONG_STATUS: { status: 409, retry: 'never', zh: '当前状态不允许此操作', en: 'its status does not allow this' },
  EMPTY_DOCUMENT: { status: 422, retry: 'never', zh: '没有明细', en: 'it has no lines' },
  LACK_OF_STOCK: { status: 422, retry: 'never', zh: '库存不足', en: 'not enough stock' },
  ORDER_CLOSED: { status: 422, retry: 'never', zh: '平台订单已关闭', en: 'the platform order is closed' },
  ORDER_NOT_DUE: {
    status: 422,
    retry: 'never',
    zh: '平台订单尚未占用库存',
    en: 'the platform order takes no stock yet',
  },
  AUDIT_REFUSED: { status: 422, retry: 'never', zh: '审核未通过', en: 'the audit rules stop it' },
  STOCK_CONTENDED: { status: 503, retry: 'now', zh: '库存并发冲突，请重试', en: 'too many writers on one SKU' },
  DOCUMENT_CONTENDED: { status: 503, retry: 'now', zh: '单据并发冲突，请重试', en: 'too many writers on one document' },
  STORE_UNAVAILABLE: { status: 503, retry: 'later', zh: '存储暂不可用', en: 'the store does not answer' },
  POOL_UNAVAILABLE: { status: 503, retry: 'later', zh: '异动缓存池暂不可用', en: 'the pool does not answer' },
  DOCUMENT_TOO_LARGE: {
    status: 422,
    retry: 'never',
    zh: '单据过大',
    en: 'the document is larger than the store takes',
  },
  BUS_UNAVAILABLE: { status: 503, retry: 'later', zh: '消息队列暂不可用', en: 'the message bus does not answer' },
  MESSAGE_TOO_LARGE: {
    status: 422,
    retry: 'never',
    zh: '消息过大',
    en: 'the message is larger than the bus takes',
  },
  SECRET_MISSING: { status: 503, retry: 'never', zh: '店铺密钥未配置', en: 'no secret is configured for the shop' },
  BAD_SETTINGS: { status: 500, retry: 'never', zh: '配置不正确', en: 'the settings are not usable' },
  CHANNEL_UNREACHABLE: { status: 503, retry: 'later', zh: '平台无法连接', en: 'the platform does not answer' },
  CHANNEL_THROTTLED: { status: 503, retry: 'later', zh: '平台限流', en: 'the platform limits the rate' },
  CHANNEL_BUSY: { status: 503, retry: 'later', zh: '平台服务异常', en: 'the platform has a fault of its own' },
  CHANNEL_REFUSED: { status: 502, retry: 'never', zh: '平台拒绝请求', en: 'the platform refuses the call' },
  CHANNEL_AUTH: { status: 502, retry: 'never', zh: '平台授权失效', en: 'the seller must authorise again' },
  CHANNEL_BAD_ANSWER: {
    status: 502,
    retry: 'later',
    zh: '平台返回无法解析',
    en: 'the answer of the platform cannot be read',
  },
  DEADLINE: { status: 503, retry: 'later', zh: '剩余时间不足', en: 'not enough time left in this run' },
} as const satisfies Record<string, { status: number; retry: 'never' | 'now' | 'later'; zh: string; en: string }>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorFacts = Readonly<Record<string, unknown>>;

/** An operational failure or a refused request. `facts` say where; they hold nothing secret or personal. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    readonly facts: ErrorFacts = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${ERRORS[code].en} ${JSON.stringify(facts)}`, options);
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retry(): 'never' | 'now' | 'later' {
    return ERRORS[this.code].retry;
  }
}

/** The error with this code, by code and not by class, so that it survives bundling. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof Error && 'code' in error && codes.includes(error.code as ErrorCode);
}
