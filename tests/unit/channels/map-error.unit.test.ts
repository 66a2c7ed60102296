import {
  doudianHead,
  isRepeatedKey,
  isSuccess,
  mapDoudianError,
  mayHaveApplied,
} from '../../../shared/adapters/channels/doudian/map-error';
import {
  mapTaobaoError,
  mayHaveApplied as taobaoMayHaveApplied,
  taobaoError,
} from '../../../shared/adapters/channels/taobao/map-error';

const taobao = (code: number, sub_code = '', sub_msg = '') => taobaoError.parse({ code, msg: 'x', sub_code, sub_msg });
const doudian = (code: number, sub_code = '', sub_msg = '') => doudianHead.parse({ code, msg: 'x', sub_code, sub_msg });

describe('Taobao errors', () => {
  it.each([
    [4, '', 'CHANNEL_THROTTLED'],
    [5, '', 'CHANNEL_THROTTLED'],
    [6, '', 'CHANNEL_THROTTLED'],
    [7, 'accesscontrol.limited-by-api-access-count', 'CHANNEL_THROTTLED'],
    [8, '', 'CHANNEL_THROTTLED'],
    [15, 'isp.call-limited', 'CHANNEL_THROTTLED'],
    [10, '', 'CHANNEL_BUSY'],
    [15, 'isp.item-service-unavailable', 'CHANNEL_BUSY'],
    [15, 'isp.top-remote-connection-timeout', 'CHANNEL_BUSY'],
    [26, '', 'CHANNEL_AUTH'],
    [27, 'invalid-sessionkey', 'CHANNEL_AUTH'],
    [15, 'isv.trade-not-exist', 'NOT_FOUND'],
    [15, 'isv.item-not-exist:invalid-num_iid', 'NOT_FOUND'],
    [15, 'isv.invalid-parameter', 'CHANNEL_REFUSED'],
    [15, '', 'CHANNEL_REFUSED'],
    [21, '', 'CHANNEL_REFUSED'],
    [22, '', 'CHANNEL_REFUSED'],
    [24, '', 'CHANNEL_REFUSED'],
    [25, 'isv.invalid-signature', 'CHANNEL_REFUSED'],
    [28, '', 'CHANNEL_REFUSED'],
    [29, '', 'CHANNEL_REFUSED'],
    [30, '', 'CHANNEL_REFUSED'],
    [31, '', 'CHANNEL_REFUSED'],
    [40, '', 'CHANNEL_REFUSED'],
    [41, '', 'CHANNEL_REFUSED'],
    [3, '', 'CHANNEL_REFUSED'],
    [9, '', 'CHANNEL_REFUSED'],
  ])('reads code %i %s as %s', (code, subCode, expected) => {
    const error = mapTaobaoError('taobao.x', taobao(code, subCode));
    expect(error.code).toBe(expected);
    expect(error.facts).toMatchObject({ channel: 'taobao', method: 'taobao.x', code, sub_code: subCode });
  });

  it.each([
    ['This ban will last for 1 more seconds', 1000],
    ['This ban will last for 86 more seconds', 86_000],
    ['限制 30 秒', 30_000],
  ])('tells from "%s" when to try again', (subMessage, retryAfterMs) => {
    expect(mapTaobaoError('taobao.x', taobao(7, '', subMessage)).facts.retryAfterMs).toBe(retryAfterMs);
  });

  it('states no time to try again where the platform names none', () => {
    expect(mapTaobaoError('taobao.x', taobao(7)).facts).not.toHaveProperty('retryAfterMs');
  });

  it('knows which faults leave open whether a write was carried out', () => {
    expect(taobaoMayHaveApplied(taobao(15, 'isp.remote-service-timeout'))).toBe(true);
    expect(taobaoMayHaveApplied(taobao(15, 'isp.item-service-unavailable'))).toBe(false);
  });
});

describe('Doudian errors', () => {
  it.each([
    [60000, '', '', 'CHANNEL_THROTTLED'],
    [20000, 'isp.rate-limit', '', 'CHANNEL_THROTTLED'],
    [20000, 'isp.call-limited', '', 'CHANNEL_THROTTLED'],
    [50002, 'isp.service-error:1', '触发限流，请稍后重试', 'CHANNEL_THROTTLED'],
    [20000, 'isp.service-error:1', '内部错误', 'CHANNEL_BUSY'],
    [20000, 'dop.service-error', '', 'CHANNEL_BUSY'],
    [20001, '', '内部服务超时', 'CHANNEL_BUSY'],
    [90000, 'isp.unknown-error', '', 'CHANNEL_BUSY'],
    [30001, 'isv.app-permissions-insufficient', '', 'CHANNEL_AUTH'],
    [30001, 'dop.authorization-closed', '', 'CHANNEL_AUTH'],
    [30005, '', '', 'CHANNEL_AUTH'],
    [40003, 'isv.access-token-expired', '', 'CHANNEL_AUTH'],
    [40003, 'isv.access-token-no-existed', '', 'CHANNEL_AUTH'],
    [50001, 'dop.token-generate-failed:token-expired', '', 'CHANNEL_AUTH'],
    [70000, 'isp.api-service-off', '', 'CHANNEL_REFUSED'],
    [50002, 'isv.business-failed:2', '订单不存在', 'NOT_FOUND'],
    [50002, 'isv.business-failed:2', '库存不能为负', 'CHANNEL_REFUSED'],
    [40003, 'isv.signature-invalid', '签名校验失败', 'CHANNEL_REFUSED'],
    [40004, '', '', 'CHANNEL_REFUSED'],
  ])('reads code %i %s %s as %s', (code, subCode, subMessage, expected) => {
    const error = mapDoudianError('sku.x', doudian(code, subCode, subMessage));
    expect(error.code).toBe(expected);
    expect(error.facts).toMatchObject({ channel: 'doudian', method: 'sku.x', code, sub_code: subCode });
  });

  it('takes 10000, or err_no 0 of old endpoints, for success', () => {
    expect(isSuccess(doudian(10000))).toBe(true);
    expect(isSuccess(doudianHead.parse({ err_no: 0, message: 'success' }))).toBe(true);
    expect(isSuccess(doudian(10001))).toBe(false);
    expect(isSuccess(doudianHead.parse({ err_no: 7 }))).toBe(false);
  });

  it('knows which faults leave open whether a write was carried out', () => {
    expect(mayHaveApplied(doudian(20001))).toBe(true);
    expect(mayHaveApplied(doudian(20000, 'isp.service-error'))).toBe(false);
  });

  it('knows a key that was used before', () => {
    expect(isRepeatedKey(doudian(40003, 'isv.idempotent-id-existed'))).toBe(true);
  });
});
