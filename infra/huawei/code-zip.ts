import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Zippable } from 'fflate';
import { zipSync } from 'fflate';
import { DeployError } from './deploy-error';
import type { FunctionDefinition } from './function-definitions';

/** A function's code as it is uploaded, and a digest that is equal where the files are. */
export interface CodeZip {
  readonly bytes: Uint8Array;
  /** 16 hex digits of SHA-256. */
  readonly digest: string;
}

/** `index.handler` loads index.js at the root of the zip. */
export const HANDLER = 'index.handler';

/** Where the zip's files are when a function runs. */
const CODE_FOLDER = '/opt/function/code';
const BUILD = 'Run `npm run build` first.';
const CA_FILE = 'kafka-ca.pem';
export const CA_PATH = `${CODE_FOLDER}/${CA_FILE}`;

/** What is packed as it is, since it is compressed already. */
const COMPRESSED = /\.(br|gz)$/;

/** The platform takes 50 MB (FSS.1071); a bundle is some hundred KB, the console's page 3 MB. */
const ZIP_BYTES_MAX = 50 * 1024 * 1024;

/**
 * Packs a built bundle, the folders that lie beside it, and the certificate of the brokers' authority where there is one. The same files
 * always give the same bytes: fixed order, and the earliest time that a zip can say, which has no time zone.
 */
export function zipFunction(
  root: string,
  { name, folders }: Pick<FunctionDefinition, 'name' | 'folders'>,
  caFile: string | undefined,
): CodeZip {
  const files: Zippable = {
    'index.js': read(root, join('dist/functions', name, 'handler.js'), BUILD),
    ...(caFile && { [CA_FILE]: read(root, caFile, 'Correct kafka.caFile in the stage file.') }),
    // CommonJS, whatever the platform's runtime takes as its default one day.
    'package.json': Buffer.from('{"type":"commonjs"}\n'),
    ...Object.fromEntries(folders.flatMap((folder) => filesBeside(root, join('dist/functions', name), folder))),
  };
  const bytes = zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
  if (bytes.length > ZIP_BYTES_MAX) {
    throw new DeployError(
      'FSS.1071',
      `the code of ${name} is ${bytes.length} bytes packed, more than ${ZIP_BYTES_MAX}`,
      {
        advice: 'Find out what got into the bundle: dist/metafile.json lists it.',
      },
    );
  }
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
}

/** The files of a folder by their paths in the zip, in the order of these. */
function filesBeside(root: string, own: string, folder: string): [string, Zippable[string]][] {
  const full = join(root, own, folder);
  if (!existsSync(full)) throw missing(join(own, folder), BUILD);
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, own), join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .map((path) => [path, [readFileSync(join(root, own, path)), { level: COMPRESSED.test(path) ? 0 : 9 }]]);
}

function read(root: string, path: string, advice: string): Buffer {
  const full = join(root, path);
  if (!existsSync(full)) throw missing(path, advice);
  return readFileSync(full);
}

const missing = (path: string, advice: string): DeployError =>
  new DeployError('BUNDLE_MISSING', `${path} is not there`, { advice });
