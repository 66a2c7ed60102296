import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod/mini';
import { isPacked } from './read-move-file';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Orders hold what buyers told: nobody else on the machine may read them. */
const OWNER_ONLY = 0o600;

/** How far a part file is known to be whole. Written after the bytes it tells of are on the disk. */
const Cursor = z.strictObject({
  source: z.string(),
  /** Start and end of each block: packed, a block is a gzip member of its own. */
  blocks: z.array(z.int()),
  after: z.optional(z.strictObject({ pk: z.string(), sk: z.string() })),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * A file that is written block by block and gets its name when it is complete. After a crash everything behind the last
 * whole block is cut off: no torn write can stay.
 */
export class PartFile {
  readonly sha256: Hash = createHash('sha256');
  private ends: number[] = [];

  private constructor(
    private readonly file: string,
    private readonly source: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(file: string, source: string): Promise<PartFile> {
    return new PartFile(file, source, await open(partOf(file), 'wx+', OWNER_ONLY));
  }

  /** Opens what a crash left; `onBlock` is given the text of every block in it. Undefined where nothing usable is left. */
  static async resume(
    file: string,
    source: string,
    onBlock: (text: string) => void,
  ): Promise<{ part: PartFile; after: Cursor['after'] } | undefined> {
    if (!existsSync(partOf(file)) || !existsSync(cursorOf(file))) return undefined;
    const cursor = z.parse(Cursor, JSON.parse(await readFile(cursorOf(file), 'utf8')));
    if (cursor.source !== source) throw new Error(`${partOf(file)} is an export of ${cursor.source}, not of ${source}`);
    const part = new PartFile(file, source, await open(partOf(file), 'r+'));
    // One that a release before has begun.
    await part.handle.chmod(OWNER_ONLY);
    await part.handle.truncate(cursor.blocks.at(-1) ?? 0);
    let start = 0;
    for (const end of cursor.blocks) {
      const bytes = Buffer.alloc(end - start);
      const { bytesRead } = await part.handle.read(bytes, 0, bytes.length, start);
      if (bytesRead !== bytes.length) throw new Error(`${partOf(file)} is shorter than it was: export again`);
      const text = isPacked(file) ? await unpack(bytes) : bytes;
      part.sha256.update(text);
      onBlock(text.toString('utf8'));
      start = end;
    }
    part.ends = cursor.blocks;
    return { part, after: cursor.after };
  }

  /** Returns when the block is on the disk and a resume goes on behind `after`. */
  async append(text: string, after: Cursor['after']): Promise<void> {
    const bytes = Buffer.from(text);
    this.sha256.update(bytes);
    await this.write(bytes);
    const cursor: Cursor = { source: this.source, blocks: this.ends, ...(after && { after }) };
    await writeDurably(cursorOf(this.file), JSON.stringify(cursor));
  }

  /** Writes the trailer and gives the file its name. */
  async complete(trailer: string): Promise<void> {
    await this.write(Buffer.from(trailer));
    await this.handle.close();
    await rename(partOf(this.file), this.file);
    await syncFolder(dirname(this.file));
    await rm(cursorOf(this.file), { force: true });
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async write(plain: Buffer): Promise<void> {
    const bytes = isPacked(this.file) ? await pack(plain) : plain;
    const start = this.ends.at(-1) ?? 0;
    let written = 0;
    while (written < bytes.length)
      written += (await this.handle.write(bytes, written, bytes.length - written, start + written)).bytesWritten;
    await this.handle.datasync();
    this.ends.push(start + bytes.length);
  }
}

export function partOf(file: string): string {
  return `${file}.part`;
}

export async function removeParts(file: string): Promise<void> {
  for (const path of [partOf(file), cursorOf(file)]) await rm(path, { force: true });
}

function cursorOf(file: string): string {
  return `${file}.part.cursor`;
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', OWNER_ONLY);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/** Makes durable what names the files of a folder have. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
