import * as z from 'zod/mini';
import { AppError } from '../../../errors';
import type { OrderStamp, RawOrder, ShopAccess } from '../../../ports/channel';
import { badAnswer, valueOf } from '../http';
import { idText, wholeNumber } from '../json64';
import { type ModifiedPage, type ModifiedPaging, type ModifiedWindow, readModified } from '../modified-windows';
import { callDoudian, type DoudianOptions } from './client';
import { orderDataId } from './order-shape';

const LIST = 'order.searchList';
const DETAIL = 'order.orderDetail';

const PAGING: ModifiedPaging = {
  // No limit is documented; half an hour keeps page × size far below its ceiling and is what Taobao advises too.
  windowMsMax: 30 * 60_000,
  // Most that the platform allows.
  pageSize: 100,
  // Ceiling of page × size (general knowledge).
  resultsMax: 50_000,
};

const listData = z.object({
  total: wholeNumber,
  shop_order_list: z.nullish(
    z.array(z.object({ order_id: idText, order_status: wholeNumber, update_time: wholeNumber })),
  ),
});

/** The order whole; the text is the platform's answer as it came. NOT_FOUND where the shop has no such order. */
export async function fetchOrder(options: DoudianOptions, access: ShopAccess, orderNo: string): Promise<RawOrder> {
  // `shop_order_id` is documented as text.
  const answer = valueOf(await callDoudian(options, access, DETAIL, { shop_order_id: orderNo }));
  if (isEmpty(answer.data)) throw new AppError('NOT_FOUND', { channel: 'doudian', orderNo });
  const read = z.safeParse(orderDataId, answer.data);
  if (!read.success) return valueOf(badAnswer({ channel: 'doudian', method: DETAIL }, 'no order in the answer'));
  if (read.data.shop_order_detail.order_id !== orderNo) {
    return valueOf(badAnswer({ channel: 'doudian', method: DETAIL }, 'the answer holds another order'));
  }
  return { orderNo, text: answer.text };
}

/**
 * Orders by modified time, the oldest first. An order that changes goes to the end of the list, or out of a window that
 * ends in the past; those behind it move up, and reading the pages forwards would skip one at each border. So the pages
 * are read from the last to the first: {@link readModified}. No filter by status.
 */
export function listModifiedOrders(
  options: DoudianOptions,
  access: ShopAccess,
  window: ModifiedWindow,
): AsyncGenerator<readonly OrderStamp[]> {
  return readModified(window, options.clock.nowMs(), PAGING, (part, pageIndex) =>
    readPage(options, access, part, pageIndex),
  );
}

async function readPage(
  options: DoudianOptions,
  access: ShopAccess,
  window: ModifiedWindow,
  pageIndex: number,
): Promise<ModifiedPage<OrderStamp>> {
  const answer = valueOf(
    await callDoudian(options, access, LIST, {
      update_time_start: window.fromMs / 1000,
      update_time_end: window.toMs / 1000,
      order_by: 'update_time',
      order_asc: true,
      page: pageIndex,
      size: PAGING.pageSize,
    }),
  );
  const read = z.safeParse(listData, answer.data);
  if (!read.success) return valueOf(badAnswer({ channel: 'doudian', method: LIST }, 'list of unknown shape'));
  const rows = (read.data.shop_order_list ?? []).map((order) => ({
    orderNo: order.order_id,
    modifiedAtMs: order.update_time * 1000,
    platformStatus: String(order.order_status),
  }));
  return { total: read.data.total, rows };
}

function isEmpty(data: unknown): boolean {
  if (data === null || data === undefined) return true;
  return typeof data === 'object' && ((data as Record<string, unknown>).shop_order_detail ?? null) === null;
}
