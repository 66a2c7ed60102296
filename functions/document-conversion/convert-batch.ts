import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { AppError } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import type { BatchFailures } from '../../shared/platform/try-batch';
import { isolateFailures } from '../../shared/platform/isolate-failures';
import type { BusEnvelope } from '../../shared/ports/bus';
import type { Key } from '../../shared/ports/store';
import type { OrderRef } from '../../shared/procedures/convert-platform-orders';
import { convertPlatformOrders } from '../../shared/procedures/convert-platform-orders';
import { awaitsStock } from '../../shared/procedures/drive-delivery-orders';
import { keys } from '../../shared/procedures/keys';
import { seekListings } from '../../shared/procedures/map-new-skus';
import { sweepOpen } from '../../shared/procedures/sweep-open';
import { noteResults } from './note-results';
import { walkWaiting } from './walk-waiting';

/** A sweep ends with this much time left. */
const SPARE_MS = 10_000;

/** Converts the orders that a batch of messages names; several messages of one order are one conversion. */
export async function convertBatch(batch: readonly BusEnvelope[], run: Run<'bus'>): Promise<BatchFailures> {
  const byOrder = new Map<string, { ref: OrderRef; eventIds: string[] }>();
  for (const { eventId, body } of batch) {
    const ref = { shopId: String(body['shopId']), orderNo: String(body['orderNo']) };
    const id = `${ref.shopId}#${ref.orderNo}`;
    byOrder.set(id, { ref, eventIds: [...(byOrder.get(id)?.eventIds ?? []), eventId] });
  }
  const failures = await convertIsolated(
    run,
    [...byOrder.values()].map(({ ref }) => ref),
  );
  return new Map(
    [...failures].flatMap(([ref, error]) => {
      const eventIds = byOrder.get(`${ref.shopId}#${ref.orderNo}`)?.eventIds ?? [];
      return eventIds.map((eventId): [string, unknown] => [eventId, error]);
    }),
  );
}

/**
 * Drives on what a lost message, a crash or a conflict left open: orders not converted, stock not held, and orders out of
 * stock 缺货 that stock has come in for. Looks once more for the listings of new SKUs, too, which orders may be parked for.
 */
export async function sweepConversions(run: Run<'bus'>): Promise<Record<string, number>> {
  const { clock, log } = run.ports;
  const handle = async (page: readonly Key[]): Promise<void> => {
    const failures = await convertIsolated(run, page.map(refOf));
    log.count('sweep.failed', failures.size, { stage: 'conversion' });
    for (const [ref, error] of failures) {
      log.error('conversion.failed', { shopId: ref.shopId, orderNo: ref.orderNo, reason: String(error) });
    }
  };
  const mayGoOn = (): boolean => run.remainingMs() > SPARE_MS;
  const waiting = await sweepOpen(run.ports, 'conversion', clock.nowMs(), handle, mayGoOn);
  let holding = 0;
  const hold = async (page: readonly Key[]): Promise<void> => {
    // Those that wait for their audit are auto-audit's.
    const orders = await run.ports.store.getMany<DeliveryOrder>(page);
    const mine = page.filter((_, i) => orders[i] && awaitsStock(orders[i].value));
    holding += mine.length;
    await handle(mine);
  };
  await sweepOpen(run.ports, 'holding', clock.nowMs(), hold, mayGoOn);
  const convert = (orders: readonly DeliveryOrder[]) => handle(orders.map(({ id }) => keys.deliveryOrder(id)));
  const revived = await walkWaiting(run.ports.store, convert, mayGoOn);
  const seek = (page: readonly Key[]): Promise<void> => seekListings(run.ports, page);
  const newSkus = await sweepOpen(run.ports, 'new-sku', clock.nowMs(), seek, mayGoOn);
  return { waiting, holding, revived, newSkus };
}

async function convertIsolated(run: Run<'bus'>, refs: readonly OrderRef[]): Promise<Map<OrderRef, unknown>> {
  return isolateFailures(refs, async (batch) => {
    const results = await convertPlatformOrders(run.ports, batch);
    noteResults(run.ports.log, results);
    const failed = results.find((result) => result.kind === 'failed');
    // Alone, a failed order is the batch; in company, the others are done and repeating them changes nothing.
    if (failed?.kind === 'failed') throw failed.error;
  });
}

/** `platform-order#shop#no` and `delivery-order#shop#no` name the same order. */
function refOf(key: Key): OrderRef {
  const [, shopId, orderNo] = key.pk.split('#');
  if (shopId === undefined || orderNo === undefined) throw new AppError('BAD_INPUT', { pk: key.pk });
  return { shopId, orderNo };
}
