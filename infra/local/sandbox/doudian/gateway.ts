import { ExactObject, ShapeError } from '../exact-object';
import type { GatewayDeps, GatewayReply } from '../gateway';
import { admit, losesAnswer } from '../gateway';
import type { Json } from '../json';
import { parseExact, writeCanonical, writeJson } from '../json';
import { beijingMs, CLOCK_SKEW_MS_MAX } from '../platform-time';
import { sameText } from '../same-text';
import type { DoudianShop } from '../shop';
import { DoudianError, invalidParameter } from './doudian-error';
import type { DoudianMethod } from './method';
import { getOrder, searchOrders } from './order-methods';
import { getStock, listProducts, listSkus } from './product-methods';
import { doudianSign } from './sign';
import { syncStock, syncStockBatch, syncStockBatchMultiProducts } from './stock-methods';

const METHODS: ReadonlyMap<string, DoudianMethod> = new Map([
  ['order.searchList', searchOrders],
  ['order.orderDetail', getOrder],
  ['sku.syncStock', syncStock],
  ['sku.syncStockBatch', syncStockBatch],
  ['sku.syncStockBatchMultiProducts', syncStockBatchMultiProducts],
  ['sku.list', listSkus],
  ['sku.stockNum', getStock],
  ['product.listV2', listProducts],
]);

/** Doudian's gateway: the path names the method, the query says who calls, the body is `param_json`. */
export class DoudianGateway {
  private requests = 0;

  constructor(
    private readonly shops: readonly DoudianShop[],
    private readonly deps: GatewayDeps,
  ) {}

  /** `path` without the prefix, such as `/sku/syncStock`. */
  call(path: string, query: URLSearchParams, body: string): GatewayReply {
    this.requests += 1;
    const logId = `sandbox${this.requests.toString(36).padStart(8, '0')}`;
    const name = path.slice(1).replaceAll('/', '.');
    const countedName = METHODS.has(name) ? name : 'doudian: unknown method';
    try {
      const data = this.run(name, query, body);
      if (losesAnswer(this.deps, name)) {
        this.deps.counters.count(countedName, 'held');
        return { kind: 'hold' };
      }
      this.deps.counters.count(countedName, 'ok');
      return answer({ code: 10_000, msg: 'success', sub_code: '', sub_msg: '', log_id: logId, data });
    } catch (thrown) {
      const error = thrown instanceof ShapeError ? invalidParameter(4, `参数 ${thrown.member} 类型不正确`) : thrown;
      if (!(error instanceof DoudianError)) throw error;
      this.deps.counters.count(countedName, `error:${error.code} ${error.subCode}`);
      if (/^isv\.signature-/.test(error.subCode)) this.deps.counters.signatureFailures += 1;
      const { code, message, subCode, subMessage } = error;
      return answer({ code, msg: message, sub_code: subCode, sub_msg: subMessage, log_id: logId });
    }
  }

  private run(name: string, query: URLSearchParams, body: string): Json {
    const method = METHODS.get(name);
    if (method === undefined) throw new DoudianError(70_000, 'isp.api-service-off', 'API不存在或API已下线');
    const shop = this.authenticate(name, query, body);
    switch (admit(this.deps, shop.config.appKey, name)) {
      case 'limited':
        throw new DoudianError(60_000, 'isp.call-limited', '触发限流，请稍后重试');
      case 'failed':
        throw new DoudianError(20_000, 'isp.service-error:20005', '系统繁忙，请稍后重试');
      case 'ok':
        return method(ExactObject.of(parseExact(body), 'param_json'), shop, this.deps.nowMs());
    }
  }

  private authenticate(name: string, query: URLSearchParams, body: string): DoudianShop {
    const appKey = query.get('app_key');
    if (!appKey) throw new DoudianError(40_001, 'isv.app-id-missing', '认证失败，app_key不存在');
    const ofApp = this.shops.filter((shop) => shop.config.appKey === appKey);
    const appSecret = ofApp[0]?.config.appSecret;
    if (appSecret === undefined) throw new DoudianError(40_003, 'isv.app-id-invalid', '认证失败，app_key不正确');
    const timestamp = query.get('timestamp') ?? '';
    this.checkTime(timestamp);
    const sign = query.get('sign');
    if (!sign) throw new DoudianError(40_001, 'isv.signature-missing', '获取签名失败');
    const signed = { appKey, method: query.get('method') ?? '', paramJson: body, timestamp, v: query.get('v') ?? '' };
    const expected = doudianSign(signed, appSecret, query.get('sign_method') ?? 'md5');
    if (signed.method !== name || signed.v !== '2' || !isCanonical(body) || !sameText(sign, expected)) {
      throw new DoudianError(40_003, 'isv.signature-invalid', '签名校验失败');
    }
    const token = query.get('access_token');
    if (!token) throw new DoudianError(40_001, 'isv.access-token-missing', '认证失败，access_token不能为空');
    const shop = this.shops.find((candidate) => candidate.config.accessToken === token);
    if (shop === undefined) throw new DoudianError(40_003, 'isv.access-token-no-existed', 'access_token不存在');
    if (shop.config.appKey !== appKey)
      throw new DoudianError(40_003, 'isv.access-token-invalid', 'app_key和access_token不匹配');
    return shop;
  }

  /** Unix seconds, or text in GMT+8. */
  private checkTime(timestamp: string): void {
    const atMs = /^\d{9,11}$/.test(timestamp) ? Number(timestamp) * 1_000 : beijingMs(timestamp);
    if (atMs === undefined) throw new DoudianError(40_003, 'isv.timestamp-format-error', '时间戳格式错误');
    if (Math.abs(atMs - this.deps.nowMs()) > CLOCK_SKEW_MS_MAX) {
      throw new DoudianError(40_003, 'isv.timestamp-invalid', '时间戳不合法');
    }
  }
}

/** The platform signs the sorted form: a body in any other form cannot carry a right signature. */
function isCanonical(body: string): boolean {
  try {
    return writeCanonical(parseExact(body)) === body;
  } catch {
    return false; // not JSON
  }
}

function answer(body: Json): GatewayReply {
  return { kind: 'answer', body: writeJson(body) };
}
