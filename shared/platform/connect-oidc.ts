import type { Config } from '../config';
import { AppError } from '../errors';
import type { IdentityProvider } from '../ports/identity-provider';
import { once } from './once';

/** Where the provider sends browsers back to, below the console's address. */
export const CALLBACK_PATH = '/api/session/oidc/callback';

/**
 * The provider of the settings, asked for its addresses and keys once an instance. Its client is loaded only where somebody logs
 * in by it. Throws NOT_FOUND where the settings name none, OIDC_UNREACHABLE.
 */
export const connectOidc = once(
  async ({ secrets: { oidc }, consoleUrl }: Pick<Config, 'secrets' | 'consoleUrl'>): Promise<IdentityProvider> => {
    if (!oidc || consoleUrl === undefined) throw new AppError('NOT_FOUND', { setting: 'oidc in YIPAN_SECRETS' });
    const { openIdProvider } = await import('../adapters/oidc/openid-provider');
    return openIdProvider({ ...oidc, redirectUri: `${consoleUrl}${CALLBACK_PATH}` });
  },
);
