import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { writeIfChanged } from './write-if-changed.mjs';

// Builds the console's page into dist/functions/console/page/: index.html, and under assets/ files whose names carry a hash of
// what they hold, so that browsers may keep them for ever. Each file lies there as it is and compressed, since compressing a
// megabyte well takes longer than a request may.

/** Files of the reference page of the API, taken as they are published. */
const REFERENCE = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** Compressed well once, at build time; what is compressed already is not. */
const COMPRESSIBLE = /\.(js|css|svg|html)$/;

/** Builds the page; tells the size of what a first visit loads. */
export async function buildPage(root, dist, tell) {
  const source = join(root, 'functions/console/web');
  const page = join(dist, 'functions/console/page');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(source, 'main.tsx')],
    outdir: join(page, 'assets'),
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
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
  files.set('icon.svg', readFileSync(join(source, 'icon.svg')));
  for (const name of REFERENCE) files.set(name, readFileSync(join(root, 'node_modules/swagger-ui-dist', name)));
  files.set('reference.js', readFileSync(join(source, 'reference.js')));
  const named = (pattern) => [...files.keys()].find((name) => pattern.test(name));
  const index = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('%MAIN%', `/assets/${named(/^main-.*\.js$/)}`)
    .replace('<!-- styles -->', `<link rel="stylesheet" href="/assets/${named(/^main-.*\.css$/)}" />`);
  for (const [name, bytes] of files) writeCompressed(join(page, 'assets', name), bytes);
  for (const name of ['index.html', 'reference.html']) {
    writeIfChanged(join(page, name), name === 'index.html' ? Buffer.from(index) : readFileSync(join(source, name)));
  }
  removeOthers(join(page, 'assets'), files);
  tell?.(firstLoad(metafile, files));
}

/** The file and its compressed forms, made anew only where the file is another one. */
function writeCompressed(path, bytes) {
  mkdirSync(join(path, '..'), { recursive: true });
  const known = existsSync(path) && sameBytes(readFileSync(path), bytes);
  writeIfChanged(path, bytes);
  if (!COMPRESSIBLE.test(path)) return;
  if (!known || !existsSync(`${path}.br`)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeIfChanged(`${path}.br`, brotliCompressSync(bytes, { params }));
  }
  if (!known || !existsSync(`${path}.gz`)) writeIfChanged(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

function sameBytes(a, b) {
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
  return a.length === b.length && hash(a) === hash(b);
}

/** Pieces of former builds, which no page asks for any more. */
function removeOthers(folder, files) {
  for (const name of readdirSync(folder)) {
    if (!files.has(name.replace(/\.(br|gz)$/, ''))) rmSync(join(folder, name));
  }
}

/** Compressed bytes of the entry with everything that it imports at once. */
function firstLoad(metafile, files) {
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]),
  );
  const entry = Object.keys(outputs).find((name) => /^main-.*\.js$/.test(name));
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name) || !files.has(name)) return;
    seen.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') visit(basename(path));
  };
  visit(entry);
  const css = [...files.keys()].find((name) => /^main-.*\.css$/.test(name));
  if (css) seen.add(css);
  return [...seen].reduce((sum, name) => sum + gzipSync(files.get(name)).length, 0);
}
