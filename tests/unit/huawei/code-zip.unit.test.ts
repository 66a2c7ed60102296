import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { CA_PATH, zipFunction } from '../../../infra/huawei/code-zip';

const AUDIT = { name: 'audit', folders: [] };
const WITH_PAGE = { ...AUDIT, folders: ['page'] };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'yipan-zip-'));
  mkdirSync(join(root, 'dist/functions/audit'), { recursive: true });
  writeFileSync(join(root, 'dist/functions/audit/handler.js'), 'exports.handler = async () => ({ ok: true });\n');
  writeFileSync(join(root, 'ca.pem'), 'a certificate\n');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function writePage(index: string): void {
  const page = join(root, 'dist/functions/audit/page');
  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'assets/a-1234ABCD.js.br'), Buffer.from([0, 1, 2, 255]));
  writeFileSync(join(page, 'assets/a-1234ABCD.js'), 'a piece');
  writeFileSync(join(page, 'index.html'), index);
}

describe('the code of a function', () => {
  it('is the bundle where index.handler looks for it, and the certificate where the settings say', () => {
    const { bytes } = zipFunction(root, AUDIT, 'ca.pem');
    const files = unzipSync(bytes);
    expect(Object.keys(files).sort()).toEqual(['index.js', 'kafka-ca.pem', 'package.json']);
    expect(CA_PATH).toBe('/opt/function/code/kafka-ca.pem');
    // As the platform's runtime loads it.
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
    const loaded = execFileSync(
      process.execPath,
      ['-e', "require('./index.js').handler({}, {}).then((answer) => console.log(JSON.stringify(answer)))"],
      { cwd: root, encoding: 'utf8' },
    );
    expect(loaded).toBe('{"ok":true}\n');
  });

  it('is the same bytes for the same files, whenever and wherever it is packed', () => {
    const zoneBefore = process.env['TZ'];
    const here = zipFunction(root, AUDIT, undefined);
    utimesSync(join(root, 'dist/functions/audit/handler.js'), 1_000_000_000, 1_000_000_000);
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      expect(zipFunction(root, AUDIT, undefined)).toEqual(here);
    } finally {
      if (zoneBefore === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zoneBefore;
    }
    writeFileSync(join(root, 'dist/functions/audit/handler.js'), 'exports.handler = async () => ({ ok: false });\n');
    expect(zipFunction(root, AUDIT, undefined).digest).not.toBe(here.digest);
  });

  it('takes the folders beside the bundle along, and nothing else that lies there', () => {
    writePage('<html>1</html>');
    writeFileSync(join(root, 'dist/functions/audit/handler.js.map'), '{}');
    const files = unzipSync(zipFunction(root, WITH_PAGE, undefined).bytes);
    expect(Object.keys(files).sort()).toEqual([
      ...['index.js', 'package.json', 'page/assets/a-1234ABCD.js', 'page/assets/a-1234ABCD.js.br', 'page/index.html'],
    ]);
    expect(Buffer.from(files['page/index.html'] ?? []).toString()).toBe('<html>1</html>');
    expect(files['page/assets/a-1234ABCD.js.br']).toEqual(new Uint8Array([0, 1, 2, 255]));
    expect(Object.keys(unzipSync(zipFunction(root, AUDIT, undefined).bytes))).toHaveLength(2);
  });

  it('is another where a file beside the bundle is another, and the same where it is written again', () => {
    writePage('<html>1</html>');
    const { digest } = zipFunction(root, WITH_PAGE, undefined);
    rmSync(join(root, 'dist/functions/audit/page'), { recursive: true });
    writePage('<html>1</html>');
    expect(zipFunction(root, WITH_PAGE, undefined).digest).toBe(digest);
    writePage('<html>2</html>');
    expect(zipFunction(root, WITH_PAGE, undefined).digest).not.toBe(digest);
  });

  it('is asked for by name where a folder beside it was not built', () => {
    expect(() => zipFunction(root, WITH_PAGE, undefined)).toThrow('dist/functions/audit/page is not there');
  });

  it('is asked for by name where it was not built', () => {
    expect(() => zipFunction(root, { ...AUDIT, name: 'console' }, undefined)).toThrow(
      'dist/functions/console/handler.js is not there',
    );
  });
});
