// An authorisation server for the tests of this package: oidc-provider, with the settings that
// matter here, and an owner who logs in and agrees at once. Its clients are in the argument. It
// prints its address, and ends with its standard input.
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';

const { clients, accessLifetime, keepAlive } = JSON.parse(process.argv[2]);
const server = http.createServer();
server.keepAliveTimeout = keepAlive; // after the last answer, in milliseconds
server.keepAliveTimeoutBuffer = 0;
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  scopes: ['openid', 'offline_access', 'read'],
  claims: { openid: ['sub'] },
  cookies: { keys: ['a key of a test'] },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/owner/${interaction.uid}` },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { AccessToken: accessLifetime, AuthorizationCode: 60, Grant: 86400, IdToken: 300, Interaction: 60, RefreshToken: 86400, Session: 86400 },
});

// owner logs in as the login_hint says, and agrees to all scopes.
async function owner(req, res) {
  const { params, prompt, session, grantId } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') {
    return provider.interactionFinished(req, res, { login: { accountId: params.login_hint } });
  }
  const grant = (grantId && await provider.Grant.find(grantId)) ||
    new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

let connections = 0;
server.on('connection', () => { connections += 1; });

const answer = provider.callback();
server.on('request', (req, res) => {
  if (req.url === '/connections') return res.end(String(connections));
  if (!req.url.startsWith('/owner/')) return answer(req, res);
  return owner(req, res).catch((err) => { res.statusCode = 500; res.end(String(err)); });
});
console.log(issuer);
await text(process.stdin);
process.exit();
