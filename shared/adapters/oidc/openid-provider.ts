import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { AppError, hasCode } from '../../errors';
import type { Identity, IdentityProvider, LoginSecrets } from '../../ports/identity-provider';

export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** Where the provider sends the browser back to; it must be registered there. */
  readonly redirectUri: string;
}

/** A person waits; a login makes three requests. */
const TIMEOUT_S = 5;

/**
 * {@link IdentityProvider} by openid-client, a certified implementation, which checks issuer, audience, nonce, times and state.
 * The token comes from the provider itself by TLS, which vouches for it (OpenID Connect Core §3.1.3.7, 6).
 */
export async function openIdProvider(settings: OpenIdSettings): Promise<IdentityProvider> {
  const { issuer, clientId, clientSecret, scope, redirectUri } = settings;
  const configuration = await discovered(issuer, clientId, clientSecret);
  return {
    loginUrl: async ({ state, nonce, codeVerifier }) =>
      client.buildAuthorizationUrl(configuration, {
        ...{ redirect_uri: redirectUri, scope, state, nonce },
        ...{ code_challenge: challengeOf(codeVerifier), code_challenge_method: 'S256' },
      }).href,
    identify: (query, secrets) => identify(configuration, new URL(redirectUri), query, secrets),
  };
}

async function discovered(issuer: string, clientId: string, clientSecret: string): Promise<client.Configuration> {
  // Settings let an unencrypted one be on this machine only.
  const unencrypted = issuer.startsWith('http:');
  // Older providers know no other way of sending the secret than this one, which every provider must know.
  const authentication = client.ClientSecretBasic(clientSecret);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; local tests are what it is for
  const options = { timeout: TIMEOUT_S, ...(unencrypted && { execute: [client.allowInsecureRequests] }) };
  try {
    return await client.discovery(new URL(issuer), clientId, undefined, authentication, options);
  } catch (cause) {
    throw new AppError('OIDC_UNREACHABLE', { issuer }, { cause });
  }
}

async function identify(
  configuration: client.Configuration,
  url: URL,
  query: Readonly<Record<string, string>>,
  { state, nonce, codeVerifier }: LoginSecrets,
): Promise<Identity> {
  url.search = new URLSearchParams(query).toString();
  try {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
    const tokens = await client.authorizationCodeGrant(configuration, url, checks);
    const claims = tokens.claims();
    if (!claims) throw new AppError('OIDC_REFUSED', { reason: 'no id token' });
    // Many providers keep names and groups out of the token.
    const more = configuration.serverMetadata().userinfo_endpoint
      ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
      : {};
    return { subject: claims.sub, claims: { ...more, ...claims } };
  } catch (cause) {
    if (hasCode(cause, 'OIDC_REFUSED')) throw cause;
    throw new AppError(noAnswer(cause) ? 'OIDC_UNREACHABLE' : 'OIDC_REFUSED', { reason: codeOf(cause) }, { cause });
  }
}

/** RFC 7636 §4.2. */
function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** True for what fetch throws where nobody answers, and for the time limit; the library passes on the one and names the other. */
function noAnswer(error: unknown): boolean {
  return error instanceof Error && (error.message === 'fetch failed' || codeOf(error) === 'OAUTH_TIMEOUT');
}

/** The library's word for it; never its message, which may quote what was sent. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
