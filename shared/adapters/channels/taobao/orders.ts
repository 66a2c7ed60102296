import * as z from 'zod/mini';
import { epochMsFromShanghaiText, shanghaiText } from '../../../domain/kernel/time';
import { AppError } from '../../../errors';
import type { OrderStamp, RawOrder, ShopAccess } from '../../../ports/channel';
import { badAnswer, valueOf } from '../http';
import { idText, looseText, wholeNumber } from '../json64';
import { type ModifiedPage, type ModifiedPaging, type ModifiedWindow, readModified } from '../modified-windows';
import { callTaobao, type TaobaoOptions } from './client';
import { TRADE_FIELDS, tradeAnswerId } from './trade-shape';

const LIST = 'taobao.trades.sold.increment.get';
const DETAIL = 'taobao.trade.fullinfo.get';

const PAGING: ModifiedPaging = {
  // A day is allowed; half an hour is what the platform advises for speed and success.
  windowMsMax: 30 * 60_000,
  // 100 are allowed; 40 to 50 are advised, larger pages time out more often.
  pageSize: 50,
  resultsMax: Number.POSITIVE_INFINITY,
};

const stamp = z.object({ tid: idText, tid_str: looseText, status: z.string(), modified: z.string() });
const listAnswer = z.object({
  total_results: wholeNumber,
  // A list sits one level deeper than one expects, and is absent where it is empty.
  trades: z.nullish(z.object({ trade: z.nullish(z.array(stamp)) })),
});

/** The trade whole; the text is the platform's answer as it came. NOT_FOUND where the seller has no such trade. */
export async function fetchTrade(options: TaobaoOptions, access: ShopAccess, orderNo: string): Promise<RawOrder> {
  const answer = valueOf(await callTaobao(options, access, DETAIL, { tid: orderNo, fields: TRADE_FIELDS }));
  const read = z.safeParse(tradeAnswerId, answer.response);
  if (!read.success) {
    // Some gateways answer a trade that is archived or another seller's with an empty response.
    if (isEmpty(answer.response)) throw new AppError('NOT_FOUND', { channel: 'taobao', orderNo });
    return valueOf(badAnswer({ channel: 'taobao', method: DETAIL }, 'no trade in the answer'));
  }
  const { trade } = read.data;
  if ((trade.tid_str || trade.tid) !== orderNo) {
    return valueOf(badAnswer({ channel: 'taobao', method: DETAIL }, 'the answer holds another trade'));
  }
  return { orderNo, text: answer.text };
}

/**
 * Trades by modified time. The platform lists the newest first and asks for paging from the last page to the first:
 * {@link readModified} says why. No filter by status: a status that one did not think of would be an order lost.
 */
export function listModifiedTrades(
  options: TaobaoOptions,
  access: ShopAccess,
  window: ModifiedWindow,
): AsyncGenerator<readonly OrderStamp[]> {
  return readModified(window, options.clock.nowMs(), PAGING, (part, pageIndex) =>
    readPage(options, access, part, pageIndex),
  );
}

async function readPage(
  options: TaobaoOptions,
  access: ShopAccess,
  window: ModifiedWindow,
  pageIndex: number,
): Promise<ModifiedPage<OrderStamp>> {
  const answer = valueOf(
    await callTaobao(options, access, LIST, {
      fields: 'tid,tid_str,status,modified',
      start_modified: shanghaiText(window.fromMs),
      end_modified: shanghaiText(window.toMs),
      page_no: String(pageIndex + 1),
      page_size: String(PAGING.pageSize),
    }),
  );
  const read = listAnswer.safeParse(answer.response);
  if (!read.success) return valueOf(badAnswer({ channel: 'taobao', method: LIST }, 'list of unknown shape'));
  return { total: read.data.total_results, rows: (read.data.trades?.trade ?? []).map(orderStamp) };
}

function orderStamp(trade: z.infer<typeof stamp>): OrderStamp {
  const modifiedAtMs = epochMsFromShanghaiText(trade.modified);
  if (modifiedAtMs === undefined) {
    return valueOf(badAnswer({ channel: 'taobao', method: LIST }, `modified is not a time: ${trade.modified}`));
  }
  return { orderNo: trade.tid_str || trade.tid, modifiedAtMs, platformStatus: trade.status };
}

function isEmpty(response: unknown): boolean {
  return typeof response === 'object' && response !== null && !('trade' in response);
}
