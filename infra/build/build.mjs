import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildPage } from './build-page.mjs';
import { isUnchanged, noteOf, remember } from './build-record.mjs';
import { writeIfChanged } from './write-if-changed.mjs';
import { ZOD_IN_ENGLISH } from './zod-in-english.mjs';

// Builds dist/: one CommonJS file a function, for both clouds, the console's page, and one a program of infra/local and infra/huawei. A file is
// replaced in one step and only where it changed, so that a build beside a running program or another build does no harm. What is as it
// was built from the same inputs is not built again (build-record.mjs).

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const quiet = process.argv.includes('--quiet');

/** SQLite of the embedded profile is native: a bundle cannot hold it, node_modules does. */
const EXTERNAL = ['@photostructure/sqlite'];

/** Servers that local programs start in processes of their own, from node_modules. */
const ENGINES = ['dynalite', 'local-aws-sqs'];

/** Drives a browser, for pictures of the pages; finds its own files beside itself. */
const BROWSER = ['playwright-core'];

/** Of the deployment to Huawei Cloud, a tool that runs where node_modules is; its SDK and that SDK's logger must stay one. */
const DEPLOYMENT = ['@huaweicloud/*', 'log4js'];

/** Folders that local programs read beside themselves, found by `join(__dirname, …)` from a program in infra/local. */
const ASSET_FOLDERS = /^(page|data)$/;

/** Clouds' keys are settings (shared/config.ts): no bundle needs the AWS SDK's search for them, which is half a client. */
const ALIAS = { '@aws-sdk/credential-provider-node': './infra/build/no-credential-search.mjs' };

const COMMON = {
  absWorkingDir: root,
  outdir: dist,
  outbase: root,
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  alias: ALIAS,
  plugins: [ZOD_IN_ENGLISH],
  legalComments: 'none',
  logLevel: 'warning',
};

const functions = readdirSync(join(root, 'functions'))
  .map((name) => join('functions', name, 'handler.ts'))
  .filter((path) => existsSync(join(root, path)));
const programs = [
  ...readdirSync(join(root, 'infra/local'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('infra/local', name)),
  'infra/huawei/deploy.ts',
  'tests/bench/bench.ts',
  'tests/support/doomed-host.ts',
];

/** Files under folders of this name pattern, not their TypeScript. */
function assetsUnder(folder, inAssets = false) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return assetsUnder(path, inAssets || ASSET_FOLDERS.test(entry.name));
    return inAssets && !entry.name.endsWith('.ts') ? [path] : [];
  });
}

async function buildFunctions() {
  const part = { part: 'functions', entries: functions };
  if (isUnchanged(root, dist, part)) return;
  const startedAtMs = Date.now();
  const built = await build({ ...COMMON, entryPoints: functions, minify: true, sourcemap: 'external', metafile: true });
  const metafile = { path: join(dist, 'metafile.json'), contents: Buffer.from(JSON.stringify(built.metafile)) };
  keep(part, [...built.outputFiles, metafile], built.metafile, startedAtMs);
}

async function buildPrograms() {
  const part = { part: 'programs', entries: programs };
  if (!isUnchanged(root, dist, part)) {
    const startedAtMs = Date.now();
    const built = await build({
      ...COMMON,
      external: [...EXTERNAL, ...ENGINES, ...BROWSER, ...DEPLOYMENT],
      entryPoints: programs,
      sourcemap: 'linked',
      metafile: true,
    });
    keep(part, built.outputFiles, built.metafile, startedAtMs);
  }
  for (const path of assetsUnder(join(root, 'infra/local'))) {
    writeIfChanged(join(dist, relative(root, path)), readFileSync(path));
  }
}

function keep(part, files, metafile, startedAtMs) {
  const outputs = files.map(({ path, contents }) => [relative(dist, path), Buffer.from(contents)]);
  for (const [path, bytes] of outputs) writeIfChanged(join(dist, path), bytes);
  remember(root, dist, { ...part, metafile, outputs, startedAtMs });
}

/** What the functions and the page weigh, minified and by gzip. */
function tellSizes() {
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(11);
  for (const path of functions.map((one) => join('dist', one.replace(/\.ts$/, '.js')))) {
    const contents = readFileSync(join(root, path));
    const sizes = `${kb(contents.length)}${kb(gzipSync(contents).length)} gzip`;
    process.stdout.write(`${path.padEnd(50)}${sizes}\n`);
  }
  const firstLoad = noteOf(dist, 'page');
  if (firstLoad)
    process.stdout.write(`${"first load of the console's page".padEnd(61)}${kb(firstLoad.gzipBytes)} gzip\n`);
}

const startedAt = performance.now();
// CommonJS stays CommonJS, whatever a package.json further up says.
writeIfChanged(join(dist, 'package.json'), Buffer.from('{"type":"commonjs"}\n'));
// A program that does not build keeps no function from being built, and the other way round.
const results = await Promise.allSettled([buildFunctions(), buildPage(root, dist), buildPrograms()]);
for (const { status, reason } of results) {
  if (status === 'fulfilled') continue;
  // esbuild has told its own errors already.
  if (!reason.errors) process.stderr.write(`${reason.stack}\n`);
  process.exitCode = 1;
}
if (!quiet && !process.exitCode) {
  tellSizes();
  process.stdout.write(`${programs.length} local programs, ${Math.round(performance.now() - startedAt)} ms\n`);
}
