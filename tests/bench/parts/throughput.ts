import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../support/seeded-random';
import type { CpuProfile } from '../cpu-profile';
import { profileTable } from '../cpu-profile';
import type { DoudianOrder } from '../doudian-orders';
import { doudianOrder } from '../doudian-orders';
import { floorWritesPerSecond } from '../floor';
import type { HostProcess } from '../host-process';
import { startHostProcess } from '../host-process';
import type { HttpPlatform } from '../http-platform';
import { startHttpPlatform } from '../http-platform';
import { pushFor } from '../push-load';
import type { Part, Table } from '../result';
import { targetOf } from '../result';
import { percentile } from '../statistics';
import type { StoreReader } from '../store-reader';
import { readStore } from '../store-reader';

/** What the part measures, and its targets. */
const AT_ONCE = [1, 8, 32] as const;
const SUSTAINED_MS = 30_000;
const ORDERS_PER_SECOND_MIN = 1_000;
const FLOOR_SHARE_MIN = 0.4;

const SKUS = 5_000;

/** Before the first measurement: the host's code is compiled while it runs. */
const WARM_UP_MS = 3_000;

/** Orders still on the way when pushing ends must be through by then; a sweep comes every ten seconds. */
const DRAIN_MS = 60_000;

/** Orders whose documents the floor writes again. */
const SAMPLE = 200;

interface Level {
  readonly atOnce: number;
  readonly orders: number;
  readonly pushedPerSecond: number;
  readonly auditedPerSecond: number;
  /** From the push sent to the audit, ms, ascending. */
  readonly delaysMs: readonly number[];
  /** Share of one processor that the host took. */
  readonly cpu: number | undefined;
  readonly residentBytes: number;
  readonly writesPerOrder: number;
  readonly writesPerCommit: number;
  readonly floorPerSecond: number;
  readonly floorAlonePerSecond: number;
}

/** Where a profile goes, and its name; what is profiled is the busiest level alone. */
const PROFILE = { folder: '.bench', name: 'throughput.cpuprofile' } as const;
const PROFILED = [32] as const;

/** The part `throughput`: from the signed push over HTTP to the audited delivery order, beside what the engine could do. */
export const throughputPart = (options: { profile: boolean }): Part => ({
  name: 'throughput',
  about: `signed HTTP push to audited order, ${SUSTAINED_MS / 1_000} s at ${AT_ONCE.join(', ')} at once, beside the raw engine`,
  byDefault: true,
  run: async (progress) => {
    progress(0, 'a host with a brand of 5,000 SKUs');
    const platform = await startHttpPlatform();
    const host = await startHostProcess(
      { skuCount: SKUS, stockQty: 1_000_000, shops: 'doudian', sync: 'off' },
      { gatewayUrl: platform.gatewayUrl, ...(options.profile && { profile: PROFILE }) },
    );
    const reader = readStore(host.storeFile);
    let levels: Level[] = [];
    try {
      const next = orderSource(platform);
      await pushFor(host.url, { atOnce: 8, forMs: WARM_UP_MS, next });
      await drained(reader, next.made);
      const atOnces = options.profile ? PROFILED : AT_ONCE;
      for (const [i, atOnce] of atOnces.entries()) {
        progress((i + 0.1) / atOnces.length, `${atOnce} at once`);
        levels = [...levels, await measure({ host, reader, next }, atOnce)];
      }
    } finally {
      reader.close();
      await host.close();
      await platform.close();
    }
    const result = resultOf(levels);
    return options.profile ? { ...result, tables: [...result.tables, readProfile()] } : result;
  },
});

function readProfile(): Table {
  const file = join(PROFILE.folder, PROFILE.name);
  return profileTable(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile, file);
}

interface OrderSource {
  (): DoudianOrder;
  readonly made: () => number;
}

/** New orders of two lines, SKUs by chance, known to the platform before they are pushed. */
function orderSource(platform: HttpPlatform): OrderSource {
  const random = new SeededRandom(1);
  let made = 0;
  const next = (): DoudianOrder => {
    made += 1;
    const order = doudianOrder(made, [random.below(SKUS), random.below(SKUS)], Date.now());
    platform.place(order.orderNo, order.text);
    return order;
  };
  return Object.assign(next, { made: () => made });
}

async function drained(reader: StoreReader, made: () => number): Promise<void> {
  const endMs = Date.now() + DRAIN_MS;
  while (reader.ordersAtRest() < made()) {
    if (Date.now() > endMs)
      throw new Error(
        `only ${reader.ordersAtRest()} of ${made()} orders are audited ${DRAIN_MS / 1_000} s after the last push`,
      );
    await sleep(100);
  }
}

