import { sweepAudits } from '../../../functions/auto-audit/audit-delivery-orders';
import type { AuditStrategy } from '../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { keys } from '../../../shared/procedures/keys';
import { deliveryOrderPlaces } from '../../../shared/procedures/drive-delivery-orders';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import { SHOP, StubRun } from '../../support/stub-run';
import { ALWAYS, platformLine, platformOrder, T } from '../domain/order/samples';

const STRATEGY = keys.auditStrategy('A');
const ORDER = keys.deliveryOrder('tb#88001');
const LEDGER = { warehouseId: 'DC', skuId: 'TEE' };

/** An order whose stock is held, and a strategy that a person has just saved. */
async function savedStrategy(): Promise<StubRun> {
  const run = await new StubRun().withShop();
  const source = { type: 'receipt', id: 'E1' } as const;
  const receipt = { id: 'receipt#E1@DC/TEE/receipt/1', kind: 'receipt', qty: 9, source } as const;
  const entry: LedgerEntry = { number: 1, movements: [receipt], balance: { onHandQty: 9, heldQty: 0 }, atMs: T };
  await run.store.put({ key: keys.ledgerEntry(LEDGER, 1), expect: 0, value: entry });
  const saved = { ...ALWAYS, version: 2, spreadPending: true };
  await run.store.put({ key: STRATEGY, expect: 0, value: saved });
  const text = JSON.stringify(platformOrder({ lines: [platformLine({ quantity: 2 })] }));
  await storePlatformOrder(run.ports, SHOP, { orderNo: '88001', text }, T);
  await convertPlatformOrders(run.ports, [{ shopId: 'tb', orderNo: '88001' }]);
  return run;
}

/** A worker that had read version 1 of the strategy saves its verdict only now. */
async function stopByFormerVersion(run: StubRun): Promise<void> {
  const stored = await run.store.get<DeliveryOrder>(ORDER);
  if (!stored) throw new Error('there is no order');
  const audit = { strategyId: 'A', strategyVersion: 1, reasons: [{ rule: 'amount', text: '' }], againAtMs: null };
  const value: DeliveryOrder = { ...stored.value, status: 'pending-audit', audit };
  const places = deliveryOrderPlaces(value, run.clock.nowMs());
  await run.store.put({ key: ORDER, expect: stored.version, value, places });
}

describe('orders that a former audit strategy stopped', () => {
  it('are offered to the new one even where the former verdict is saved after all had been offered', async () => {
    const run = await savedStrategy();
    await sweepAudits(run);
    expect((await run.store.get<AuditStrategy>(STRATEGY))?.value.spreadPending).toBe(false);
    await stopByFormerVersion(run);
    await sweepAudits(run);
    expect((await run.store.get<DeliveryOrder>(ORDER))?.value.audit?.strategyVersion).toBe(1);
    // 90 s: whoever read the former version has been killed by then.
    await run.clock.advance(90_000);
    await sweepAudits(run);
    expect((await run.store.get<DeliveryOrder>(ORDER))?.value.status).toBe('audited');
    expect((await run.store.get<AuditStrategy>(STRATEGY))?.value).not.toHaveProperty('spreadAgainAtMs');
  });
});
