import { settingsOf } from '../../../infra/local/moving/store-address';

const KEYS = { YIPAN_STORE_ACCESS_KEY: 'id', YIPAN_STORE_SECRET_KEY: 'secret' };

describe('the address of a store', () => {
  it('is a path of a SQLite file', () => {
    expect(settingsOf('.yipan/yipan.db', {})).toEqual({ kind: 'sqlite', file: '.yipan/yipan.db' });
  });

  it('is a table, with what it leaves out taken from the environment', () => {
    expect(settingsOf('dynamodb:orders', { ...KEYS, YIPAN_STORE_REGION: 'cn-north-4' })).toMatchObject({
      ...{ kind: 'dynamodb', table: 'orders', region: 'cn-north-4', endpoint: undefined },
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    const aws = { AWS_REGION: 'cn-northwest-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
    expect(settingsOf('dynamodb:orders', aws)).toMatchObject({
      ...{ region: 'cn-northwest-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } },
    });
  });

  it('says region and endpoint itself', () => {
    const address = 'dynamodb:orders?endpoint=http://127.0.0.1:4567&region=local';
    expect(settingsOf(address, { ...KEYS, YIPAN_STORE_REGION: 'other' })).toMatchObject({
      ...{ table: 'orders', region: 'local', endpoint: 'http://127.0.0.1:4567' },
    });
  });

  it('never holds a key, nor anything unknown', () => {
    expect(() => settingsOf('dynamodb:orders?secret=x', KEYS)).toThrow('secret is not part');
  });

  it('names what is missing', () => {
    expect(() => settingsOf('dynamodb:orders?region=local', {})).toThrow(
      expect.objectContaining({ code: 'BAD_SETTINGS' }) as Error,
    );
  });
});
