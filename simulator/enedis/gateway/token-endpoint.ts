import { json, reply } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { Application, EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';

const uncached = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

function failure(status: number, error: string, description: string): Reply {
  return json(status, { error, error_description: description }, uncached);
}

/** The form of a request; nothing where the body is none. */
function formOf({ headers, body }: EnedisRequest): URLSearchParams | undefined {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm ? new URLSearchParams(body) : undefined;
}

/** Id and secret by HTTP Basic or in the form. Those in the query are not looked at (spec/device-flow 4.2). */
function credentialsOf({ headers }: EnedisRequest, form: URLSearchParams): readonly [string | null, string | null] {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return [form.get('client_id'), form.get('client_secret')];
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return [decodeURIComponent(text.slice(0, colon)), decodeURIComponent(text.slice(colon + 1))];
}

/** The application that a request proves to be, or the answer that turns it away. */
function applicationOf(parts: EnedisParts, request: EnedisRequest, form: URLSearchParams): Application | Reply {
  const [clientId, clientSecret] = credentialsOf(request, form);
  if (!clientId || !clientSecret) {
    return failure(401, 'invalid_client', 'A valid authentication credentials are mandatory.');
  }
  const application = parts.applications.get(clientId);
  if (application?.clientSecret !== clientSecret) {
    return failure(401, 'invalid_client', 'Client authentication failed.');
  }
  return application;
}

function expiresIn({ switches }: EnedisParts): number | string {
  return switches.expiresInAsText ? String(switches.tokenLifetime) : switches.tokenLifetime;
}

/** Answers `POST /oauth2/v3/token`: the application's own token (spec/device-flow 4.2). */
export function applicationToken(parts: EnedisParts, request: EnedisRequest): Reply {
  const form = formOf(request);
  const grantType = form?.get('grant_type');
  if (!form || !grantType) return failure(400, 'invalid_request', 'missing_parameter');
  const application = applicationOf(parts, request, form);
  if ('status' in application) return application;
  if (grantType !== 'client_credentials') return failure(400, 'unsupported_grant_type', 'Unsupported grant type.');
  const document = {
    access_token: parts.tokens.issue(application.clientId, parts.switches.tokenLifetime),
    scope: 'am_application_scope default',
    token_type: 'Bearer',
    expires_in: expiresIn(parts),
  };
  return json(200, document, uncached);
}

/** The usage points that a grant of the old token endpoint stands for, or the answer that turns it away. */
function grantedPoints(parts: EnedisParts, { clientId }: Application, form: URLSearchParams): string | Reply {
  const grantType = form.get('grant_type');
  if (grantType === 'authorization_code') {
    return (
      parts.tokens.redeemCode(form.get('code') ?? '', clientId) ??
      failure(400, 'invalid_grant', 'The code is invalid, expired or used.')
    );
  }
  if (grantType === 'refresh_token') {
    return (
      parts.tokens.redeemRefresh(form.get('refresh_token') ?? '', clientId) ??
      failure(400, 'invalid_grant', 'The refresh token is invalid or used.')
    );
  }
  return failure(400, 'unsupported_grant_type', 'Unsupported grant type.');
}

/** Answers `POST /v1/oauth2/token?redirect_uri=…`, the endpoint of old: codes and refresh tokens, each good once. */
export function userToken(parts: EnedisParts, request: EnedisRequest): Reply {
  const form = formOf(request);
  const redirectUri = request.parameters.get('redirect_uri');
  if (!form?.get('grant_type') || !redirectUri) return failure(400, 'invalid_request', 'missing_parameter');
  const application = applicationOf(parts, request, form);
  if ('status' in application) return application;
  if (redirectUri !== application.redirectUrl) return failure(400, 'invalid_grant', 'redirect_uri mismatch.');
  const usagePoints = grantedPoints(parts, application, form);
  if (typeof usagePoints !== 'string') return usagePoints;
  const issuedAt = String(parts.now());
  const document = {
    access_token: parts.tokens.issue(application.clientId, parts.switches.tokenLifetime),
    token_type: 'Bearer',
    expires_in: expiresIn(parts),
    refresh_token: parts.tokens.issueRefresh(application.clientId, usagePoints),
    scope: '/v3/customers /v5/metering_data',
    issued_at: issuedAt,
    refresh_token_issued_at: issuedAt,
    usage_points_id: usagePoints.replaceAll(';', ','),
  };
  return json(200, document, uncached);
}

/** Answers `POST /oauth2/v3/revoke`; unknown tokens are as good as revoked. */
export function revokeToken(parts: EnedisParts, request: EnedisRequest): Reply {
  const form = formOf(request);
  const token = form?.get('token');
  if (!form || !token) return failure(400, 'invalid_request', 'missing_parameter');
  const application = applicationOf(parts, request, form);
  if ('status' in application) return application;
  parts.tokens.revoke(token);
  return reply(200, '', undefined, uncached);
}
