/** A session 会话 of one browser. Its token is in the cookie alone; the store knows the token's SHA-256. */
export interface Session {
  readonly tokenHash: string;
  /** What the page sends back as `x-csrf-token`; worth nothing without the cookie. */
  readonly csrfToken: string;
  /** What the person proved who they are with. */
  readonly by: 'password' | 'oidc';
  readonly createdAtMs: number;
  /** Saved at most every {@link SEEN_EVERY_MS}. */
  readonly lastSeenAtMs: number;
}

/** The secret part of a user: kept apart from the user’s document, so that no list of users can show it. */
export interface Login {
  readonly userId: string;
  /** PHC text, or null: there is no password to log in with. */
  readonly passwordHash: string | null;
  /** The password was made up for them; it opens nothing but the change of it. */
  readonly oneTime: boolean;
  /** Attempts with a password since the last right one. */
  readonly failures: number;
  /** No password is looked at before. */
  readonly lockedUntilMs: number;
  /** Oldest first. */
  readonly sessions: readonly Session[];
}

/** What a list of users says of a password. */
export type PasswordState = 'set' | 'one-time' | 'none';

export const SESSIONS_MAX = 10;

/** A session that was not used for half a day ends: the day's work is over. */
const IDLE_MS = 12 * 3_600_000;

/** A session ends after a week, however much it is used. */
export const SESSION_MS = 7 * 86_400_000;

/** Saving every use would be a write for each request; an idle limit of hours bears ten minutes. */
export const SEEN_EVERY_MS = 600_000;

/** From this failure on there is a pause. People mistype a few times; a guesser gets nowhere with four. */
const FREE_FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
/** Longer ones would lock people out for longer than they slow a guesser: about a hundred guesses a day are left. */
const LONGEST_PAUSE_MS = 15 * 60_000;

/** The login of one who has none yet: it lets nobody in. */
export function noLogin(userId: string): Login {
  return { userId, passwordHash: null, oneTime: false, failures: 0, lockedUntilMs: 0, sessions: [] };
}

export function passwordStateOf(login: Login | undefined): PasswordState {
  if (!login || login.passwordHash === null) return 'none';
  return login.oneTime ? 'one-time' : 'set';
}

/** What is known of failed attempts under one name. */
export type Failures = Pick<Login, 'failures' | 'lockedUntilMs'>;

/** One more attempt, counted before it is looked at, so that guesses sent at once cannot all be free. */
export function withAttempt<T extends Failures>(known: T, nowMs: number): T {
  const failures = known.failures + 1;
  return { ...known, failures, lockedUntilMs: failures < FREE_FAILURES ? 0 : nowMs + pauseMs(failures) };
}

/** An attempt that came to no answer is taken back. */
export function withoutAttempt<T extends Failures>(known: T): T {
  return { ...known, failures: Math.max(0, known.failures - 1), lockedUntilMs: 0 };
}

/** 30 s after the fifth, twice as long after each further one, up to 15 min. */
function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - FREE_FAILURES, 20));
}

/** The password was right: what was counted is forgotten. */
export function withoutFailures(login: Login): Login {
  return { ...login, failures: 0, lockedUntilMs: 0 };
}

/** The login with one more session; those that are over go, and the oldest beyond {@link SESSIONS_MAX}. */
export function withSession(login: Login, session: Session): Login {
  const live = login.sessions.filter((one) => isLive(one, session.createdAtMs));
  return { ...login, sessions: [...live, session].slice(-SESSIONS_MAX) };
}

/** The login without the sessions that `ends` picks. */
export function withoutSessions(login: Login, ends: (session: Session) => boolean): Login {
  return { ...login, sessions: login.sessions.filter((session) => !ends(session)) };
}

/** The login with its session seen now. */
export function withSeen(login: Login, tokenHash: string, nowMs: number): Login {
  const seen = (one: Session): Session => (one.tokenHash === tokenHash ? { ...one, lastSeenAtMs: nowMs } : one);
  return { ...login, sessions: login.sessions.map(seen) };
}

/** The login with another password; every session but the one that stays is over, since somebody else may have had it. */
export function withPassword(
  login: Login,
  to: { passwordHash: string; oneTime: boolean; staysTokenHash?: string },
): Login {
  const { passwordHash, oneTime, staysTokenHash } = to;
  const changed = { ...withoutFailures(login), passwordHash, oneTime };
  return withoutSessions(changed, ({ tokenHash }) => tokenHash !== staysTokenHash);
}

/** True while the session is neither too old nor unused for too long. */
export function isLive({ createdAtMs, lastSeenAtMs }: Session, nowMs: number): boolean {
  return nowMs < createdAtMs + SESSION_MS && nowMs < lastSeenAtMs + IDLE_MS;
}

/** True where a session was opened with a password that its owner has yet to replace. */
export function mustChangePassword(login: Login, session: Session): boolean {
  return login.oneTime && session.by === 'password';
}
