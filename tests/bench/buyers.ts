import { fork } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '../../shared/adapters/system/system';
import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import type { OrderRef } from '../../shared/procedures/convert-platform-orders';
import { convertPlatformOrders } from '../../shared/procedures/convert-platform-orders';
import { readLedgers } from '../../shared/procedures/post-movements';
import { skuIdOf, WAREHOUSE } from './brand';
import { doudianOrder } from './doudian-orders';
import { newSqliteWorld, openSqliteWorld, storeOrders } from './sqlite-world';

/** The one SKU that everybody wants. */
const HOT_SKU = 0;

/** The program's argument that makes it one of several processes of buyers, and no bench. */
export const BUYERS_ARGUMENT = '--as-buyers';

/** What became of a rush: orders that hold their piece, pieces that the ledger says are held. */
export interface Rush {
  readonly processes: number;
  readonly held: number;
  readonly ledgerQty: number;
  readonly ms: number;
}

/** Buyers of one SKU at the same moment, each with an order of one piece, spread over processes on one store. */
export async function rushInProcesses(processes: number, buyers: number, pieces: number): Promise<Rush> {
  const world = await newSqliteWorld({ skuCount: 1, stockQty: pieces, shops: 'doudian' });
  try {
    const orders = Array.from({ length: buyers }, (_, n) => doudianOrder(n, [HOT_SKU], systemClock.nowMs()));
    const refs = await storeOrders(world, orders);
    const share = Math.ceil(buyers / processes);
    const shares = Array.from({ length: processes }, (_, i) => refs.slice(i * share, (i + 1) * share));
    const startMs = performance.now();
    const held = processes === 1 ? [await convertAll(world.file, refs)] : await convertInChildren(world.file, shares);
    const ms = performance.now() - startMs;
    const ledgers = await readLedgers(world.store, [{ warehouseId: WAREHOUSE, skuId: skuIdOf(HOT_SKU) }]);
    const [last]: (LedgerEntry | undefined)[] = [...ledgers.values()];
    return { processes, ms, held: held.reduce((sum, count) => sum + count, 0), ledgerQty: last?.balance.heldQty ?? 0 };
  } finally {
    await world.close();
  }
}

/** Tells each process its share once all of them are up, so that they begin together. */
async function convertInChildren(file: string, shares: readonly OrderRef[][]): Promise<number[]> {
  const children = shares.map(() => fork(__filename, [BUYERS_ARGUMENT]));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    return await Promise.all(
      children.map(async (child, i) => {
        const answer = once(child, 'message');
        child.send({ file, refs: shares[i] });
        const [{ held, error }] = (await answer) as [{ held: number; error?: string }];
        if (error !== undefined) throw new Error(`a process of buyers failed: ${error}`);
        return held;
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

/** What a process of buyers does: says that it is up, is told its share, and says how many orders hold their piece. */
export function serveBuyers(): void {
  process.once('message', (share: { file: string; refs: OrderRef[] }) => {
    convertAll(share.file, share.refs).then(
      (held) => process.send?.({ held }),
      (error: unknown) => process.send?.({ held: 0, error: String(error) }),
    );
  });
  process.send?.('up');
}

async function convertAll(file: string, refs: readonly OrderRef[]): Promise<number> {
  const opened = openSqliteWorld(file);
  try {
    const results = await Promise.all(refs.map((ref) => convertPlatformOrders(opened.world.run.ports, [ref])));
    return results.flat().filter((result) => result.kind === 'ok' && result.deliveryOrder?.status === 'pending-audit')
      .length;
  } finally {
    await opened.close();
  }
}
