import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { BUYERS_ARGUMENT, serveBuyers } from './buyers';
import { COLD_START } from './parts/cold-start';
import { COST } from './parts/cost';
import { countsPart } from './parts/counts';
import { HOT_SKU } from './parts/hot-sku';
import { SHOP_SYSTEMS } from './parts/shop-systems';
import type { Part, PartResult } from './result';
import { showResult, startProgress } from './show';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string', default: '.bench/latest.json' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const parts = [countsPart({ write: values.write }), COST, COLD_START, SHOP_SYSTEMS, HOT_SKU];
  if (values.help) {
    process.stdout.write(helpOf(parts));
    return;
  }
  const results: Record<string, PartResult> = {};
  for (const part of chosen(parts, positionals)) results[part.name] = await runPart(part);
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, parts: results }, null, 2)}\n`);
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

  --json FILE    where the figures go (default .bench/latest.json)
  --write        with counts: what is counted now is what is expected from now on
`;
}

if (process.argv[2] === BUYERS_ARGUMENT) serveBuyers();
else
  main().catch((error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
