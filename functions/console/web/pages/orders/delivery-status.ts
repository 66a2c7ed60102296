import type { DeliveryStatus } from '../../../../../shared/domain/order/delivery-states';
import { STATUS_ZH } from '../../../../../shared/domain/order/delivery-states';
import type { Language } from '../../kit/language';
import type { Tone } from '../../kit/status-tag';

const STATUS_EN: Record<DeliveryStatus, string> = {
  'pending-allocation': 'Pending allocation',
  'out-of-stock': 'Out of stock',
  'pending-audit': 'Pending audit',
  audited: 'Audited',
  picking: 'Picking',
  shipped: 'Shipped',
  cancelled: 'Cancelled',
  exception: 'Exception',
};

/** 已审核 and so on. */
export const DELIVERY_STATUS: Record<Language, Record<DeliveryStatus, string>> = { zh: STATUS_ZH, en: STATUS_EN };

export const DELIVERY_TONE: Record<DeliveryStatus, Tone> = {
  'pending-allocation': 'busy',
  'out-of-stock': 'wait',
  'pending-audit': 'wait',
  audited: 'good',
  picking: 'busy',
  shipped: 'good',
  cancelled: 'off',
  exception: 'bad',
};

/** Choices of a filter, in the order of an order's life. */
export const deliveryStatusOptions = (language: Language): { value: string; label: string }[] =>
  Object.entries(DELIVERY_STATUS[language]).map(([value, label]) => ({ value, label }));
