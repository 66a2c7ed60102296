import { countRows } from '../counting/count-rows';
import { LATENCIES_MS } from '../counting/latencies';
import type { CostItem, Traffic } from '../cost-model';
import {
  awsItems,
  EMPTY_POLLS_PER_MINUTE,
  huaweiItems,
  LAMBDA_LOG_BYTES,
  PEAK,
  QUIET,
  standingPerMonth,
  sumOf,
  WORK,
} from '../cost-model';
import { AWS, AWS_STANDING, HUAWEI, HUAWEI_BY_INSTANCE, REPLACED_LIST_CNY } from '../prices';
import { projectFolder } from '../project-folder';
import type { Part, Table } from '../result';
import { targetOf } from '../result';
import { deployedMemory } from '../timer-steps';

/** Target: US dollars for a million orders in all. */
const TARGET_USD = 8;

/** The part `cost`: what a million orders cost by the clouds' price lists, from the counts. */
export const COST: Part = {
  name: 'cost',
  about: 'cost of a million orders by list price, itemised, for a quiet shop and a peak',
  byDefault: true,
  run: async (progress) => {
    progress(0, 'counting');
    const rows = await countRows();
    const memory = deployedMemory(projectFolder());
    const aws = [QUIET, PEAK].map((traffic) => ({ traffic, items: awsItems(rows, traffic, memory) }));
    const huawei = [QUIET, PEAK].map((traffic) => ({ traffic, items: huaweiItems(rows, traffic, memory) }));
    const [quiet, peak] = aws.map(({ items }) => sumOf(items));
    const figures = [...aws, ...huawei].flatMap(({ traffic, items }) =>
      items.map(({ what, cost }): [string, number] => [`cost ${traffic.name} ${what}`, cost]),
    );
    return {
      tables: [
        billTable('AWS: a million orders, US dollars', 'USD', aws, [
          ...AWS_NOTES,
          ...Object.values(AWS).map(({ perUnit, unit, source }) => priceNote('USD', perUnit, unit, source)),
        ]),
        standingTable(),
        billTable('Huawei Cloud: a million orders, renminbi', 'CNY', huawei, [
          `not in it, since billed by instance and hour at prices that the live page alone shows: ${HUAWEI_BY_INSTANCE.join(', ')}.`,
          ...Object.values(HUAWEI).map(({ perUnit, unit, source }) => priceNote('CNY', perUnit, unit, source)),
        ]),
        replacedTable(),
      ],
      figures: Object.fromEntries(figures),
      targets: [
        targetOf('AWS, a million orders of a peak, by use', peak ?? Number.NaN, { most: TARGET_USD }, ' USD'),
        targetOf('AWS, a million orders of a quiet shop, by use', quiet ?? Number.NaN, { most: TARGET_USD }, ' USD'),
      ],
    };
  },
};

const AWS_NOTES = [
  `quiet: ${QUIET.about}. peak: ${PEAK.about}.`,
  'an order: two lines, from the push until audited, with its second look, its stock pushed, and its share of the timers; what happens to it later (shipped, finished) is not in it.',
  `assumed: a function waits ${LATENCIES_MS.store} ms for the store, ${LATENCIES_MS.send} ms for the queue, ${LATENCIES_MS.pool} ms for Redis, ${LATENCIES_MS.platform} ms for a platform (counted request by request), and works ${WORK.orderMs} ms an order, ${WORK.callMs} ms a call, ${WORK.pushMs} ms a listing pushed at a whole processor (${WORK.wholeProcessorMb} MB); memory as in function.yml.`,
  `assumed: ${LAMBDA_LOG_BYTES} bytes of Lambda's own log a call; ${EMPTY_POLLS_PER_MINUTE} empty polls of the queues a minute; no free tier, which would take a quiet shop's whole bill by use but for the store.`,
];

function billTable(
  title: string,
  currency: string,
  bills: readonly { traffic: Traffic; items: readonly CostItem[] }[],
  notes: readonly string[],
): Table {
  const names = bills[0]?.items.map(({ what }) => what) ?? [];
  const cell = (value: number): string => value.toFixed(2);
  return {
    title,
    head: [
      'item',
      ...bills.flatMap(({ traffic: { name } }) => [`${name} units`, `${name} ${currency}`]),
      'scales with',
    ],
    rows: [
      ...names.map((what, i) => [
        what,
        ...bills.flatMap(({ items }) => [items[i]?.units ?? 0, cell(items[i]?.cost ?? 0)]),
        bills[0]?.items[i]?.scalesWith ?? '',
      ]),
      ['in all', ...bills.flatMap(({ items }) => ['', cell(sumOf(items))]), ''],
    ],
    notes,
  };
}

function standingTable(): Table {
  return {
    title: 'AWS: what stands there, US dollars a month (stage prod, its own Redis)',
    head: ['item', 'units a month', 'USD'],
    rows: [
      ...AWS_STANDING.map(({ what, perMonth, perUnit }) => [what, perMonth, (perMonth * perUnit).toFixed(2)]),
      ['in all', '', standingPerMonth().toFixed(2)],
    ],
    notes: [
      'scales with nothing: for a quiet shop it is most of the bill. With param redis: external, neither network nor Redis is paid for here.',
      ...AWS_STANDING.map(({ what, perUnit, unit, source }) => `${what}: ${priceNote('USD', perUnit, unit, source)}`),
    ],
  };
}

function replacedTable(): Table {
  const total = REPLACED_LIST_CNY.toLocaleString('en-US', { minimumFractionDigits: 2 });
  return {
    title: 'Beside it: the architecture that this replaces',
    head: ['what', 'CNY'],
    rows: [['its list of resources, in all', total]],
    notes: ['as that list states it, whatever orders come; for which time and from which prices is not known here.'],
  };
}

function priceNote(currency: string, perUnit: number, unit: string, source: string): string {
  const [amount, of] = perUnit < 0.001 ? [perUnit * 1_000_000, 'a million x'] : [perUnit, 'a'];
  return `${currency} ${Number(amount.toPrecision(8))} ${of} ${unit} (${source})`;
}
