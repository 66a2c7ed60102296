import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Checks texts by the rules that eslint.config.mjs has for a file, without their types; prints what it says of each. */
const LINT = `
  import { ESLint, Linter } from 'eslint';
  import { parser } from 'typescript-eslint';
  const { file, texts } = JSON.parse(process.argv[1]);
  const { rules } = await new ESLint().calculateConfigForFile(file);
  const untyped = Object.entries(rules).filter(([name]) => name.startsWith('no-restricted-'));
  const config = [{ files: ['**/*.ts'], languageOptions: { parser }, rules: Object.fromEntries(untyped) }];
  const linter = new Linter();
  const said = texts.map((text) => linter.verify(text, config, file).map(({ message }) => message));
  process.stdout.write(JSON.stringify(said));`;

function lint(file: string, texts: readonly string[]): string[][] {
  const args = ['--input-type=module', '--eval', LINT, JSON.stringify({ file, texts })];
  const cwd = join(__dirname, '../../..');
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' })) as string[][];
}

const AMBIENT = [
  ...['fs', 'fs/promises', 'dns', 'tls', 'net', 'http', 'https', 'child_process', 'timers', 'timers/promises'].flatMap(
    (name) => [`import { x } from 'node:${name}'; x();`, `import * as y from '${name}'; y.x();`],
  ),
  "import { randomUUID } from 'node:crypto'; randomUUID();",
  'Date.now();',
  'Date();',
  'new Date();',
  'Math.random();',
  'performance.now();',
  'process.hrtime.bigint();',
  'process.hrtime();',
  'crypto.randomUUID();',
  'AbortSignal.timeout(1);',
  'setTimeout(f, 1);',
  "fetch('http://x');",
];

describe('time, chance and I/O past the ports', () => {
  it.each(['functions/order-ingestion/pull-modified.ts', 'shared/procedures/settings.ts'])(
    'are found by the lint in %s',
    (file) => {
      const said = lint(file, AMBIENT);
      expect(AMBIENT.filter((_, i) => said[i]?.length === 0)).toEqual([]);
    },
  );

  it('are where an adapter is', () => {
    const file = 'shared/adapters/kafka/kafka-client.ts';
    const harmless = ["import { readFileSync } from 'node:fs'; readFileSync('x');"];
    expect(lint(file, harmless)).toEqual([[]]);
  });

  it('are not what is reckoned from what is given', () => {
    const pure = ['new Date(0);', "import { createHash } from 'node:crypto'; createHash('sha256');"];
    expect(lint('shared/procedures/settings.ts', pure)).toEqual([[], []]);
  });
});
