import { parseJson } from '../../linky/json.js';
import type { ProxySettings } from '../settings/settings.js';
import { retryAfter } from './reply-wait.js';
import type { UpstreamTokenAnswer } from './upstream.js';
import type { Wire } from './wire.js';

/** What is asked of the token endpoint. */
export interface TokenRequest {
  readonly settings: ProxySettings;
  readonly wire: Wire;
  readonly form: Readonly<Record<string, string>>;
  /** When the answer must be there, in ms of `performance.now()`. */
  readonly deadline: number;
  readonly now: number;
}

/**
 * Asks the token endpoint of the authorization-code mode, as the application that the proxy is there: devices know a
 * public id only. The operator's own secret goes before one that a device brought; a `redirect_uri` that is set goes into the query, where Enedis's v1 wants it, and on exchanging a code into
 * the form, where RFC 6749 wants it (spec/device-flow 1.5, 1.7, 4.2). Never tried twice: codes can be used once.
 * @throws UpstreamFailure where there is no answer
 */
export async function askToken({ settings, wire, form, deadline, now }: TokenRequest): Promise<UpstreamTokenAnswer> {
  const { redirectUri, clientId, clientSecret, endpoints } = settings;
  const url = new URL(endpoints.token);
  const members = new URLSearchParams(form);
  members.set('client_id', clientId);
  if (clientSecret !== undefined) members.set('client_secret', clientSecret);
  if (redirectUri !== undefined) {
    url.searchParams.set('redirect_uri', redirectUri);
    if (form['grant_type'] === 'authorization_code') members.set('redirect_uri', redirectUri);
  }
  const reply = await wire.send({
    call: 'token',
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: members.toString(),
    deadline,
  });
  const value = parseJson(reply.body);
  const wait = retryAfter(reply, now);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    status: reply.status,
    body: isObject ? (value as Record<string, unknown>) : undefined,
    ...(wait !== undefined && { retryAfter: Math.ceil(wait / 1000) }),
  };
}
