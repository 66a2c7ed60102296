import type { TopMethod } from './method';
import { invalidArgument, isvError } from './top-error';
import { tradeJson } from './trade-json';
import { tradeStatus } from './trade-status';

const WINDOW_MS_MAX = 24 * 3_600_000;

export const getTrade: TopMethod = {
  of: 'seller',
  run: (params, shop) => {
    const fields = new Set(params.list('fields'));
    const order = shop.orders.get(params.id('tid'));
    if (order === undefined) throw isvError('trade-not-exist', '交易订单不存在');
    return { trade: tradeJson(shop.config, order, fields) };
  },
};

/**
 * Trades by the time of their last change, newest first; whole seconds, both ends included. A trade that changes moves
 * to the front, or out of the window: pages shift while one reads, which is why one reads the last page first.
 */
export const listChangedTrades: TopMethod = {
  of: 'seller',
  run: (params, shop) => {
    const fields = new Set(params.list('fields'));
    const startMs = params.time('start_modified');
    const endMs = params.time('end_modified');
    if (endMs < startMs) throw invalidArgument('end_modified', '结束时间不能早于开始时间');
    if (endMs - startMs > WINDOW_MS_MAX) throw invalidArgument('end_modified', '查询时间跨度不能超过一天');
    const pageNo = params.wholeNumber('page_no', { min: 1, max: 1_000_000, fallback: 1 });
    const pageSize = params.wholeNumber('page_size', { min: 1, max: 100, fallback: 40 });
    const status = params.optional('status');
    const type = params.optional('type')?.split(',');
    const found = shop.orders
      .changedBetween(startMs, endMs + 999)
      .reverse()
      .filter((order) => status === undefined || tradeStatus(order) === status)
      .filter((order) => type?.includes(order.depositPresale ? 'step' : 'fixed') ?? true);
    const page = found.slice((pageNo - 1) * pageSize, pageNo * pageSize);
    return {
      ...(params.flag('use_has_next')
        ? { has_next: found.length > pageNo * pageSize }
        : { total_results: found.length }),
      trades: page.length === 0 ? undefined : { trade: page.map((order) => tradeJson(shop.config, order, fields)) },
    };
  },
};
