import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import type { Clock } from '../../shared/ports/clock';

/** A file under /assets as it is sent, by content coding. */
export interface Asset {
  /** Of {@link ASSET_TYPES}. */
  readonly type: string;
  readonly bytes: Readonly<Partial<Record<'br' | 'gzip', Buffer>>> & { readonly identity: Buffer };
}

/** One build of the web page: two documents, and every asset that they and their pieces name. */
export interface BuiltPage {
  readonly index: string;
  /** The page that shows the API's document. */
  readonly reference: string;
  /** By name, which carries a hash of what the asset holds. */
  readonly assets: ReadonlyMap<string, Asset>;
}

/** Content types by the ending of a name. */
const ASSET_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A build beside us replaces the folder within a moment. */
const ATTEMPTS_MAX = 10;
const PAUSE_MS = 50;

const pages = new Map<string, Promise<BuiltPage>>();

/**
 * The page in a folder, read once for the life of the process: some 5 MB. It stays the one that belongs to this code, and its assets
 * stay there, whatever a build beside a running host does to the folder. A failure is not kept. Throws NOT_FOUND where none was built.
 */
export function pageIn(folder: string, clock: Pick<Clock, 'sleep'>): Promise<BuiltPage> {
  let page = pages.get(folder);
  if (!page) {
    page = readPage(folder, clock).catch((error: unknown) => {
      pages.delete(folder);
      throw error;
    });
    pages.set(folder, page);
  }
  return page;
}

async function readPage(folder: string, clock: Pick<Clock, 'sleep'>): Promise<BuiltPage> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const page = await readOnce(folder);
    if (page) return page;
    await clock.sleep(PAUSE_MS);
  }
  throw new AppError('NOT_FOUND', { hint: 'the page was not built: npm run build' });
}

/** Undefined where the folder is not there, or became another build's while it was read. */
async function readOnce(folder: string): Promise<BuiltPage | undefined> {
  try {
    const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
    const index = await text('index.html');
    const [reference, names] = await Promise.all([text('reference.html'), readdir(join(folder, 'assets'))]);
    const plain = names.filter((name) => ASSET_TYPES[endingOf(name)] !== undefined);
    const there = new Set(names);
    const assets = new Map(
      await Promise.all(
        plain.map(
          async (name): Promise<[string, Asset]> => [name, await readAsset(join(folder, 'assets'), name, there)],
        ),
      ),
    );
    const named = [...`${index}${reference}`.matchAll(/"\/assets\/([^"]+)"/g)].map(([, name = '']) => name);
    const whole = named.every((name) => assets.has(name)) && (await text('index.html')) === index;
    return whole ? { index, reference, assets } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readAsset(folder: string, name: string, there: ReadonlySet<string>): Promise<Asset> {
  const form = async (suffix: string): Promise<Buffer | undefined> =>
    there.has(name + suffix) ? readFile(join(folder, name + suffix)) : undefined;
  const [identity, br, gzip] = await Promise.all([readFile(join(folder, name)), form('.br'), form('.gz')]);
  return { type: ASSET_TYPES[endingOf(name)] ?? '', bytes: { identity, ...(br && { br }), ...(gzip && { gzip }) } };
}

const endingOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1] ?? '';

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
