import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { ReceivedOrder } from '../../shared/domain/order/received-order';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
import { sortable } from '../../shared/domain/kernel/ids';
import type { Stored } from '../../shared/ports/store';
import type { FrozenStore } from './frozen-store';

/** What is wrong with one saved write as a step from what stood there before: things that no look at the store tells later. */
export function stepFaults(
  store: FrozenStore,
  saved: Stored<unknown>,
  before: Stored<unknown> | undefined,
  nowMs: number,
  /** Clocks have differed by so much. */
  skewMs: number,
): string[] {
  const { pk, sk } = saved.key;
  const [kind] = pk.split('#');
  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`${pk}/${sk}: ${what}`);
  };
  if (kind === 'ledger' || sk.startsWith('raw#')) must(!before, 'it was written once and for all, and is overwritten');
  if (kind === 'platform-order' && sk === 'head' && before) {
    const [was, is] = [before.value as ReceivedOrder, saved.value as ReceivedOrder];
    must(
      is.modifiedAtMs >= was.modifiedAtMs,
      `an older version (${is.modifiedAtMs}) takes the place of a newer one (${was.modifiedAtMs})`,
    );
  }
  if (kind === 'delivery-order' && before) {
    const [was, is] = [before.value as DeliveryOrder, saved.value as DeliveryOrder];
    must(is.platform.modifiedAtMs >= was.platform.modifiedAtMs, 'it goes back to older facts of the platform');
    must((is.log.at(-1)?.no ?? 0) >= (was.log.at(-1)?.no ?? 0), 'its log loses a line');
    must(
      is.holds.every((hold) => hold.attempt >= (was.holds.find(({ skuId }) => skuId === hold.skuId)?.attempt ?? 0)),
      'an attempt is counted down',
    );
  }
  if (kind === 'sync' && !before) {
    const record = saved.value as SyncRecord;
    const number = record.number - 1;
    const last = store.find<SyncRecord>({ pk, sk: sortable(number) })?.value;
    must(
      last?.status !== 'in-flight' || nowMs >= last.deadlineMs - skewMs,
      `record ${number} is still being pushed, until ${last?.deadlineMs ?? 0}`,
    );
    for (const { warehouseId, ledgerNumber } of last?.skuId === record.skuId ? last.reason.balances : []) {
      const now = record.reason.balances.find((balance) => balance.warehouseId === warehouseId)?.ledgerNumber;
      must(
        now === undefined || now >= ledgerNumber,
        `it goes back to entry ${now ?? 0}, record ${number} was of ${ledgerNumber}`,
      );
    }
  }
  return faults;
}
