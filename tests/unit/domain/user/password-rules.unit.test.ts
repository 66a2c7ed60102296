import fc from 'fast-check';
import { normalPassword, passwordFault } from '../../../../shared/domain/user/password-rules';

describe('a new password', () => {
  it.each([
    ['九个字的密码太短啦', 'too-short'],
    ['short-one', 'too-short'],
    ['x'.repeat(201), 'too-long'],
    ['aaaaaaaaaaaa', 'too-simple'],
    ['121212121212', 'too-simple'],
    ['1q2w3e4r5t', 'common'],
    ['Password123', 'common'],
    ['WOAINI1314520', 'common'],
    ['wangxiaofang', 'login-name'],
    ['WangXiaoFang', 'login-name'],
    ['wangxiaofang2026!', 'login-name'],
    ['十个字的密码正好够长', undefined],
    ['correct horse battery', undefined],
    ['wangxiaofang und mehr', undefined],
  ])('%j: %s', (password, fault) => {
    expect(passwordFault(password, 'wangxiaofang')).toBe(fault);
  });

  it('of 200 characters is taken, an emoji counting as one', () => {
    const long = '😀abc'.repeat(50);
    expect([long.length, passwordFault(long, 'w')]).toEqual([250, undefined]);
    expect(passwordFault(`${long}d`, 'w')).toBe('too-long');
  });

  it('is the same from every keyboard', () => {
    expect(normalPassword('ｐａｓｓ１２３　é')).toBe(normalPassword('pass123 é'));
    expect(passwordFault('１ｑ２ｗ３ｅ４ｒ５ｔ', 'w')).toBe('common');
  });

  it('is judged without failing, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 80 }), (password, id) => {
        const fault = passwordFault(password, id);
        const length = Array.from(password.normalize('NFKC')).length;
        if (fault === undefined) expect(length).toBeGreaterThanOrEqual(10);
        if (length > 200) expect(fault).toBe('too-long');
      }),
    );
  });
});
