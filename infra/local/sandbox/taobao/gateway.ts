import type { GatewayDeps, GatewayReply } from '../gateway';
import { admit, losesAnswer } from '../gateway';
import { writeJson } from '../json';
import { beijingMs, CLOCK_SKEW_MS_MAX } from '../platform-time';
import { sameText } from '../same-text';
import type { TaobaoShop } from '../shop';
import { getItem, listItems } from './item-methods';
import type { TopMethod } from './method';
import { Params } from './params';
import { signMethodOf, topSign } from './sign';
import { writeItemStock, writeSkuStock } from './stock-methods';
import { writeTmallStock } from './tmall-stock-method';
import { confirmMessages, consumeMessages } from './tmc-methods';
import { TopError } from './top-error';
import { getTrade, listChangedTrades } from './trade-methods';

const METHODS: ReadonlyMap<string, TopMethod> = new Map([
  ['taobao.tmc.messages.consume', consumeMessages],
  ['taobao.tmc.messages.confirm', confirmMessages],
  ['taobao.trade.fullinfo.get', getTrade],
  ['taobao.trades.sold.increment.get', listChangedTrades],
  ['taobao.items.onsale.get', listItems],
  ['taobao.item.seller.get', getItem],
  ['taobao.item.quantity.update', writeItemStock],
  ['taobao.skus.quantity.update', writeSkuStock],
  ['tmall.item.quantity.update', writeTmallStock],
]);

/** Taobao's one entrance `/router/rest`: checks who calls, then runs the method. All answers are HTTP 200. */
export class TopGateway {
  private requests = 0;

  constructor(
    private readonly shops: readonly TaobaoShop[],
    private readonly deps: GatewayDeps,
  ) {}

  call(pairs: Iterable<[string, string]>): GatewayReply {
    this.requests += 1;
    const requestId = `sandbox${this.requests.toString(36).padStart(8, '0')}`;
    const params = new Map(pairs);
    const name = params.get('method') ?? '';
    // Only known names are counted, so that nonsense from outside cannot make the counters grow.
    const countedName = METHODS.has(name) ? name : 'taobao: unknown method';
    try {
      const answer = this.run(params, name);
      if (losesAnswer(this.deps, name)) {
        this.deps.counters.count(countedName, 'held');
        return { kind: 'hold' };
      }
      this.deps.counters.count(countedName, 'ok');
      const member = `${name.replace(/^taobao\./, '').replaceAll('.', '_')}_response`;
      return { kind: 'answer', body: writeJson({ [member]: { ...answer, request_id: requestId } }) };
    } catch (error) {
      if (!(error instanceof TopError)) throw error;
      this.deps.counters.count(countedName, `error:${error.code}`);
      if (error.code === 24 || error.code === 25) this.deps.counters.signatureFailures += 1;
      return { kind: 'answer', body: error.toJson(requestId) };
    }
  }

  private run(params: ReadonlyMap<string, string>, name: string): ReturnType<TopMethod['run']> {
    if (name === '') throw new TopError(21, 'Missing Method');
    const ofApp = this.authenticate(params);
    const method = METHODS.get(name);
    if (method === undefined) throw new TopError(22, 'Invalid Method', 'isv.method-not-exist', `方法 ${name} 不存在`);
    const shop = sellerOf(ofApp, params, method.of);
    const appKey = shop.config.appKey;
    switch (admit(this.deps, appKey, name)) {
      case 'limited':
        throw new TopError(
          7,
          'App Call Limited',
          'accesscontrol.limited-by-api-access-count',
          'This ban will last for 1 more seconds',
        );
      case 'failed':
        throw new TopError(
          15,
          'Remote service error',
          'isp.top-remote-service-unavailable',
          '服务暂时不可用，请稍后重试',
        );
      case 'ok':
        return method.of === 'app'
          ? method.run(new Params(params), shop.queue)
          : method.run(new Params(params), shop, this.deps.nowMs());
    }
  }

  /** The shops of the app that signed this request. */
  private authenticate(params: ReadonlyMap<string, string>): [TaobaoShop, ...TaobaoShop[]] {
    const appKey = params.get('app_key');
    if (!appKey) throw new TopError(28, 'Missing App Key');
    const [first, ...others] = this.shops.filter((shop) => shop.config.appKey === appKey);
    if (first === undefined) throw new TopError(29, 'Invalid App Key');
    this.checkTime(params.get('timestamp'));
    if (params.get('format') !== 'json')
      throw new TopError(23, 'Invalid Format', 'isv.format', '沙箱只回答 format=json');
    if (params.get('v') !== '2.0') throw new TopError(33, 'Invalid Version');
    checkSign(params, first.config.appSecret);
    return [first, ...others];
  }

  private checkTime(timestamp: string | undefined): void {
    if (!timestamp) throw new TopError(30, 'Missing Timestamp');
    const atMs = beijingMs(timestamp);
    if (atMs === undefined || Math.abs(atMs - this.deps.nowMs()) > CLOCK_SKEW_MS_MAX) {
      throw new TopError(31, 'Invalid Timestamp', 'isv.invalid-timestamp', '时间戳应为 GMT+8，误差不超过 10 分钟');
    }
  }
}

function checkSign(params: ReadonlyMap<string, string>, appSecret: string): void {
  const sign = params.get('sign');
  if (!sign) throw new TopError(24, 'Missing Signature');
  const method = signMethodOf(params.get('sign_method') ?? 'md5');
  if (method === undefined || !sameText(sign, topSign(params, appSecret, method)))
    throw new TopError(25, 'Invalid Signature');
}

/** Methods of the app need no session; one that is sent must still be valid. */
function sellerOf(
  ofApp: readonly [TaobaoShop, ...TaobaoShop[]],
  params: ReadonlyMap<string, string>,
  of: TopMethod['of'],
): TaobaoShop {
  const session = params.get('session');
  if (!session) {
    if (of === 'app') return ofApp[0];
    throw new TopError(26, 'Missing Session');
  }
  const shop = ofApp.find((candidate) => candidate.config.accessToken === session);
  if (shop === undefined) throw new TopError(27, 'Invalid Session', 'invalid-sessionkey', '授权失效，请重新授权');
  return shop;
}
