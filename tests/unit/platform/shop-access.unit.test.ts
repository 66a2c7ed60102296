import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import type { Instance } from '../../../shared/platform/profile';
import { instanceOf } from '../../../shared/platform/profile';
import { stepConfig } from '../../support/step-config';
import { SHOP } from '../../support/stub-run';

const SECRET = { appKey: 'key', appSecret: 'secret', accessToken: 'token' };

const folder = mkdtempSync(join(tmpdir(), 'yipan-unit-'));
let instance: Instance;

beforeAll(async () => {
  instance = await instanceOf({
    ...stepConfig(),
    store: { kind: 'sqlite', file: join(folder, 'store.db') },
    secrets: { shops: { tb: SECRET }, users: [] },
  });
});

afterAll(async () => {
  await instance.store.close();
  rmSync(folder, { recursive: true });
});

describe('access to the platform of a shop', () => {
  it('is with the keys that are configured for it', () => {
    expect(instance.access({ ...SHOP, id: 'tb' })).toMatchObject({ shopId: 'tb', ...SECRET });
  });

  // Names that every object has a member of are ids that somebody may give a shop.
  it.each(['dy', '__proto__', 'constructor', 'toString'])('is refused where there are none: %s', (id) => {
    expect(() => instance.access({ ...SHOP, id })).toThrow(new AppError('SECRET_MISSING', { shopId: id }));
  });
});
