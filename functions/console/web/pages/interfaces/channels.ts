import type { ChannelId } from '../../../../../shared/domain/order/platform-order';
import type { Language } from '../../kit/language';

/** Title of the page of a platform's orders. */
export const ORDER_PAGE: Record<Language, Record<ChannelId, string>> = {
  zh: { taobao: '淘宝订单接口', doudian: '抖店订单接口' },
  en: { taobao: 'Taobao orders', doudian: 'Doudian orders' },
};

/** The platform that an address names. */
export function channelOf(text: string | undefined): ChannelId | undefined {
  return text === 'taobao' || text === 'doudian' ? text : undefined;
}
