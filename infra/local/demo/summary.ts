import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { doudianChannel } from '../../../shared/adapters/channels/doudian/doudian';
import { taobaoChannel } from '../../../shared/adapters/channels/taobao/taobao';
import { systemClock } from '../../../shared/adapters/system/system';
import type { ChannelId } from '../../../shared/domain/order/platform-order';
import { STATUS_ZH } from '../../../shared/domain/order/delivery-states';
import type { Channel } from '../../../shared/ports/channel';
import { checkInvariants } from '../../../shared/procedures/check-invariants';
import { openStoreAt } from '../moving/store-address';
import type { Child } from './child-process';
import type { Shortage } from './count-store';
import { countStore } from './count-store';
import type { Report } from './report';
import type { World } from './walk-stock';

/** Channels for reading what is stored; they are not called. */
export function readingChannels(): Readonly<Record<ChannelId, Pick<Channel, 'readOrder'>>> {
  const options = { gatewayUrl: 'http://127.0.0.1:9', timeoutMs: 1_000, clock: systemClock };
  return { taobao: taobaoChannel(options), doudian: doudianChannel(options) };
}

/** Stops the host, counts what lies in its store, and checks every invariant on it and on what the platforms show. */
export async function summarise(
  world: World,
  report: Report,
  run: { host: Child; storeAddress: string; settings: Readonly<Record<string, string>>; replayed: boolean },
): Promise<void> {
  const { counts, residentBytes } = await world.host.get<{ counts: Record<string, number>; residentBytes: number }>(
    '/metrics',
  );
  const stats = await world.sandbox.get<{ messages: Record<string, number> }>('/sandbox/stats');
  await run.host.stop();
  report.heading('Summary, counted from the data');
  const opened = await openStoreAt(run.storeAddress, run.settings);
  const { store } = opened;
  try {
    const data = await countStore(store);
    const byStatus = Object.entries(data.ordersByStatus).map(
      ([status, count]) => `${STATUS_ZH[status as keyof typeof STATUS_ZH]} ${count}`,
    );
    report.line(
      `platform orders ${data.platformOrders}, delivery orders ${data.deliveryOrders}: ${byStatus.join(', ')}`,
    );
    report.line(
      `platform messages ${stats.messages['emitted']}: lost ${stats.messages['lost']}, duplicated ${stats.messages['duplicated']}; versions that the pull brought before a message did ${counts['ingestion.recovered'] ?? 0}`,
    );
    report.line(
      `stock movements ${data.movements} in ${data.ledgerEntries} ledger entries (group commit), of them void ${data.voids}`,
    );
    const naive = data.ledgerEntriesOnSale * 2;
    const writes = data.syncRecords['pushed'] ?? 0;
    report.line(
      `stock changes ${data.ledgerEntriesOnSale} coalesced into ${counts['sync.computed-skus'] ?? 0} computations; ${writes} quantities pushed in ${counts['sync.calls'] ?? 0} calls,`,
    );
    report.line(`    a push per change and shop would have sent ${naive}`);
    const late = await splitByCause(world, data.shortages);
    report.line(
      `pieces that the platforms sold beyond stock, as a quantity was late (缺货): ${late.all} in ${data.shortages.length} lines;`,
    );
    report.line(
      `    ${late.inFlight} of them were bought before their order could reach us (in flight), ${late.late} after we knew; ${data.shortPiecesNow} pieces still lack`,
    );
    const megabytes = Math.round(residentBytes / 2 ** 20);
    report.step(
      `memory of the host: ${megabytes} MB`,
      'read its resident memory',
      'below 300 MB',
      megabytes < 300 ? 'below 300 MB' : `${megabytes} MB`,
    );
    report.step('pieces held beyond stock 超卖', 'replayed every ledger entry', 0, data.heldBeyondStock);
    const shown = await shownNow(world);
    const violations: string[] = [];
    const options = { channels: readingChannels(), nowMs: Date.now(), atRest: true };
    const readShown = async (
      shop: { id: string },
      listing: { itemId: string; platformSkuId: string | null },
    ): Promise<number> => shown.get(`${shop.id}#${listing.itemId}#${listing.platformSkuId ?? ''}`) ?? -1;
    for await (const { invariant, where, what } of checkInvariants(store, { ...options, readShown }))
      violations.push(`${invariant}: ${where}: ${what}`);
    const verify = spawnSync(process.execPath, [join(__dirname, 'verify.js'), run.storeAddress], {
      encoding: 'utf8',
      env: { ...process.env, ...run.settings },
    });
    report.step(
      'invariants 1 to 7, over every document',
      `npm run verify -- '${run.storeAddress}'`,
      'exit code 0',
      `exit code ${verify.status ?? 'none'}`,
    );
    for (const line of verify.stdout.split('\n').filter((text) => text !== '')) report.line(`    ${line}`);
    report.step(
      'the platforms show what the ledgers give',
      "compared with every listing in the sellers' back offices",
      [],
      violations.slice(0, 10),
    );
  } finally {
    await opened.close();
  }
}

/** In flight: bought while the last pieces were still in our ledger, so no push could have been in time. */
async function splitByCause(
  world: World,
  shortages: readonly Shortage[],
): Promise<{ all: number; inFlight: number; late: number }> {
  const split = { all: 0, inFlight: 0, late: 0 };
  for (const { orderNo, qty, goneAtMs } of shortages) {
    const order = await world.sandbox.get<{ createdAtMs: number }>(`/sandbox/orders/${orderNo}`);
    split.all += qty;
    split[order.createdAtMs <= goneAtMs ? 'inFlight' : 'late'] += qty;
  }
  return split;
}

interface SandboxItem {
  readonly itemId: string;
  readonly stockQty: number;
  readonly skus: readonly { skuId: string; stockQty: number }[];
}

async function shownNow(world: World): Promise<Map<string, number>> {
  const shown = new Map<string, number>();
  const { shops } = await world.sandbox.get<{ shops: { shopId: string }[] }>('/sandbox/shops');
  for (const { shopId } of shops) {
    const { items } = await world.sandbox.get<{ items: SandboxItem[] }>(`/sandbox/items?shopId=${shopId}`);
    for (const item of items) {
      shown.set(`${shopId}#${item.itemId}#`, item.stockQty);
      for (const sku of item.skus) shown.set(`${shopId}#${item.itemId}#${sku.skuId}`, sku.stockQty);
    }
  }
  return shown;
}
