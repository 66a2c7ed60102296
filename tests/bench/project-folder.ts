import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder, from this file or from the bundle that it is built into: both lie below it. */
export function projectFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json'))) return folder;
    if (dirname(folder) === folder) throw new Error('the bench runs from a checkout of the project');
  }
}
