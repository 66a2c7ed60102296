import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';
import { isUnchanged, remember } from './build-record.mjs';

// Builds the console's page into dist/functions/console/page/: index.html and reference.html, and under assets/ files whose names carry a
// hash of what they hold, so that browsers may keep them for ever. Each asset lies there as it is and compressed, since compressing a
// megabyte well takes longer than a request may. The folder is replaced as a whole: it holds one build's page, all of it and nothing else.

const PAGE = 'functions/console/page';
const SOURCE = 'functions/console/web';

/** Of the page that shows the API's document: a library's files, taken as they are published, and ours. */
const REFERENCE = [
  'node_modules/swagger-ui-dist/swagger-ui.css',
  'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
  `${SOURCE}/reference.js`,
];

const OTHERS = [...REFERENCE, `${SOURCE}/icon.svg`, `${SOURCE}/index.html`, `${SOURCE}/reference.html`];

/** Pieces that names are looked up by in the two documents, such as `%icon.svg%`. */
const NAMED = /%([\w-]+\.\w+)%/g;

/** Where the library's source maps would be: nobody serves them. */
const SOURCE_MAP = /\n?\/[/*]# sourceMappingURL=[^\n]*/g;

/** A build that died leaves its folder; one that runs takes some seconds. */
const ABANDONED_MS = 10 * 60_000;

/** Brings the page up to date, and notes in its record what a first visit loads. */
export async function buildPage(root, dist) {
  const part = { part: 'page', entries: [PAGE], folder: PAGE };
  if (isUnchanged(root, dist, part)) return;
  const startedAtMs = Date.now();
  const { outputFiles, metafile } = await bundle(root, dist);
  const assets = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
  const names = new Map(
    outputFiles.map(({ path }) => [basename(path).replace(/-[A-Z0-9]{8}(?=\.\w+$)/, ''), basename(path)]),
  );
  for (const path of [...REFERENCE, `${SOURCE}/icon.svg`]) {
    const bytes = withoutSourceMap(readFileSync(join(root, path)), path);
    const name = hashedName(basename(path), bytes);
    assets.set(name, bytes);
    names.set(basename(path), name);
  }
  const firstPieces = piecesAtOnce(metafile, required(names, 'main.js'));
  const files = new Map();
  for (const document of ['index.html', 'reference.html']) {
    const text = readFileSync(join(root, SOURCE, document), 'utf8');
    const page = text
      .replace(NAMED, (_, name) => `/assets/${required(names, name)}`)
      .replace(
        '<!-- preloads -->',
        firstPieces.map((name) => `<link rel="modulepreload" href="/assets/${name}" />`).join(''),
      );
    files.set(document, Buffer.from(page));
  }
  await Promise.all(
    [...assets].map(async ([name, bytes]) => {
      files.set(join('assets', name), bytes);
      for (const [suffix, packed] of await compressed(join(dist, PAGE, 'assets', name), bytes))
        files.set(join('assets', name + suffix), packed);
    }),
  );
  replaceFolder(join(dist, PAGE), files);
  const outputs = [...files].map(([path, bytes]) => [join(PAGE, path), bytes]);
  const note = await firstLoad([required(names, 'main.js'), required(names, 'main.css'), ...firstPieces], assets);
  remember(root, dist, { ...part, metafile, more: OTHERS, outputs, startedAtMs, note });
}

const bundle = (root, dist) =>
  build({
    absWorkingDir: root,
    entryPoints: [join(root, SOURCE, 'main.tsx')],
    outdir: join(dist, PAGE, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    write: false,
    metafile: true,
    target: 'es2022',
    jsx: 'automatic',
    mainFields: ['browser', 'module', 'main'],
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'warning',
  });

const withoutSourceMap = (bytes, path) =>
  path.includes('node_modules/') ? Buffer.from(bytes.toString('utf8').replace(SOURCE_MAP, '\n')) : bytes;

function hashedName(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const type = extname(name);
  return `${basename(name, type)}-${hash}${type}`;
}

function required(names, name) {
  const found = names.get(name);
  if (found === undefined) throw new Error(`the page names ${name}, which was not built`);
  return found;
}

/** The two compressed forms of an asset, taken from the folder where the same asset lies there already. */
async function compressed(path, bytes) {
  const former = readIfThere(path);
  const same = former?.equals(bytes) ?? false;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return Promise.all(
    [
      ['.br', (same && readIfThere(`${path}.br`)) || promisify(brotliCompress)(bytes, { params })],
      ['.gz', (same && readIfThere(`${path}.gz`)) || promisify(gzip)(bytes, { level: 9 })],
    ].map(async ([suffix, packed]) => [suffix, await packed]),
  );
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Puts a folder with these files where another may be: made beside it, then renamed. Who reads it meanwhile finds the one or the other;
 * of builds at the same time the last one stays; one that is killed leaves the former folder, or none in the moment between two renames.
 */
function replaceFolder(folder, files) {
  const mine = `${folder}.${process.pid}.tmp`;
  rmSync(mine, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(mine, path)), { recursive: true });
    writeFileSync(join(mine, path), bytes);
  }
  removeAbandoned(folder);
  const former = `${mine}.former`;
  for (;;) {
    try {
      renameSync(mine, folder);
      break;
    } catch (error) {
      // A folder that is not empty is not replaced.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
    try {
      renameSync(folder, former);
      rmSync(former, { recursive: true });
    } catch (error) {
      // Another build has just taken it away.
      if (error.code !== 'ENOENT') throw error;
    }
  }
}

function removeAbandoned(folder) {
  for (const name of readdirSync(dirname(folder))) {
    const path = join(dirname(folder), name);
    if (!name.startsWith(`${basename(folder)}.`)) continue;
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (since < Date.now() - ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Pieces that the entry imports at once, directly or by others. */
function piecesAtOnce({ outputs }, entry) {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const seen = new Set([entry]);
  for (const name of seen)
    for (const { path, kind } of byName.get(name)?.imports ?? [])
      if (kind === 'import-statement') seen.add(basename(path));
  seen.delete(entry);
  return [...seen];
}

async function firstLoad(names, assets) {
  const sizes = await Promise.all(names.map(async (name) => (await promisify(gzip)(assets.get(name))).length));
  return { names, gzipBytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}
