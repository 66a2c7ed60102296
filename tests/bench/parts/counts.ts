import { countRows } from '../counting/count-rows';
import { changedCounts, readCounts, REWRITE_COMMAND, writeCounts } from '../counting/counts-file';
import type { Rows } from '../counting/row';
import type { Meter } from '../counting/tally';
import { METERS } from '../counting/tally';
import { projectFolder } from '../project-folder';
import type { Part, Table, Target } from '../result';
import { targetOf } from '../result';

/** The part `counts`. `write` keeps what was counted as what is expected from now on. */
export function countsPart(options: { write: boolean }): Part {
  return {
    name: 'counts',
    about: 'requests, capacity units, messages and calls per unit of work; exact',
    byDefault: true,
    run: async (progress) => {
      progress(0, 'counting orders, stock changes, pushes and idle minutes');
      const rows = await countRows();
      if (options.write) writeCounts(projectFolder(), rows);
      const changed = changedCounts(readCounts(projectFolder()), rows);
      const figures = Object.entries(rows).flatMap(([row, { meters }]) =>
        METERS.map((meter): [string, number] => [`counts ${row} ${meter}`, meters[meter]]),
      );
      return {
        tables: [countsTable(rows), unitsTable(rows), ...(changed.length > 0 ? [changedTable(changed)] : [])],
        figures: Object.fromEntries(figures),
        targets: targetsOf(rows),
      };
    },
  };
}

const LEGEND = [
  'order: signed push, fetched, stored, converted with its stock held, audited, its stock changes in the pool. One push an order; queues bring batches as deployed (50 orders, 200 ledgers).',
  'cold: no two orders of the batch share a SKU. hot: all of them are for the same SKUs. Figures are per order.',
  'second-look: the pull comes by and reads once more an order that was first read within 30 s of its modified time.',
  'stock-change: an API call that receives goods, until its SKUs are in the pool; per line. allocation-line: draft, save, audit, pool; per line.',
  'sync-push: one run of the timer over SKUs that moved, each listed in two shops (set on Taobao; on Doudian added, after a read where buyers bought there); per listing.',
  'idle-minute: all timers over two shops in sync, 300 listings each; per minute. cloud: periods of function.yml, and each timer by itself; local: periods of the host.',
  'read, write units: published DynamoDB arithmetic, indexes included (shared/adapters/dynamodb/capacity.ts). A BatchGetItem of up to 100 keys is one read request.',
  'sends: SendMessageBatch of up to 10 messages. pool: calls of the pool, each one script or command on Redis. platform: calls of a platform. calls: calls of functions.',
  'stored, log: bytes that stay in the store (indexes included), and bytes of lines and metrics at level info.',
];

const COLUMNS: Readonly<Record<Meter, string>> = {
  ...{ storeReads: 'reads', readUnits: 'read units', storeWrites: 'writes', writeUnits: 'write units' },
  ...{ messages: 'messages', sendRequests: 'sends', poolOperations: 'pool', platformCalls: 'platform' },
  ...{ functionCalls: 'calls', storedBytes: 'stored B', logBytes: 'log B' },
};

function countsTable(rows: Rows): Table {
  return {
    title: 'Counts per unit of work',
    head: ['row', ...METERS.map((meter) => COLUMNS[meter])],
    rows: Object.entries(rows).map(([row, { meters }]) => [row, ...METERS.map((meter) => meters[meter])]),
    notes: LEGEND,
  };
}

/** The rows that targets are set for, by what the units are spent on. */
const EXPLAINED = ['order/2-line/alone', 'order/2-line/batch-10-cold', 'order/2-line/batch-10-hot'] as const;

function unitsTable(rows: Rows): Table {
  const shown = EXPLAINED.map((name) => rows[name]);
  const spent = (group: 'writeUnitsBy' | 'readUnitsBy', title: string): (string | number)[][] => {
    const kinds = [...new Set(shown.flatMap((counts) => Object.keys(counts?.[group] ?? {})))].sort();
    return kinds.map((kind) => [`${title} ${kind}`, ...shown.map((counts) => counts?.[group][kind] ?? 0)]);
  };
  return {
    title: 'What the units of an order of two lines are spent on',
    head: ['kind of document', ...EXPLAINED],
    rows: [...spent('writeUnitsBy', 'write'), ...spent('readUnitsBy', 'read')],
    notes: [],
  };
}

function changedTable(changed: readonly string[]): Table {
  return {
    title: `Differs from tests/bench/counts.json; where that is meant, ${REWRITE_COMMAND}`,
    head: ['figure'],
    rows: changed.map((line) => [line]),
    notes: [],
  };
}

function targetsOf(rows: Rows): Target[] {
  const of = (row: string, meter: 'readUnits' | 'writeUnits'): number => rows[row]?.meters[meter] ?? Number.NaN;
  const [alone, batch] = ['order/2-line/alone', 'order/2-line/batch-10-cold'] as const;
  return [
    targetOf('write units of an order of two lines alone', of(alone, 'writeUnits'), { most: 10 }),
    targetOf('read units of an order of two lines alone', of(alone, 'readUnits'), { most: 6 }),
    targetOf('write units of such an order in a batch of 10', of(batch, 'writeUnits'), { most: 7 }),
    targetOf('read units of such an order in a batch of 10', of(batch, 'readUnits'), { most: 3 }),
  ];
}
