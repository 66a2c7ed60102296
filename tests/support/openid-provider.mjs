// An OpenID provider on this machine: node openid-provider.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI
// Whoever logs in as `wang` is `wang`; as `wang~2`, somebody else who goes by the same name. Who begins with `ops-` is in the
// group ops. Its user's claims are told by the userinfo endpoint and are not in the token, as many providers have it.
import { Provider } from 'oidc-provider';

const [port, clientId, clientSecret, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  scopes: ['openid', 'profile', 'groups'],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ['for-tests-only'] },
  findAccount: (_context, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      name: `姓名 ${login}`,
      preferred_username: login.split('~')[0],
      groups: login.startsWith('ops-') ? ['staff', 'ops'] : ['staff'],
    }),
  }),
});

provider.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'sandbox-ready', url: issuer })}\n`);
});
