import type { ErrorCode } from '../../shared/errors';
import { AppError, ERRORS, hasCode } from '../../shared/errors';

describe('the error catalogue', () => {
  it.each(Object.entries(ERRORS))(
    'says of %s what a caller and a person need to know',
    (_, { status, retry, zh, en }) => {
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(600);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[a-z]/);
      // Trying again helps only where the fault may pass by itself, which is never the caller's, but for haste.
      if (retry !== 'never' && status !== 429) expect(status).toBeGreaterThanOrEqual(500);
    },
  );
});

describe('an error', () => {
  it('knows its status and whether trying again can help', () => {
    const error = new AppError('CHANNEL_THROTTLED', { shopId: 'tmall-1' });
    expect([error.status, error.retry]).toEqual([503, 'later']);
    expect(error.message).toBe('CHANNEL_THROTTLED: the platform limits the rate {"shopId":"tmall-1"}');
  });

  it('keeps what caused it', () => {
    const cause = new Error('ECONNREFUSED');
    expect(new AppError('STORE_UNAVAILABLE', {}, { cause }).cause).toBe(cause);
  });

  it('is recognised by its code, also as another copy of the class that a bundle carries', () => {
    const copy = Object.assign(new Error('throttled'), { code: 'CHANNEL_THROTTLED' });
    expect(hasCode(copy, 'CHANNEL_AUTH', 'CHANNEL_THROTTLED')).toBe(true);
    expect(hasCode(new AppError('CHANNEL_AUTH'), 'CHANNEL_THROTTLED')).toBe(false);
    const others: unknown[] = [undefined, null, 'CHANNEL_THROTTLED', { code: 'CHANNEL_THROTTLED' }, new Error('x')];
    const code: ErrorCode = 'CHANNEL_THROTTLED';
    expect(others.filter((other) => hasCode(other, code))).toEqual([]);
  });
});
