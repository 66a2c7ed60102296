import * as z from 'zod';
import { ROLES } from '../../../shared/domain/user/user';
import { orNull, rowsOf, TimeMs } from './common';

const RoleName = z.enum(ROLES).meta({ id: 'Role', description: '角色, from the lowest to the highest' });

/** Who is logged in, for the page. */
export const SessionAnswer = z
  .object({
    user: orNull(z.object({ id: z.string(), name: z.string(), role: RoleName }).meta({ id: 'SessionUser' })),
    csrfToken: z.string().nullable().meta({ description: 'to be sent as x-csrf-token with what changes something' }),
    mustChangePassword: z.boolean().meta({ description: 'nothing else is answered before POST /api/session/password' }),
    oidc: orNull(
      z
        .object({ title: z.string().meta({ description: 'what the button to GET /api/session/oidc says' }) })
        .meta({ id: 'OidcLogin' }),
    ),
    nowMs: TimeMs,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof SessionAnswer>;

const UserAnswer = z.object({
  id: z.string(),
  name: z.string(),
  role: RoleName,
  enabled: z.boolean(),
  oidcSubject: z.string().nullable().meta({ description: 'who they are at the OIDC provider' }),
  version: z.int(),
  password: z.enum(['set', 'one-time', 'none']),
  lockedUntilMs: TimeMs.nullable().meta({ description: 'after failed logins; null: not locked' }),
});

export const UserRow = UserAnswer.meta({ id: 'User', description: 'a person who may log in 用户' });
export const UserRows = rowsOf('Users', UserRow);
export const SavedUser = UserAnswer.extend({
  oneTimePassword: z.string().optional().meta({ description: 'of a new user; shown this once' }),
}).meta({ id: 'SavedUser' });
export const OneTimePassword = z.object({ oneTimePassword: z.string() }).meta({ id: 'OneTimePassword' });

/** Nothing but where to go on, in the header `location`. */
export const Redirect = z.object({}).meta({ id: 'Redirect', description: 'empty: the browser goes on to `location`' });
