import * as z from 'zod/mini';
import { ROLES } from './domain/user/user';

// Everything secret that the functions are told, as one JSON text in the setting YIPAN_SECRETS (config.ts reads it).

/** A program that may call the API, known by a secret token. People log in: shared/domain/user/user.ts. */
const ApiUser = z.object({
  token: z.string().check(z.minLength(16)),
  id: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
  role: z.enum(ROLES),
});

const ShopSecret = z.object({
  appKey: z.string().check(z.minLength(1)),
  appSecret: z.string().check(z.minLength(1)),
  accessToken: z.string().check(z.minLength(1)),
});

const Text = z.string().check(z.minLength(1));

/** An OpenID Connect provider that people may log in by. */
const Oidc = z.object({
  // What comes from it opens the console: nobody may listen in or speak for it.
  issuer: z.string().check(z.regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])/)),
  clientId: Text,
  clientSecret: z.string().check(z.minLength(16)),
  /** What the login page's button says. */
  title: Text,
  scope: z._default(z.string().check(z.regex(/\bopenid\b/)), 'openid profile email'),
  /** Claim that holds the login name; one that people cannot change themselves. */
  userIdClaim: z._default(Text, 'preferred_username'),
  /** Claim with one group or several. */
  roleClaim: z.optional(Text),
  /** Role that a new user gets by their group; the first that fits counts. None: nobody new is let in. */
  roles: z._default(z.record(z.string(), z.enum(ROLES)), {}),
});

/** Everything secret in one text: keys of shops, tokens of programs, and how we are known to an OpenID provider. */
const SecretsText = z.object({
  shops: z.record(z.string(), ShopSecret),
  users: z.array(ApiUser),
  oidc: z.optional(Oidc),
});

export type Secrets = z.infer<typeof SecretsText>;
export type OidcSettings = z.infer<typeof Oidc>;

export type ApiUser = z.infer<typeof ApiUser>;

/** Reads YIPAN_SECRETS; what is wrong with it is added to `problems`, naming members and never a value. */
export function readSecrets(text: string, problems: string[]): Secrets {
  const nothing: Secrets = { shops: {}, users: [] };
  if (text === '') return nothing;
  const parsed = z.safeParse(SecretsText, jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).filter(Boolean);
  problems.push(`YIPAN_SECRETS is not of its shape (${where.join(', ') || 'it is not a JSON object'})`);
  return nothing;
}

/** The value of a JSON text; undefined where it is none. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
