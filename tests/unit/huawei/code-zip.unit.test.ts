import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { CA_PATH, zipFunction } from '../../../infra/huawei/code-zip';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'yipan-zip-'));
  mkdirSync(join(root, 'dist/functions/audit'), { recursive: true });
  writeFileSync(join(root, 'dist/functions/audit/handler.js'), 'exports.handler = async () => ({ ok: true });\n');
  writeFileSync(join(root, 'ca.pem'), 'a certificate\n');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the code of a function', () => {
  it('is the bundle where index.handler looks for it, and the certificate where the settings say', () => {
    const { bytes } = zipFunction(root, 'audit', 'ca.pem');
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
    const here = zipFunction(root, 'audit', undefined);
    utimesSync(join(root, 'dist/functions/audit/handler.js'), 1_000_000_000, 1_000_000_000);
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      expect(zipFunction(root, 'audit', undefined)).toEqual(here);
    } finally {
      if (zoneBefore === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zoneBefore;
    }
    writeFileSync(join(root, 'dist/functions/audit/handler.js'), 'exports.handler = async () => ({ ok: false });\n');
    expect(zipFunction(root, 'audit', undefined).digest).not.toBe(here.digest);
  });

  it('is asked for by name where it was not built', () => {
    expect(() => zipFunction(root, 'console', undefined)).toThrow('dist/functions/console/handler.js is not there');
  });
});
