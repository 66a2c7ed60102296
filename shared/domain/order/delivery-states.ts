/** Status of a delivery order 零售发货单, with the word that the console shows. */
export const STATUS_ZH = {
  'pending-allocation': '待分配',
  'out-of-stock': '缺货',
  'pending-audit': '待审核',
  audited: '已审核',
  picking: '配货中',
  shipped: '已发货',
  cancelled: '已取消',
  exception: '异常',
} as const;

export type DeliveryStatus = keyof typeof STATUS_ZH;

/** What can happen to it. */
export type DeliveryEvent =
  | 'allocate' // every line is held
  | 'lack' // a line was refused for lack of stock
  | 'reallocate' // its lines changed, stock must be held anew
  | 'audit' // rules or a person approved it
  | 'unaudit' // a refund came up before picking began
  | 'pick' // the warehouse began
  | 'ship' // the stock has left
  | 'cancel' // the platform closed it, or a person did
  | 'fault' // something that a person must look at
  | 'resume'; // a person says go on

/**
 * The allowed moves. A closed order whose parcel is being picked becomes an exception 异常 and not cancelled: a person
 * must stop the parcel first.
 */
export const DELIVERY_MOVES: Record<DeliveryStatus, Partial<Record<DeliveryEvent, DeliveryStatus>>> = {
  'pending-allocation': { allocate: 'pending-audit', lack: 'out-of-stock', cancel: 'cancelled', fault: 'exception' },
  'out-of-stock': {
    allocate: 'pending-audit',
    reallocate: 'pending-allocation',
    cancel: 'cancelled',
    fault: 'exception',
  },
  'pending-audit': {
    audit: 'audited',
    lack: 'out-of-stock',
    reallocate: 'pending-allocation',
    cancel: 'cancelled',
    fault: 'exception',
  },
  audited: { unaudit: 'pending-audit', pick: 'picking', cancel: 'cancelled', fault: 'exception' },
  picking: { ship: 'shipped', fault: 'exception' },
  shipped: {},
  cancelled: {},
  exception: { resume: 'pending-allocation', ship: 'shipped', cancel: 'cancelled' },
};

/** The status after an event, or undefined where the table does not allow it. */
export function statusAfter(status: DeliveryStatus, event: DeliveryEvent): DeliveryStatus | undefined {
  return DELIVERY_MOVES[status][event];
}

/** Live orders hold stock, or want to; the others hold none once settled. */
export function isLive(status: DeliveryStatus): boolean {
  return status !== 'cancelled' && status !== 'shipped';
}
