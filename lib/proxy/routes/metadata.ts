import type { ProxySettings } from '../settings/settings.js';
import { jsonResponse } from '../http/answers.js';
import type { Route } from '../http/routes.js';
import { deviceCodeGrant } from './token.js';

/** What the proxy says of itself to clients that look for it (RFC 8414; spec/device-flow 1.12). */
function metadata({ publicUrl, mode }: ProxySettings): Readonly<Record<string, unknown>> {
  return {
    issuer: publicUrl,
    device_authorization_endpoint: `${publicUrl}/device/code`,
    token_endpoint: `${publicUrl}/device/token`,
    token_endpoint_auth_methods_supported: ['none'],
    // Tokens of the other mode are the upstream server's: they are revoked there.
    ...(mode === 'client_credentials' && {
      revocation_endpoint: `${publicUrl}/device/revoke`,
      revocation_endpoint_auth_methods_supported: ['none'],
    }),
    grant_types_supported: [deviceCodeGrant, 'refresh_token'],
    response_types_supported: [],
    service_documentation: `${publicUrl}/`,
  };
}

/** The metadata of RFC 8414. */
export const metadataRoutes: readonly Route[] = [
  {
    path: '/.well-known/oauth-authorization-server',
    kind: 'json',
    sideEffectFree: true,
    methods: { GET: ({ settings }) => Promise.resolve(jsonResponse(200, metadata(settings))) },
  },
];
