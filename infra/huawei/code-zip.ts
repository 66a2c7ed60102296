import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { DeployError } from './deploy-error';

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
const CA_FILE = 'kafka-ca.pem';
export const CA_PATH = `${CODE_FOLDER}/${CA_FILE}`;

/** The platform takes 50 MB (FSS.1071); a bundle is some hundred KB. */
const ZIP_BYTES_MAX = 50 * 1024 * 1024;

/**
 * Packs a built bundle, and the certificate of the brokers' authority where there is one. The same files always give the same
 * bytes: fixed order, and the earliest time that a zip can say, which has no time zone.
 */
export function zipFunction(root: string, name: string, caFile: string | undefined): CodeZip {
  const files = {
    'index.js': read(root, join('dist/functions', name, 'handler.js'), 'Run `npm run build` first.'),
    ...(caFile && { [CA_FILE]: read(root, caFile, 'Correct kafka.caFile in the stage file.') }),
    // CommonJS, whatever the platform's runtime takes as its default one day.
    'package.json': Buffer.from('{"type":"commonjs"}\n'),
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

function read(root: string, path: string, advice: string): Buffer {
  const full = join(root, path);
  if (!existsSync(full)) throw new DeployError('BUNDLE_MISSING', `${path} is not there`, { advice });
  return readFileSync(full);
}
