import type { RequestListener } from 'node:http';
import type { Configuration } from 'oidc-provider';
import {
  allowInsecureRequests,
  ClientSecretPost,
  dynamicClientRegistration,
  tokenIntrospection,
  type Configuration as Client,
} from 'openid-client';
import { serve } from '../server.js';
import { Portal } from './portal.js';

/** The scope that the server knows besides those of OpenID Connect. */
export const meteringScope = 'metering';

/** A client as the server registered it (RFC 7591). */
interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A running OAuth server that is not ours. */
export interface AuthorizationServer {
  /** Of its consent page and of its token endpoint. */
  readonly endpoints: { readonly authorization: string; readonly token: string };
  /** Registers the client that `isActive` asks as from then on. */
  register(redirectUri: string): Promise<RegisteredClient>;
  /** Signs in and consents as a person would. @returns the address that the browser is sent back to */
  consent(authorizeUrl: string): Promise<string>;
  /** Leaves the page. @returns the address that the browser is sent back to */
  refuse(authorizeUrl: string): Promise<string>;
  /** Whether the server takes a token (RFC 7662). */
  isActive(token: string): Promise<boolean>;
  close(): Promise<void>;
}

const hour = 3600;

const configuration: Configuration = {
  // PKCE or nothing: a code without a challenge, or an exchange without its verifier, is turned down.
  pkce: { required: () => true },
  scopes: [meteringScope],
  clientAuthMethods: ['client_secret_post'],
  issueRefreshToken: (_context, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
  rotateRefreshToken: true,
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  features: {
    registration: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    devInteractions: { enabled: true },
  },
  ttl: { AccessToken: hour, Grant: hour, Interaction: hour, RefreshToken: hour, Session: hour },
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

function registration(redirectUri: string) {
  return {
    client_name: 'The proxy',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
  };
}

/** Starts `oidc-provider` on a loopback port, with its own pages for signing in and consenting. */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
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
  let client: Client | undefined;
  return {
    endpoints: { authorization: `${origin}/auth`, token: `${origin}/token` },
    async register(redirectUri) {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback, without TLS
      const options = { execute: [allowInsecureRequests] };
      client = await dynamicClientRegistration(server.url, registration(redirectUri), ClientSecretPost(), options);
      const { client_id: clientId, client_secret: clientSecret } = client.clientMetadata();
      return { clientId, clientSecret: String(clientSecret) };
    },
    async consent(authorizeUrl) {
      const portal = new Portal(origin);
      await portal.open(authorizeUrl);
      await portal.submit({ login: 'camille', password: 'any' });
      return portal.leave(() => portal.submit({}));
    },
    async refuse(authorizeUrl) {
      const portal = new Portal(origin);
      const page = await portal.open(authorizeUrl);
      const [, abort = ''] = /href="([^"]+\/abort)"/.exec(page.text) ?? [];
      return portal.leave(() => portal.open(abort));
    },
    async isActive(token) {
      if (!client) throw new Error('No client has been registered.');
      return (await tokenIntrospection(client, token)).active;
    },
    close: () => server.close(),
  };
}
