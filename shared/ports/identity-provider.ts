/** Secrets of one login that is under way; each is random and used once. */
export interface LoginSecrets {
  /** Comes back with the browser: it is the one that was sent away. */
  readonly state: string;
  /** Comes back in the provider's signed token: it is meant for this login. */
  readonly nonce: string;
  /** PKCE: who redeems the code is who asked for it. 43 to 128 characters. */
  readonly codeVerifier: string;
}

/** What the provider vouches for. */
export interface Identity {
  /** Who it is, for ever: `sub`. */
  readonly subject: string;
  /** All claims, of the token and of the provider's answer about its user. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Where people log in once for everything: an OpenID Connect provider, with the code flow. Throws OIDC_UNREACHABLE where it does
 * not answer, OIDC_REFUSED where it or what the browser brings says no.
 */
export interface IdentityProvider {
  /** Where the browser is to be sent. */
  loginUrl(secrets: LoginSecrets): Promise<string>;
  /** Who has come back, by the query that the provider sent them with. */
  identify(query: Readonly<Record<string, string>>, secrets: LoginSecrets): Promise<Identity>;
}
