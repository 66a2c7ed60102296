import type { DeliveryStatus } from '../../../../../shared/domain/order/delivery-states';
import type { ConversionState } from '../../../../../shared/domain/order/received-order';
import { ApiError, callApi } from '../../kit/api';

/** Orders that one call takes. */
const ORDERS_MAX = 100;

export interface OrderName {
  readonly shopId: string;
  readonly orderNo: string;
}

/** What became of one order: converted or parked, or why not. */
export type Converted = OrderName &
  (
    | {
        readonly kind: 'converted';
        readonly state: ConversionState;
        readonly unmapped: readonly string[];
        readonly status: DeliveryStatus | null;
      }
    | { readonly kind: 'refused'; readonly error: unknown }
  );

/** A result as POST /api/conversions gives it. */
interface Answer extends OrderName {
  readonly state: ConversionState;
  readonly unmapped?: readonly string[];
  readonly status?: DeliveryStatus | null;
  readonly code?: string;
  readonly message?: string;
  readonly messageEn?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** 单据转换 of some orders, a hundred a call. What a call refuses is the result of each of its orders. */
export async function convertOrders(orders: readonly OrderName[], tell: (done: Converted[]) => void): Promise<void> {
  for (let from = 0; from < orders.length; from += ORDERS_MAX) {
    const some = orders.slice(from, from + ORDERS_MAX).map(({ shopId, orderNo }) => ({ shopId, orderNo }));
    tell(await convertSome(some));
  }
}

async function convertSome(orders: readonly OrderName[]): Promise<Converted[]> {
  try {
    const { results } = await callApi<{ results: Answer[] }>('POST', '/api/conversions', { body: { orders } });
    return results.map(resultOf);
  } catch (error) {
    return orders.map((order) => ({ ...order, kind: 'refused', error }));
  }
}

function resultOf({ shopId, orderNo, state, unmapped = [], status = null, ...refusal }: Answer): Converted {
  const { code, message, messageEn, facts } = refusal;
  if (code === undefined) return { shopId, orderNo, kind: 'converted', state, unmapped, status };
  const error = new ApiError(422, {
    ...{ code, message: message ?? code, messageEn: messageEn ?? code },
    ...(facts && { facts }),
  });
  return { shopId, orderNo, kind: 'refused', error };
}
