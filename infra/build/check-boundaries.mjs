import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

// Import boundaries. Counts what it has seen: a tool that cannot read TypeScript would find nothing wrong.

const require = createRequire(import.meta.url);
const { forbidden, options } = require('../../.dependency-cruiser.cjs');
const { output } = await cruise(
  ['functions', 'shared', 'infra', 'tests'],
  { ...options, ruleSet: { forbidden }, validate: true },
  undefined,
  { tsConfig: extractTsConfig('tsconfig.json') },
);
const result = typeof output === 'string' ? JSON.parse(output) : output;
const sources = result.modules.filter(({ source }) => /^(functions|shared|infra|tests)\/.*\.tsx?$/.test(source));
for (const { rule, from, to, cycle } of result.summary.violations) {
  const way = cycle ? cycle.map((step) => step.name ?? step).join(' → ') : to;
  process.stderr.write(`${rule.severity} ${rule.name}: ${from} → ${way}\n`);
}
const expected = Number(JSON.parse(readFileSync('package.json', 'utf8')).yipan.modulesMin);
if (sources.length < expected) {
  process.stderr.write(
    `only ${sources.length} modules were seen, at least ${expected} are there: the check is blind\n`,
  );
  process.exit(1);
}
process.stdout.write(`boundaries: ${sources.length} modules, ${result.summary.violations.length} violations\n`);
process.exit(result.summary.violations.length === 0 ? 0 : 1);
