import type { AuditStrategy } from '../../shared/domain/order/audit-order';
import { auditByRule, strategyFor } from '../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { ReceivedOrder } from '../../shared/domain/order/received-order';
import { AppError } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import type { BatchFailures } from '../../shared/platform/try-batch';
import { isolateFailures } from '../../shared/platform/isolate-failures';
import type { BusEnvelope } from '../../shared/ports/bus';
import type { Ports } from '../../shared/ports/ports';
import type { Key } from '../../shared/ports/store';
import { awaitsStock, deliveryOrderPlaces, saveOrder } from '../../shared/procedures/drive-delivery-orders';
import { auditStoppedPartition, keys } from '../../shared/procedures/keys';
import { loadAuditStrategies, loadShops } from '../../shared/procedures/settings';
import { sweepOpen } from '../../shared/procedures/sweep-open';

type AuditPorts = Pick<Ports, 'store' | 'clock' | 'bus' | 'log'>;

/** Times that an order is judged anew because somebody else saved it first. */
const TRIES_MAX = 5;

/** A sweep ends with this much time left. */
const SPARE_MS = 10_000;

/** Stopped orders that are judged again in one go after a strategy was saved. */
const PAGE = 50;

/** Who read a strategy before it was saved has saved its verdicts by then: longer than a function lives (60 s). */
const JUDGING_MS_MAX = 90_000;

/** Later than every time at which an order is to be looked at again. */
const END_OF_TIME_MS = Number.MAX_SAFE_INTEGER;

/** Audits the orders that a batch of messages names. */
export async function auditBatch(batch: readonly BusEnvelope[], run: Run<'bus'>): Promise<BatchFailures> {
  const failures = await isolateFailures(batch, (part) =>
    auditDeliveryOrders(
      run.ports,
      part.map(({ body }) => String(body['deliveryOrderId'])),
    ),
  );
  return new Map([...failures].map(([envelope, error]) => [envelope.eventId, error]));
}

/** Orders whose message was lost, whose waiting time is over, and those that an older strategy stopped. */
export async function sweepAudits(run: Run<'bus'>): Promise<Record<string, number>> {
  const { clock, log } = run.ports;
  const mayGoOn = (): boolean => run.remainingMs() > SPARE_MS;
  const audit = async (ids: readonly string[]): Promise<void> => {
    const failures = await isolateFailures(ids, (part) => auditDeliveryOrders(run.ports, part));
    log.count('sweep.failed', failures.size, { stage: 'audit' });
    for (const [id, error] of failures) log.error('audit.failed', { deliveryOrderId: id, reason: String(error) });
  };
  let due = 0;
  // An order stays in its place among the holding ones until it is judged.
  for (const kind of ['holding', 'audit'] as const) {
    const judge = (page: readonly Key[]): Promise<void> => audit(page.map((key) => orderIdOf(key.pk)));
    due += await sweepOpen(run.ports, kind, clock.nowMs(), judge, mayGoOn);
  }
  const again = await auditStoppedAgain(run, audit, mayGoOn);
  return { due, again };
}

/** Rules over the newest facts: saved in one put per order, log lines included. */
export async function auditDeliveryOrders(ports: AuditPorts, ids: readonly string[]): Promise<void> {
  const strategies = (await loadAuditStrategies(ports.store)).map(({ value }) => value);
  let open = [...new Set(ids)];
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt >= TRIES_MAX) throw new AppError('DOCUMENT_CONTENDED', { deliveryOrders: open.length });
    open = await auditOnce(ports, strategies, open);
  }
}

async function auditOnce(
  ports: AuditPorts,
  strategies: readonly AuditStrategy[],
  ids: readonly string[],
): Promise<string[]> {
  const { store, clock, bus } = ports;
  const orders = await store.getMany<DeliveryOrder>(ids.map(keys.deliveryOrder));
  const waiting = orders.flatMap((stored) => (stored && !awaitsStock(stored.value) ? [stored] : []));
  const heads = await store.getMany<ReceivedOrder>(
    waiting.map(({ value }) => keys.platformOrder(value.shopId, value.orderNo)),
  );
  const contended: string[] = [];
  await Promise.all(
    waiting.map(async ({ value: order, version, places }, i) => {
      const head = heads[i]?.value;
      // The platform has said more than this order knows, perhaps that it is closed: conversion first. Within one second
      // two versions have the same time.
      const known = head?.modifiedAtMs === order.platform.modifiedAtMs && head.status === order.platform.status;
      if (!known || head.conversion === 'waiting') {
        const body = { shopId: order.shopId, orderNo: order.orderNo };
        await bus.publish([{ topic: 'platform-order-changed', key: order.id, body }]);
        return;
      }
      const judged = auditByRule(order, strategyFor(strategies, order.shopId), clock.nowMs());
      if (judged === order) return;
      const judgedPlaces = deliveryOrderPlaces(judged, clock.nowMs(), places.open);
      if ((await saveOrder(store, judged, version, judgedPlaces)) === 'conflict') {
        contended.push(order.id);
        return;
      }
      ports.log.count('orders.audits', 1, { outcome: judged.status });
      ports.log.info('order.audited', { deliveryOrderId: order.id, outcome: judged.status });
    }),
  );
  return contended;
}

async function auditStoppedAgain(
  run: Run<'bus'>,
  audit: (ids: readonly string[]) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<number> {
  const { store, clock } = run.ports;
  let judged = 0;
  for (const strategy of await loadAuditStrategies(store)) {
    const { spreadPending, spreadAgainAtMs, ...saved } = strategy.value;
    if (!spreadPending && (spreadAgainAtMs ?? Number.POSITIVE_INFINITY) > clock.nowMs()) continue;
    // Those that wait for their time, too: the strategy may ask for less of it now.
    judged += await sweepOpen(
      run.ports,
      'audit',
      END_OF_TIME_MS,
      (page) => audit(page.map((key) => orderIdOf(key.pk))),
      mayGoOn,
    );
    // A save may have taken shops out of the strategy: every shop's stopped orders are offered again.
    for (const { value: shop } of await loadShops(store)) {
      for (let after: string | undefined; mayGoOn(); ) {
        const hits = await store.queryIndex('open', auditStoppedPartition(shop.id), {
          ...(after !== undefined && { after }),
          limit: PAGE,
        });
        const last = hits.at(-1);
        if (!last) break;
        await audit(hits.map((hit) => orderIdOf(hit.key.pk)));
        judged += hits.length;
        after = last.sort;
      }
    }
    if (!mayGoOn()) return judged;
    // A conflict means that it was saved again meanwhile: then it is still pending, and rightly so.
    const againAtMs = clock.nowMs() + JUDGING_MS_MAX + store.indexLagMs;
    const value: AuditStrategy = {
      ...saved,
      spreadPending: false,
      ...(spreadPending && { spreadAgainAtMs: againAtMs }),
    };
    await store.put({ key: strategy.key, expect: strategy.version, value });
  }
  return judged;
}

const orderIdOf = (pk: string): string => pk.slice('delivery-order#'.length);
