import { callConsole } from '../console-calls';
import { SOURCE_WAREHOUSE, WAREHOUSE, skuIdOf } from '../brand';
import { countingWorld } from './counting-world';
import type { Rows } from './row';

const LINES = [1, 10, 100] as const;

/** Changes of stock by a person or a warehouse system, each from the API call to the pool. */
export async function countStock(): Promise<Rows> {
  const rows: Rows = {};
  for (const lines of LINES) {
    rows[`stock-change/receipt-of-${lines}`] = await countReceipt(lines);
    rows[`allocation-line/order-of-${lines}`] = await countAllocation(lines);
  }
  return rows;
}

async function countReceipt(lines: number): Promise<Rows[string]> {
  const { world, tally } = await countingWorld({ skuCount: lines, stockQty: 10, shops: 'both' });
  await world.invoke('console', (run) =>
    callConsole(run, 'POST', '/api/stock-entries', receipt('R1', WAREHOUSE, lines)),
  );
  await world.deliver();
  return tally.per(lines);
}

/** Created, saved and audited: three presses of a person. */
async function countAllocation(lines: number): Promise<Rows[string]> {
  const { world, tally } = await countingWorld({ skuCount: lines, stockQty: 0, shops: 'both' });
  await world.invoke('console', (run) =>
    callConsole(run, 'POST', '/api/stock-entries', receipt('R1', SOURCE_WAREHOUSE, lines)),
  );
  await world.deliver();
  tally.reset();
  const order = { sourceWarehouseId: SOURCE_WAREHOUSE, targetWarehouseId: WAREHOUSE, lines: linesOf(lines, 5) };
  const path = '/api/allocation-orders/A1';
  await world.invoke('console', (run) => callConsole(run, 'PUT', path, { ...order, draft: true, version: 0 }));
  await world.invoke('console', (run) => callConsole(run, 'PUT', path, { ...order, version: 1 }));
  await world.invoke('console', (run) => callConsole(run, 'POST', `${path}/audit`));
  await world.deliver();
  return tally.per(lines);
}

const linesOf = (count: number, qty: number) => Array.from({ length: count }, (_, n) => ({ skuId: skuIdOf(n), qty }));

function receipt(id: string, warehouseId: string, lines: number): object {
  return { id, type: 'receipt', warehouseId, lines: linesOf(lines, 10) };
}
