import type { ConversionState } from '../../../../../shared/domain/order/received-order';
import { CONVERSION_ZH } from '../../../../../shared/domain/order/received-order';
import type { Language } from '../../kit/language';
import type { Tone } from '../../kit/status-tag';

const CONVERSION_EN: Record<ConversionState, string> = {
  waiting: 'To convert',
  converted: 'Converted',
  unmapped: 'Not mapped',
  'not-due': 'Not paid',
  closed: 'Closed',
  'shipped-elsewhere': 'Shipped on the platform',
};

/** How far 单据转换 has come. */
export const CONVERSION: Record<Language, Record<ConversionState, string>> = { zh: CONVERSION_ZH, en: CONVERSION_EN };

export const CONVERSION_TONE: Record<ConversionState, Tone> = {
  waiting: 'busy',
  converted: 'good',
  unmapped: 'bad',
  'not-due': 'off',
  closed: 'off',
  'shipped-elsewhere': 'off',
};

/** What the state means for the person who looks at it, as a sentence. */
export const CONVERSION_SAYS: Record<Language, Record<ConversionState, string>> = {
  zh: {
    waiting: '已接收，等待转换；通常几秒内自动完成，也可点“单据转换”。',
    converted: '已转换为零售发货单，无需操作。',
    unmapped: '有商品未匹配，订单搁置。保存商品对应后会自动转换。',
    'not-due': '平台尚未扣减库存（未付款），付款后自动转换。',
    closed: '平台订单已关闭，不会转换。',
    'shipped-elsewhere': '接入前平台已发货，不再占用库存，不会转换。',
  },
  en: {
    waiting: 'Received, to be converted: this takes seconds by itself, or press “Convert”.',
    converted: 'Converted into a delivery order; nothing is left to do.',
    unmapped: 'It is parked, since listings have no SKU. It is converted by itself once their mapping is saved.',
    'not-due': 'The platform has not taken its stock yet (not paid); it is converted once that is done.',
    closed: 'Closed on the platform; it is not converted.',
    'shipped-elsewhere': 'It was shipped on the platform before it came in: it takes no stock and is not converted.',
  },
};
