import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { BUYERS_ARGUMENT, serveBuyers } from './buyers';
import type { BenchFile } from './compare';
import { comparison, readBenchFile } from './compare';
import { COALESCING } from './parts/coalescing';
import { COLD_START } from './parts/cold-start';
import { COST } from './parts/cost';
import { countsPart } from './parts/counts';
import { GROWTH } from './parts/growth';
import { HOT_SKU } from './parts/hot-sku';
import { LISTS } from './parts/lists';
import { SHOP_SYSTEMS } from './parts/shop-systems';
import { STOCK_DELAY } from './parts/stock-delay';
import { throughputPart } from './parts/throughput';
import type { Part, PartResult } from './result';
import { showResult, showTable, startProgress } from './show';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string', default: '.bench/latest.json' },
      compare: { type: 'string' },
      write: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const parts: readonly Part[] = [
    ...[countsPart({ write: values.write }), COST, COLD_START, SHOP_SYSTEMS, HOT_SKU],
    ...[throughputPart({ profile: values.profile }), STOCK_DELAY, COALESCING, GROWTH, LISTS],
  ];
  if (values.help) {
    process.stdout.write(helpOf(parts));
    return;
  }
  // Read before anything is measured: a wrong name is told at once, and the file may be the one that is written below.
  const before = values.compare === undefined ? undefined : readBenchFile(values.compare);
  const wanted = chosen(parts, values.profile && positionals.length === 0 ? ['throughput'] : positionals);
  mkdirSync(dirname(values.json), { recursive: true });
  const results: Record<string, PartResult> = {};
  for (const part of wanted) results[part.name] = await runPart(part);
  const after: BenchFile = { node: process.version, parts: results };
  if (before) showTable(comparison(before, after));
  // A profiler slows what it watches: such figures are for nobody to be compared with.
  if (values.profile) return;
  writeFileSync(values.json, `${JSON.stringify(after, null, 2)}\n`);
  process.stdout.write(`figures: ${values.json}\n`);
}

async function runPart(part: Part): Promise<PartResult> {
  const { progress, stop } = startProgress(part.name);
  try {
    const result = await part.run(progress);
    stop();
    showResult(result);
    return result;
  } finally {
    stop();
  }
}

function chosen(parts: readonly Part[], names: readonly string[]): readonly Part[] {
  if (names.length === 0) return parts.filter((part) => part.byDefault);
  return names.map((name) => {
    const part = parts.find((candidate) => candidate.name === name);
    if (!part) throw new Error(`there is no part '${name}'; parts are ${parts.map((each) => each.name).join(', ')}`);
    return part;
  });
}

function helpOf(parts: readonly Part[]): string {
  const lines = parts.map(
    ({ name, about, byDefault }) => `  ${name.padEnd(14)} ${about}${byDefault ? '' : ' (only by name)'}`,
  );
  return `Measures Yipan. npm run bench [-- ‹part› …]

${lines.join('\n')}

  --json FILE      where the figures go (default .bench/latest.json)
  --compare FILE   what has changed against the figures of another run
  --profile        throughput with a profile of the host's processor time, in .bench, and its ten busiest functions
  --write          with counts: what is counted now is what is expected from now on
`;
}

if (process.argv[2] === BUYERS_ARGUMENT) serveBuyers();
else
  main().catch((error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
