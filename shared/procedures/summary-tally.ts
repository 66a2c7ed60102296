import type { Balance, LedgerEntry } from '../domain/stock/ledger';
import { countEntries, EMPTY_SUMMARY } from '../domain/stock/stock-summary';
import type { StockSummary } from '../domain/stock/stock-summary';
import type { StockKey } from '../domain/stock/movement';
import type { IndexPlaces } from '../ports/store';
import { recentLedgerPartitions } from './keys';

/** One ledger entry as it is stored. */
interface StoredEntry extends StockKey {
  readonly entry: LedgerEntry;
  readonly places: IndexPlaces;
}

/** What the summary of a shard must say: the ledgers' last balances, less what entries behind it have moved. */
interface Expected {
  entries: number;
  readonly warehouses: Map<string, { onHandQty: number; heldQty: number }>;
}

/** Holds the stock summaries to the ledgers: what is summed up and what is not yet summed up are the last balances. */
export class SummaryTally {
  private readonly partitions = recentLedgerPartitions();
  private readonly shards: Expected[];

  constructor(private readonly summaries: readonly StockSummary[]) {
    this.shards = summaries.map(() => ({ entries: 0, warehouses: new Map() }));
  }

  /** Each entry of every ledger, once. */
  entry({ entry, places, warehouseId, skuId }: StoredEntry): void {
    const shard = this.partitions.indexOf(places.list?.partition ?? '');
    const expected = this.shards[shard];
    const sort = places.list?.sort ?? '';
    if (!expected) return;
    if (!isBehind(sort, this.summaries[shard]?.readTo ?? '')) {
      expected.entries += 1;
      return;
    }
    const [moved] = countEntries(EMPTY_SUMMARY, [{ warehouseId, skuId, entry, sort }], entry.atMs).warehouses;
    add(expected, warehouseId, { onHandQty: -(moved?.onHandQty ?? 0), heldQty: -(moved?.heldQty ?? 0) });
  }

  /** The last balance of every ledger, and where its last entry stands. */
  lastBalance(warehouseId: string, balance: Balance, places: IndexPlaces): void {
    const expected = this.shards[this.partitions.indexOf(places.list?.partition ?? '')];
    if (expected) add(expected, warehouseId, balance);
  }

  /** What summaries say otherwise. */
  differences(): { shard: number; what: string }[] {
    return this.shards.flatMap((expected, shard) => {
      const said = this.summaries[shard] ?? EMPTY_SUMMARY;
      const found: string[] = [];
      if (said.entries !== expected.entries) found.push(`counts ${said.entries} entries of ${expected.entries}`);
      const sums = new Map(said.warehouses.map((sum) => [sum.warehouseId, sum]));
      for (const warehouseId of new Set([...sums.keys(), ...expected.warehouses.keys()])) {
        const [is, must] = [sums.get(warehouseId), expected.warehouses.get(warehouseId)];
        const [onHandQty, heldQty] = [must?.onHandQty ?? 0, must?.heldQty ?? 0];
        if ((is?.onHandQty ?? 0) === onHandQty && (is?.heldQty ?? 0) === heldQty) continue;
        const says = `${is?.onHandQty ?? 0}/${is?.heldQty ?? 0}`;
        found.push(`says ${says} for ${warehouseId}, the ledgers' last balances give ${onHandQty}/${heldQty}`);
      }
      return found.map((what) => ({ shard, what }));
    });
  }
}

function add({ warehouses }: Expected, warehouseId: string, { onHandQty, heldQty }: Balance): void {
  const sum = warehouses.get(warehouseId) ?? { onHandQty: 0, heldQty: 0 };
  warehouses.set(warehouseId, { onHandQty: sum.onHandQty + onHandQty, heldQty: sum.heldQty + heldQty });
}

/** Stores sort by the bytes of UTF-8. */
const isBehind = (sort: string, readTo: string): boolean => Buffer.compare(Buffer.from(sort), Buffer.from(readTo)) > 0;