async function measure(
  { host, reader, next }: { host: HostProcess; reader: StoreReader; next: OrderSource },
  atOnce: number,
): Promise<Level> {
  const before = { puts: reader.puts(), commits: host.commits(), cpuMs: host.cpuMs() };
  const { sentAtMs, startMs, endMs } = await pushFor(host.url, { atOnce, forMs: SUSTAINED_MS, next });
  await drained(reader, next.made);
  const cpuMs = host.cpuMs();
  const [puts, commits] = [reader.puts() - before.puts, host.commits() - before.commits];
  const audits = [...sentAtMs].map(([orderNo, sentMs]) => ({ atMs: reader.auditedAtMs(orderNo), sentMs }));
  const lastMs = audits.reduce((latest, { atMs }) => Math.max(latest, atMs), endMs);
  const orders = sentAtMs.size;
  const sample = [...sentAtMs.keys()]
    .slice(-SAMPLE)
    .map((orderNo) => withLedger(reader.documentsOf(orderNo), puts / orders));
  const writesPerOrder = puts / orders;
  const writesPerCommit = puts / commits;
  return {
    ...{ atOnce, orders, writesPerOrder, writesPerCommit },
    pushedPerSecond: (orders * 1_000) / (endMs - startMs),
    auditedPerSecond: (orders * 1_000) / (lastMs - startMs),
    delaysMs: audits.map(({ atMs, sentMs }) => atMs - sentMs).sort((a, b) => a - b),
    cpu: cpuMs === undefined || before.cpuMs === undefined ? undefined : (cpuMs - before.cpuMs) / (lastMs - startMs),
    residentBytes: await host.residentBytes(),
    floorPerSecond: (await floorWritesPerSecond(sample, Math.max(1, Math.round(writesPerCommit)))) / writesPerOrder,
    floorAlonePerSecond: (await floorWritesPerSecond(sample, 1)) / writesPerOrder,
  };
}

/** A ledger entry is of about this many bytes; those of an order are shared with others and not found by its number. */
const LEDGER_ENTRY = 'l'.repeat(320);

/** An order's documents, and as many ledger entries as make up the writes that were counted for an order. */
function withLedger(documents: readonly { text: string; version: number }[], writes: number) {
  const own = documents.reduce((sum, { version }) => sum + version, 0);
  const entries = Math.max(0, Math.round(writes - own));
  return [...documents, ...Array.from({ length: entries }, () => ({ text: LEDGER_ENTRY, version: 1 }))];
}

function resultOf(levels: readonly Level[]): Awaited<ReturnType<Part['run']>> {
  const best = levels.reduce((a, b) => (b.auditedPerSecond > a.auditedPerSecond ? b : a));
  return {
    tables: [levelsTable(levels), floorTable(levels)],
    figures: Object.fromEntries(
      levels.flatMap((level): [string, number][] => [
        [`throughput ${level.atOnce} at once orders/s`, level.auditedPerSecond],
        [`throughput ${level.atOnce} at once p50 ms`, percentile(level.delaysMs, 50)],
        [`throughput ${level.atOnce} at once p99 ms`, percentile(level.delaysMs, 99)],
        [`throughput ${level.atOnce} at once share of floor`, level.auditedPerSecond / level.floorPerSecond],
      ]),
    ),
    targets: [
      targetOf('orders/s end to end over HTTP, at its best', best.auditedPerSecond, { least: ORDERS_PER_SECOND_MIN }),
      targetOf(
        'of the raw floor',
        (best.auditedPerSecond / best.floorPerSecond) * 100,
        { least: FLOOR_SHARE_MIN * 100 },
        ' %',
      ),
    ],
  };
}

function levelsTable(levels: readonly Level[]): Table {
  return {
    title: 'Orders of two lines from the signed push over HTTP to the audited delivery order',
    head: [
      'pushes at once',
      'orders',
      'acknowledged/s',
      'audited/s',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'host CPU',
      'host MB',
    ],
    rows: levels.map(({ atOnce, orders, pushedPerSecond, auditedPerSecond, delaysMs, cpu, residentBytes }) => [
      ...[String(atOnce), orders, pushedPerSecond, auditedPerSecond],
      ...[50, 95, 99].map((percent) => percentile(delaysMs, percent)),
      ...[cpu === undefined ? 'n/a' : `${(cpu * 100).toFixed(0)} %`, residentBytes / 2 ** 20],
    ]),
    notes: [
      `${SUSTAINED_MS / 1_000} s each, ${SKUS} SKUs, full sync. The host is a process of its own; pushes and the platform's answers come from the bench's process, which checks nothing (the sandbox would be the slower of the two).`,
      "audited/s: orders by the time until the last of them was audited. Delays: from the push sent to the audit in the order's log. Stock sync is off in the shop, so that only orders are measured.",
    ],
  };
}

function floorTable(levels: readonly Level[]): Table {
  return {
    title: 'Beside it: the raw engine with nothing else to do',
    head: [
      'pushes at once',
      'writes/order',
      'writes/commit',
      'floor orders/s',
      'ours',
      'floor, a commit a write',
      'ours',
    ],
    rows: levels.map((level) => {
      const share = (floor: number): string => `${((level.auditedPerSecond / floor) * 100).toFixed(0)} %`;
      return [
        ...[String(level.atOnce), level.writesPerOrder, level.writesPerCommit],
        ...[
          level.floorPerSecond,
          share(level.floorPerSecond),
          level.floorAlonePerSecond,
          share(level.floorAlonePerSecond),
        ],
      ];
    }),
    notes: [
      'the same number of durable writes of the same documents, into the same table and indexes with full sync; once with as many to a commit as the host had on average (counted by the engine), once with a commit for each.',
    ],
  };
}
