import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../../../infra/local/demo/api';
import { TIMERS } from '../../../infra/local/host/schedule';
import { listingOf, skuIdOf, WAREHOUSE } from '../brand';
import { startHostProcess } from '../host-process';
import type { HttpPlatform } from '../http-platform';
import { startHttpPlatform } from '../http-platform';
import type { Part } from '../result';
import { targetOf } from '../result';
import { percentile } from '../statistics';
import { BENCH_USER } from '../step-world';

const SKUS = 2_000;

/** A change every tenth of a second for ten seconds, of ten SKUs each: half of the catalogue once, spread over five timer runs. */
const CHANGES = 100;
const CHANGE_EVERY_MS = 100;
const SKUS_PER_CHANGE = 10;

/** Then all SKUs at once, in entries as long as the API takes them. */
const LINES_MAX = 500;

/** All pushes must have come by then. */
const PUSHED_MS = 60_000;

/** Period of the local host's push timer. */
const TIMER_MS =
  TIMERS.find(({ functionName, task }) => functionName === 'ratio-sync-push' && task === 'push')?.everyMs ?? 0;

/** The part `stock-delay`: from a change of stock by the API to the write that reaches the platform. */
export const STOCK_DELAY: Part = {
  name: 'stock-delay',
  about: 'stock change by the API to the write at the platform: delay and rate, over HTTP',
  byDefault: true,
  run: async (progress) => {
    progress(0, `a host with ${SKUS} SKUs, all to be pushed first`);
    const platform = await startHttpPlatform();
    const host = await startHostProcess({ skuCount: SKUS, stockQty: 100, shops: 'doudian' }, platform);
    const api = new Api(host.url, BENCH_USER.token);
    try {
      await arrived(platform, SKUS);
      progress(0.3, 'changes one after the other');
      const delaysMs = await changeSome(api, platform);
      progress(0.7, 'all SKUs at once');
      const [startMs, before] = [Date.now(), platform.arrivals.length];
      for (let from = 0; from < SKUS; from += LINES_MAX)
        await receive(api, `all-${from}`, numbersFrom(from, LINES_MAX));
      await arrived(platform, before + SKUS);
      const lastMs = platform.arrivals.reduce((latest, { atMs }) => Math.max(latest, atMs), startMs);
      const rate = (SKUS * 1_000) / (lastMs - startMs);
      const [p50, p95, p99] = [50, 95, 99].map((percent) => percentile(delaysMs, percent));
      return {
        tables: [
          {
            title: 'Stock change to the write at the platform',
            head: ['what', 'p50 ms', 'p95 ms', 'p99 ms', 'SKUs/s'],
            rows: [
              [
                `${CHANGES * SKUS_PER_CHANGE} SKUs, ${SKUS_PER_CHANGE} every ${CHANGE_EVERY_MS} ms`,
                p50 ?? 0,
                p95 ?? 0,
                p99 ?? 0,
                '',
              ],
              [`${SKUS} SKUs at once`, '', '', '', rate],
            ],
            notes: [
              `from the request of the change to the arrival of the write, one shop on Doudian (one SKU a call), the push timer every ${TIMER_MS} ms; the platform answers from memory.`,
            ],
          },
        ],
        figures: { 'stock-delay p50 ms': p50 ?? 0, 'stock-delay p95 ms': p95 ?? 0, 'stock-delay SKUs/s at once': rate },
        targets: [
          targetOf(
            'delay p95 of a stock change, timer period + 1 s',
            p95 ?? Number.NaN,
            { most: TIMER_MS + 1_000 },
            ' ms',
          ),
        ],
      };
    } finally {
      await host.close();
      await platform.close();
    }
  },
};

/** Delays of SKUs that each changed once, ms, ascending. */
async function changeSome(api: Api, platform: HttpPlatform): Promise<number[]> {
  const before = platform.arrivals.length;
  const changedAtMs = new Map<string, number>();
  const beginMs = Date.now();
  for (let change = 0; change < CHANGES; change += 1) {
    await sleep(Math.max(0, beginMs + change * CHANGE_EVERY_MS - Date.now()));
    const skus = numbersFrom(change * SKUS_PER_CHANGE, SKUS_PER_CHANGE);
    for (const n of skus) changedAtMs.set(listingOf(n).platformSkuId ?? '', Date.now());
    await receive(api, `some-${change}`, skus);
  }
  await arrived(platform, before + CHANGES * SKUS_PER_CHANGE);
  return platform.arrivals
    .slice(before)
    .flatMap(({ platformSkuId, atMs }) => atMs - (changedAtMs.get(platformSkuId) ?? Number.NaN))
    .sort((a, b) => a - b);
}

async function receive(api: Api, id: string, skus: readonly number[]): Promise<void> {
  const lines = skus.map((n) => ({ skuId: skuIdOf(n), qty: 100 }));
  await api.post('/api/stock-entries', { id, type: 'receipt', warehouseId: WAREHOUSE, lines });
}

const numbersFrom = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

async function arrived(platform: HttpPlatform, count: number): Promise<void> {
  const endMs = Date.now() + PUSHED_MS;
  while (platform.arrivals.length < count) {
    if (Date.now() > endMs)
      throw new Error(
        `only ${platform.arrivals.length} of ${count} writes reached the platform in ${PUSHED_MS / 1_000} s`,
      );
    await sleep(20);
  }
}
