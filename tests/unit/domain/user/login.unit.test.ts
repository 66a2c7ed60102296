import fc from 'fast-check';
import type { Session } from '../../../../shared/domain/user/login';
import {
  isLive,
  mustChangePassword,
  noLogin,
  passwordStateOf,
  SESSIONS_MAX,
  withAttempt,
  withoutAttempt,
  withPassword,
  withSeen,
  withSession,
} from '../../../../shared/domain/user/login';

const T = Date.UTC(2026, 2, 8, 6, 0, 0);
const HOUR_MS = 3_600_000;

const sessionAt = (atMs: number, more: Partial<Session> = {}): Session => ({
  ...{ tokenHash: `hash-${atMs}`, csrfToken: `csrf-${atMs}`, by: 'password', createdAtMs: atMs, lastSeenAtMs: atMs },
  ...more,
});

describe('failed attempts', () => {
  it('cost nothing up to the fourth, then 30 s and twice as long each time, up to 15 minutes', () => {
    const pausesS: number[] = [];
    let login = noLogin('wang');
    for (let i = 0; i < 12; i += 1) {
      login = withAttempt(login, T);
      pausesS.push(login.lockedUntilMs === 0 ? 0 : (login.lockedUntilMs - T) / 1_000);
    }
    expect(pausesS).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('pause for 15 minutes however many they are', () => {
    expect(withAttempt({ failures: 1_000_000, lockedUntilMs: 0 }, T).lockedUntilMs).toBe(T + 900_000);
  });

  it('that came to no answer are as if they had not been', () => {
    fc.assert(
      fc.property(fc.nat(50), (failures) => {
        expect(withoutAttempt(withAttempt({ failures, lockedUntilMs: 0 }, T))).toEqual({ failures, lockedUntilMs: 0 });
      }),
    );
    expect(withoutAttempt({ failures: 0, lockedUntilMs: 0 }).failures).toBe(0);
  });
});

describe('sessions', () => {
  it('are ten at most, and the oldest goes', () => {
    let login = noLogin('wang');
    for (let i = 0; i < 12; i += 1) login = withSession(login, sessionAt(T + i));
    expect(login.sessions).toHaveLength(SESSIONS_MAX);
    expect(login.sessions.map(({ createdAtMs }) => createdAtMs - T)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('that are over make room first', () => {
    const old = withSession(noLogin('wang'), sessionAt(T - 13 * HOUR_MS));
    expect(withSession(old, sessionAt(T)).sessions).toEqual([sessionAt(T)]);
  });

  it('are over after twelve hours of silence, or after seven days', () => {
    const live = (createdMs: number, seenMs: number): boolean =>
      isLive(sessionAt(T - createdMs, { lastSeenAtMs: T - seenMs }), T);
    expect([live(0, 0), live(12 * HOUR_MS - 1, 12 * HOUR_MS - 1), live(12 * HOUR_MS, 12 * HOUR_MS)]).toEqual([
      ...[true, true, false],
    ]);
    expect([live(168 * HOUR_MS - 1, 0), live(168 * HOUR_MS, 0)]).toEqual([true, false]);
  });

  it('are seen one by one', () => {
    const login = withSession(withSession(noLogin('wang'), sessionAt(T)), sessionAt(T + 1));
    expect(withSeen(login, `hash-${T}`, T + 9).sessions.map(({ lastSeenAtMs }) => lastSeenAtMs - T)).toEqual([9, 1]);
  });
});

describe('a password', () => {
  it('that is replaced ends all sessions but the one that stays, and every pause', () => {
    const login = withAttempt(withSession(withSession(noLogin('wang'), sessionAt(T)), sessionAt(T + 1)), T);
    const changed = withPassword(
      { ...login, failures: 7, lockedUntilMs: T + 9 },
      { passwordHash: 'new', oneTime: false, staysTokenHash: `hash-${T}` },
    );
    expect(changed).toEqual({
      ...{ userId: 'wang', passwordHash: 'new', oneTime: false, failures: 0, lockedUntilMs: 0 },
      sessions: [sessionAt(T)],
    });
    expect(withPassword(login, { passwordHash: 'new', oneTime: true }).sessions).toEqual([]);
  });

  it('is shown as set, one-time or none', () => {
    const login = noLogin('wang');
    expect(passwordStateOf(undefined)).toBe('none');
    expect(passwordStateOf(login)).toBe('none');
    expect(passwordStateOf({ ...login, passwordHash: 'x' })).toBe('set');
    expect(passwordStateOf({ ...login, passwordHash: 'x', oneTime: true })).toBe('one-time');
  });

  it('that was made up must be replaced by who came in with it, not by who came in by OIDC', () => {
    const login = { ...noLogin('wang'), oneTime: true };
    expect(mustChangePassword(login, sessionAt(T))).toBe(true);
    expect(mustChangePassword(login, sessionAt(T, { by: 'oidc' }))).toBe(false);
  });
});
