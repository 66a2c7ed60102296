import type { DepositPhase, LineRefund, PlatformOrderStatus } from '../../../../../shared/domain/order/platform-order';
import type { Language } from '../../kit/language';

/** Where a trade stands on its platform. */
export const PLATFORM_STATUS: Record<Language, Record<PlatformOrderStatus, string>> = {
  zh: {
    unpaid: '等待付款',
    'paid-do-not-ship': '已付款，暂不可发货',
    'to-ship': '等待发货',
    'part-shipped': '部分发货',
    shipped: '已发货',
    finished: '交易完成',
    closed: '交易关闭',
  },
  en: {
    unpaid: 'Unpaid',
    'paid-do-not-ship': 'Paid, not to be shipped yet',
    'to-ship': 'To ship',
    'part-shipped': 'Part shipped',
    shipped: 'Shipped',
    finished: 'Finished',
    closed: 'Closed',
  },
};

/** Refund 退款 of a line; nothing where there is none. */
export const REFUND: Record<Language, Record<LineRefund, string>> = {
  zh: { none: '', 'in-progress': '退款中', succeeded: '退款成功' },
  en: { none: '', 'in-progress': 'Under refund', succeeded: 'Refunded' },
};

/** Deposit presale 定金预售. */
export const DEPOSIT: Record<Language, Record<DepositPhase, string>> = {
  zh: {
    none: '否',
    'nothing-paid': '定金未付',
    'deposit-paid': '已付定金，尾款未付',
    'all-paid': '定金与尾款均已付',
    forfeited: '定金已作废',
  },
  en: {
    none: 'No',
    'nothing-paid': 'Deposit not paid',
    'deposit-paid': 'Deposit paid, the rest not',
    'all-paid': 'Deposit and rest paid',
    forfeited: 'Deposit forfeited',
  },
};
