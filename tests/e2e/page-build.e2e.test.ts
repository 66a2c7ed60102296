import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageIn } from '../../functions/console/load-page';
import { systemClock } from '../../shared/adapters/system/system';
import { hasCode } from '../../shared/errors';
import { PROJECT } from '../support/build-bundles';

// The build of the console's page, of a page as small as can be, with the project's own build: what it makes, when it makes nothing,
// what is left of it when it is killed, and two of them at once.

jest.setTimeout(120_000);

const SOURCE = 'functions/console/web';
const BUILD = `
  import { buildPage } from ${JSON.stringify(join(PROJECT, 'infra/build/build-page.mjs'))};
  await buildPage(process.argv[1], process.argv[2]);
`;

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'yipan-build-'));
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

const dist = (): string => join(place, 'dist');
const page = (): string => join(dist(), 'functions/console/page');

/** A project with nothing in it but a page that says one word. */
function newProject(word: string): string {
  const root = join(place, word);
  mkdirSync(join(root, SOURCE), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  for (const name of ['index.html', 'reference.html', 'reference.js', 'icon.svg'])
    writeFileSync(join(root, SOURCE, name), readFileSync(join(PROJECT, SOURCE, name)));
  writeFileSync(join(root, SOURCE, 'word.ts'), `export const WORD = '${word}';\n`);
  writeFileSync(join(root, SOURCE, 'styles.css'), 'body { color: #123 }\n');
  const later = "import('./later').then(({ LATER }) => document.title = LATER + WORD)";
  writeFileSync(join(root, SOURCE, 'later.ts'), "export const LATER = 'later';\n");
  writeFileSync(
    join(root, SOURCE, 'main.tsx'),
    `import './styles.css';\nimport { WORD } from './word';\nvoid ${later};\n`,
  );
  return root;
}

function startBuild(root: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', BUILD, root, dist()], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function build(root: string): Promise<void> {
  const child = startBuild(root);
  let errors = '';
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()));
  const code = await new Promise((ended) => child.once('close', ended));
  if (code !== 0) throw new Error(errors);
}

let reads = 0;

/** The words that the page's first piece says: it is whole, with every compressed form, or this throws. */
async function wordsShown(): Promise<string> {
  // A path of its own, since a process reads a page once.
  const { assets } = await pageIn(page() + '/.'.repeat((reads += 1)), systemClock);
  for (const [name, { bytes }] of assets) {
    if (!bytes.br || !bytes.gzip) throw new Error(`${name} lacks a compressed form`);
  }
  const main = [...assets].find(([name]) => /^main-\w+\.js$/.test(name));
  return main?.[1].bytes.identity.toString() ?? '';
}

const inode = (): number => statSync(join(page(), 'index.html')).ino;

it('makes a page of hashed names, and makes it again only when an input is another', async () => {
  const root = newProject('first');
  await build(root);
  await expect(wordsShown()).resolves.toContain('first');
  const [made, names] = [inode(), readdirSync(join(page(), 'assets'))];
  expect(names.every((name) => /-[A-Z0-9]{8}\.(js|css|svg)(\.br|\.gz)?$/.test(name))).toBe(true);
  await build(root);
  expect(inode()).toBe(made);

  writeFileSync(join(root, SOURCE, 'word.ts'), "export const WORD = 'second';\n");
  await build(root);
  await expect(wordsShown()).resolves.toContain('second');
  const main = (list: readonly string[]): string[] => list.filter((name) => /^main-\w+\.js$/.test(name));
  // Nothing of the former page is left to be deployed.
  expect(main(readdirSync(join(page(), 'assets')))).toHaveLength(1);
  expect(main(readdirSync(join(page(), 'assets')))).not.toEqual(main(names));
});

it.each([
  ['a file of it is gone', () => rmSync(join(page(), 'reference.html'))],
  ['a file of it is another', () => writeFileSync(join(page(), 'index.html'), 'half')],
  ['another file lies in it', () => writeFileSync(join(page(), 'assets/main-AAAA1111.js'), 'former')],
  ['what is known of it cannot be read', () => writeFileSync(join(dist(), '.built/page.json'), '{"key"')],
])('makes it again where %s', async (_, harm) => {
  const root = newProject('whole');
  await build(root);
  const before = readdirSync(page(), { recursive: true }).sort();
  const made = inode();
  harm();
  await build(root);
  expect(inode()).not.toBe(made);
  expect(readdirSync(page(), { recursive: true }).sort()).toEqual(before);
  await expect(wordsShown()).resolves.toContain('whole');
});

it('killed at any time leaves the former page whole, or none, and nothing that the next one stumbles over', async () => {
  const root = newProject('former');
  const startedAtMs = performance.now();
  await build(root);
  const tookMs = performance.now() - startedAtMs;
  const KILLS = 8;
  for (let i = 1; i <= KILLS; i += 1) {
    writeFileSync(join(root, SOURCE, 'word.ts'), `export const WORD = 'word-${i}';\n`);
    const child = startBuild(root);
    const ended = new Promise((done) => child.once('close', done));
    await new Promise((later) => setTimeout(later, (tookMs * (i + KILLS)) / (2 * KILLS)));
    child.kill('SIGKILL');
    await ended;
    // None where it died in the moment between two renames: no half page in any case.
    const shown = await wordsShown().catch((error: unknown) => {
      if (!hasCode(error, 'NOT_FOUND') || existsSync(page())) throw error;
      return 'none';
    });
    expect(shown).toMatch(/former|word-\d|^none$/);
  }
  await build(root);
  await expect(wordsShown()).resolves.toContain(`word-${KILLS}`);
});

it('twice at the same time, of different sources, leaves the page of one of them, whole at any moment', async () => {
  const [one, two] = [newProject('one'), newProject('two')];
  await build(one);
  const builds = { running: true };
  const shown = new Set<string>();
  const reading = (async () => {
    while (builds.running) shown.add(/"(one|two)"|'(one|two)'|`(one|two)`/.exec(await wordsShown())?.[0] ?? 'none');
  })();
  try {
    for (let round = 0; round < 2; round += 1) await Promise.all([build(one), build(two), build(two)]);
  } finally {
    builds.running = false;
    await reading;
  }
  expect([...shown]).not.toContain('none');
  // What is remembered is what lies there: a build of its sources has nothing to do, one of the others does it.
  await build(two);
  await expect(wordsShown()).resolves.toContain('two');
  await build(one);
  await expect(wordsShown()).resolves.toContain('one');
  expect(readdirSync(join(dist(), 'functions/console')).filter((name) => name !== 'page')).toEqual([]);
  expect(existsSync(page())).toBe(true);
});
