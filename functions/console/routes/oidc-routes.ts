import type { Config } from '../../../shared/config';
import { AppError, hasCode } from '../../../shared/errors';
import type { Run } from '../../../shared/platform/define-function';
import { CALLBACK_PATH } from '../../../shared/platform/connect-oidc';
import { PENDING_MS, pendingCookieHeader, readPendingCookie } from '../../../shared/platform/oidc-cookie';
import { sessionCookieHeader } from '../../../shared/platform/session-cookie';
import type { Identity, IdentityProvider } from '../../../shared/ports/identity-provider';
import type { Arrival } from '../../../shared/procedures/users/log-in-by-oidc';
import { logInByOidc } from '../../../shared/procedures/users/log-in-by-oidc';
import type { OidcSettings } from '../../../shared/secrets';
import type { ConsoleApp } from '../api';
import { addOpenRoute, Reply, z } from '../api';
import { Redirect } from '../schema/session';

type Connect = (config: Config) => Promise<IdentityProvider>;

/** 单点登录: a browser is sent to the provider and comes back. What goes wrong is told by the page of the login. */
export function addOidcRoutes(app: ConsoleApp, connect: Connect): void {
  const route = { method: 'get', tag: '系统', status: 302, returns: Redirect } as const;
  addOpenRoute(
    app,
    {
      ...{ ...route, path: '/api/session/oidc', summary: '单点登录: 前往身份提供方' },
      query: z.object({ to: z.string().max(2_000).default('/') }),
    },
    ({ query, run, headers }) =>
      orLoginPage(run, async () => {
        const { clientSecret: secret } = required(run.config);
        const { random, clock } = run.ports;
        const token = (): string => random.token() + random.token();
        const secrets = { state: token(), nonce: token(), codeVerifier: token() };
        const location = await (await connect(run.config)).loginUrl(secrets);
        const pending = { ...secrets, to: ownPath(query.to), untilMs: clock.nowMs() + PENDING_MS };
        const cookie = pendingCookieHeader(run.config, headers, { secret, pending, random });
        return redirect(location, { 'set-cookie': cookie });
      }),
  );

  addOpenRoute(
    app,
    {
      ...{ ...route, path: CALLBACK_PATH, summary: '单点登录: 从身份提供方返回' },
      query: z.looseObject({ code: z.string().optional(), state: z.string().optional(), error: z.string().optional() }),
    },
    ({ query, run, headers }) =>
      orLoginPage(run, async () => {
        const { config, ports } = run;
        const oidc = required(config);
        const nowMs = ports.clock.nowMs();
        const pending = readPendingCookie(config, headers, { secret: oidc.clientSecret, nowMs });
        if (!pending) throw new AppError('OIDC_REFUSED', { reason: 'no login under way in this browser' });
        const texts = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
        const identity = await (await connect(config)).identify(texts, pending);
        const { user, token } = await logInByOidc(ports, arrivalOf(identity, oidc));
        const cookie = sessionCookieHeader(config, headers, { userId: user.id, token });
        return redirect(pending.to, { 'set-cookie': cookie });
      }),
  );
}

function required({ secrets: { oidc } }: Config): OidcSettings {
  if (!oidc) throw new AppError('NOT_FOUND', { setting: 'oidc in YIPAN_SECRETS' });
  return oidc;
}

const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): Reply<Record<string, never>> =>
  new Reply({}, { ...headers, location });

/** A person in a browser cannot read a refusal in JSON: the login page says it, by its code. */
async function orLoginPage(
  run: Run,
  answer: () => Promise<Reply<Record<string, never>>>,
): Promise<Reply<Record<string, never>>> {
  try {
    return await answer();
  } catch (error) {
    if (!hasCode(error, 'OIDC_UNREACHABLE', 'OIDC_REFUSED', 'OIDC_UNKNOWN_USER')) throw error;
    run.ports.log.warn('oidc-login-failed', { code: error.code, ...error.facts });
    return redirect(`/login?error=${error.code}`);
  }
}

/** A path of our own, or the home page: a login sends nobody to another site. */
function ownPath(to: string): string {
  const base = 'http://own';
  if (!/^\/[^/\\]/.test(to) || !URL.canParse(to, base)) return '/';
  const { origin, pathname, search, hash } = new URL(to, base);
  return origin === base && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

/** The user's name and role, by the claims that the settings name. */
function arrivalOf({ subject, claims }: Identity, { userIdClaim, roleClaim, roles }: OidcSettings): Arrival {
  const text = (claim: string): string => (typeof claims[claim] === 'string' ? claims[claim] : '');
  const groups = roleClaim === undefined ? [] : [claims[roleClaim]].flat();
  // The order of the settings decides where somebody is in several groups.
  const match = Object.entries(roles).find(([group]) => groups.includes(group));
  const userId = text(userIdClaim);
  return { userId, subject, name: (text('name') || userId).slice(0, 200), role: match?.[1] };
}
