import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { testedCloud } from './local-world';

const DEMO = join(__dirname, '../../dist/infra/local/demo.js');

function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [DEMO, ...args], { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

const PROFILE = testedCloud() ?? 'embedded';

/** A cloud's engines on one machine are slower than its file. */
const ORDERS = testedCloud() ? '100' : '250';

describe(`the demo on profile ${PROFILE}`, () => {
  it('walks both procedures, replays orders and finds every invariant true', async () => {
    const { code, stdout, stderr } = await run(['--orders', ORDERS, '--profile', PROFILE]);
    expect({ code, stderr, failed: stdout.split('\n').filter((line) => line.includes('✘')) }).toEqual({
      code: 0,
      stderr: '',
      failed: [],
    });
    for (const step of ['1/7', '2/7', '3/7', '4/7', '5/7', '6/7', '7/7', '1/4', '2/4', '3/4', '4/4'])
      expect(stdout).toContain(`✔ ${step}`);
    expect(stdout).toContain('✔ no order is lost');
    expect(stdout).toContain('✔ pieces held beyond stock');
    expect(stdout).toContain('✔ invariants 1 to 7');
    expect(stdout).toContain('All passed.');
  }, 400_000);

  it('says what is wrong with an option', async () => {
    const { code, stderr } = await run(['--orders', 'many']);
    expect(code).toBe(1);
    expect(stderr).toContain('--orders many: a whole number from 0 to 6018');
  });
});
