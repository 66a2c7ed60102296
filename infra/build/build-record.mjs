import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeIfChanged } from './write-if-changed.mjs';

// What a part of dist/ was made from and what came out of it, so that a build which would make the same again does nothing. A record
// is believed only where everything is still as it says: it is a short cut, and never decides what is in dist/.

/** What decides over a build besides its sources: the settings of the tools, and which packages are installed. */
const SETTINGS = [
  ...['package.json', 'tsconfig.json', 'functions/console/web/tsconfig.json', 'node_modules/.package-lock.json'],
  ...['infra/build/build.mjs', 'infra/build/build-page.mjs', 'infra/build/build-record.mjs'],
  'infra/build/zod-in-english.mjs',
];

/** A file's time of change is as old as the system's last tick. */
const TICK_MS = 20;

/**
 * True where a part's inputs are what the record says, and its outputs are there as they were written. In a folder that a part has for
 * itself nothing else may lie.
 */
export function isUnchanged(root, dist, { part, entries, folder }) {
  const record = readRecord(dist, part);
  if (!record) return false;
  try {
    return (
      record.key === keyOf(root, entries, record.inputs) &&
      Object.entries(record.outputs).every(([path, state]) => stateOf(join(dist, path)) === state) &&
      (folder === undefined || filesIn(join(dist, folder)).every((path) => join(folder, path) in record.outputs))
    );
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** What is noted beside a part's record, such as its sizes; undefined where there is none. */
export const noteOf = (dist, part) => readRecord(dist, part)?.note;

/**
 * Keeps that `metafile`'s inputs and `more` (paths below the root) gave `outputs` (path below dist, bytes). An input that was touched after
 * the build had begun may not be what was built, and a file that another build has replaced or is replacing is not ours: nothing is kept
 * then, and the next build builds.
 */
export function remember(root, dist, { part, entries, metafile, more = [], outputs, startedAtMs, note }) {
  const inputs = [...Object.keys(metafile.inputs).map(asPath).filter(Boolean), ...more];
  const touched = [...inputs.filter((path) => !isPackage(path)), ...SETTINGS].some(
    (path) => (statSync(join(root, path), { throwIfNoEntry: false })?.ctimeMs ?? 0) > startedAtMs - TICK_MS,
  );
  if (touched) return;
  const states = statesOf(dist, outputs);
  if (!states) return;
  const record = { key: keyOf(root, entries, inputs), inputs, outputs: states, note };
  writeIfChanged(recordPath(dist, part), Buffer.from(JSON.stringify(record)));
}

/** The state of each output, where it lies there as it was built; undefined where one does not. */
function statesOf(dist, outputs) {
  try {
    const states = {};
    for (const [path, bytes] of outputs) {
      const before = stateOf(join(dist, path));
      if (!readFileSync(join(dist, path)).equals(bytes) || stateOf(join(dist, path)) !== before) return undefined;
      states[path] = before;
    }
    return states;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file of an input, also of one that browsers do without; undefined for what is no file. */
const asPath = (input) => (input.startsWith('<') ? undefined : input.replace(/^\(disabled\):/, ''));

function stateOf(path) {
  const { size, ctimeMs, ino } = statSync(path);
  return `${size} ${ctimeMs} ${ino}`;
}

const recordPath = (dist, part) => join(dist, '.built', `${part}.json`);

function readRecord(dist, part) {
  try {
    return JSON.parse(readFileSync(recordPath(dist, part), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isPackage = (path) => path.includes('node_modules/');
const digestOf = (bytes) => createHash('sha256').update(bytes).digest('base64url');

/**
 * Our own inputs by what they hold, with the names of the files beside them: a new one may be found before an old one. Packages are
 * thousands of files: by the list of what is installed, and by size and time of each, which a change by hand moves.
 */
function keyOf(root, entries, inputs) {
  const hash = createHash('sha256').update(JSON.stringify([process.version, entries]));
  const say = (...parts) => hash.update(`${JSON.stringify(parts)}\n`);
  const beside = new Set();
  for (const path of inputs) {
    if (isPackage(path)) {
      const { size, ctimeMs } = statSync(join(root, path));
      say(path, size, ctimeMs);
    } else {
      say(path, digestOf(readFileSync(join(root, path))));
      beside.add(dirname(path));
    }
  }
  for (const folder of beside) say(folder, readdirSync(join(root, folder)).sort());
  for (const path of SETTINGS) {
    const there = statSync(join(root, path), { throwIfNoEntry: false });
    say(path, there ? digestOf(readFileSync(join(root, path))) : null);
  }
  return hash.digest('base64url');
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
