import type { Language } from './language';

/** Sales platforms 平台 by the names that people use for them. */
export const CHANNEL: Record<Language, Record<'taobao' | 'doudian', string>> = {
  zh: { taobao: '淘宝/天猫', doudian: '抖店' },
  en: { taobao: 'Taobao/Tmall', doudian: 'Doudian' },
};
