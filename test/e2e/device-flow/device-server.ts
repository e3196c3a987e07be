import type { RequestListener } from 'node:http';
import type { Configuration } from 'oidc-provider';
import { Portal, type PortalPage } from '../../support/proxy/portal.js';
import { serve } from '../../support/server.js';

/** A device-flow server that is not ours: `oidc-provider`, with its own pages for signing in and consenting. */
export interface DeviceServer {
  /** Its issuer, without a slash at the end. */
  readonly url: string;
  readonly clientId: string;
  /** Opens the link of a prompt, signs in as `camille` and consents. @returns the last page */
  consent(verificationUriComplete: string): Promise<PortalPage>;
  /** Types the code in and leaves the page that asks whether it is the right one. */
  refuse(verificationUri: string, userCode: string): Promise<PortalPage>;
  /** Ends the consent behind a token (RFC 7009). */
  revoke(token: string): Promise<void>;
  /** Loses an access token; the refresh token stays. */
  forgetAccessToken(token: string): Promise<void>;
  /** Presents a refresh token. @returns the error that it is refused with, `undefined` where it is taken */
  refreshError(refreshToken: string): Promise<unknown>;
  close(): Promise<void>;
}

const hour = 3600;
const clientId = 'node-red';

const configuration: Configuration = {
  clients: [
    {
      client_id: clientId,
      client_name: 'Node-RED',
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  issueRefreshToken: (_context, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
  rotateRefreshToken: true,
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  features: {
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (context, form) => {
        context.body = form;
      },
      userCodeConfirmSource: (context, form, _client, _device, userCode) => {
        context.body = `<p>Does your device show ${userCode}?</p>${form}`;
      },
      successSource: (context) => {
        context.body = '<p>Your device is linked.</p>';
      },
    },
    revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    devInteractions: { enabled: true },
  },
  ttl: {
    AccessToken: hour,
    DeviceCode: 60,
    Grant: hour,
    IdToken: hour,
    Interaction: hour,
    RefreshToken: hour,
    Session: hour,
  },
  cookies: { keys: ['a key of a test'] },
};

/** Without the notices that the server prints for those who run it in earnest. */
async function quietly<R>(make: () => Promise<R>): Promise<R> {
  const { info, warn } = console;
  const silent = (): void => undefined;
  Object.assign(console, { info: silent, warn: silent });
  try {
    return await make();
  } finally {
    Object.assign(console, { info, warn });
  }
}

function post(url: string, members: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...members }) });
}

/** Starts `oidc-provider` on a loopback port with a public client that may use the device flow. */
export async function startDeviceServer(): Promise<DeviceServer> {
  let listener: RequestListener = (_message, reply) => reply.writeHead(503).end();
  const server = await serve((message, reply) => {
    listener(message, reply);
  });
  const { origin } = server.url;
  const provider = await quietly(async () => {
    const { Provider } = await import('oidc-provider');
    return new Provider(origin, configuration);
  });
  const callback = provider.callback();
  listener = (message, reply) => void callback(message, reply);
  return {
    url: origin,
    clientId,
    async consent(verificationUriComplete) {
      const portal = new Portal(origin);
      await portal.open(verificationUriComplete);
      // The page of the link sends its form by itself; the next one asks whether the code is that of the device.
      await portal.submit({});
      await portal.submit({});
      await portal.submit({ login: 'camille', password: 'any' });
      return portal.submit({});
    },
    async refuse(verificationUri, userCode) {
      const portal = new Portal(origin);
      await portal.open(verificationUri);
      await portal.submit({ user_code: userCode });
      return portal.submit({ abort: 'yes' });
    },
    async revoke(token) {
      await post(`${origin}/token/revocation`, { token });
    },
    async forgetAccessToken(token) {
      await (await provider.AccessToken.find(token))?.destroy();
    },
    async refreshError(refreshToken) {
      const reply = await post(`${origin}/token`, { grant_type: 'refresh_token', refresh_token: refreshToken });
      return ((await reply.json()) as Readonly<Record<string, unknown>>)['error'];
    },
    close: () => server.close(),
  };
}
