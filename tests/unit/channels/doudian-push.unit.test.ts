import { orderNosOfPush } from '../../../shared/adapters/channels/doudian/push';
import { DOUDIAN_PUSH_VECTORS } from './vectors';
import { thrownBy } from './app-error';

const push = (...messages: readonly { tag: unknown; data: unknown }[]) =>
  Buffer.from(JSON.stringify(messages.map((message) => ({ msg_id: '1', ...message }))), 'utf8');

describe('Doudian push', () => {
  it('names the order and the shop, ids digit for digit', () => {
    const { input } = DOUDIAN_PUSH_VECTORS['doudian-sheet-3'];
    expect(orderNosOfPush(Buffer.from(input.rawBody, 'utf8'))).toEqual({
      orderNos: ['6917525312345678901'],
      shopIds: ['4463798'],
    });
  });

  it('names each order and shop once', () => {
    const data = '{"p_id":6917525312345678901,"shop_id":4463798}';
    const other = '{"p_id":"6917525312345678999","shop_id":5}';
    expect(orderNosOfPush(push({ tag: '100', data }, { tag: '101', data }, { tag: '206', data: other }))).toEqual({
      orderNos: ['6917525312345678901', '6917525312345678999'],
      shopIds: ['4463798', '5'],
    });
  });

  it('names no order for the address check, whatever its data', () => {
    expect(orderNosOfPush(push({ tag: '0', data: '2026-03-08T14:05:09+08:00' }))).toEqual({
      orderNos: [],
      shopIds: [],
    });
  });

  it.each([
    ['a product message', '400', '{"product_id":3473196049974326153,"shop_id":4463798}'],
    ['a tag of the future', '9999', '{"shop_id":4463798,"p_id":0}'],
  ])('names no order for %s', (_what, tag, data) => {
    expect(orderNosOfPush(push({ tag, data }))).toEqual({ orderNos: [], shopIds: ['4463798'] });
  });

  it.each([
    ['not JSON', 'hello', 'the body is not JSON'],
    ['not an array', '{"tag":"101"}', 'the body is not an array'],
    ['without data', '[{"tag":"101"}]', 'a message without tag or data'],
    ['with data that is not JSON', '[{"tag":"101","data":"p_id=1"}]', 'the data of tag 101 is not JSON'],
    ['with data that is a list', '[{"tag":"101","data":"[1]"}]', 'the data of tag 101 is not of the known shape'],
  ])('refuses a body %s and says so', (_what, body, reason) => {
    expect(thrownBy(() => orderNosOfPush(Buffer.from(body, 'utf8')))).toEqual({
      code: 'BAD_PUSH',
      facts: { channel: 'doudian', reason },
    });
  });
});
