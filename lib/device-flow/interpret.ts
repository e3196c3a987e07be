import { retryWait } from '../http/retry-after.js';
import type { TransportReply } from '../http/transport.js';
import type { IssuedCode, PollOutcome } from './dance.js';
import type { Failure } from './failures.js';

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** An answer of a device-flow server, before it is known what was asked. */
export type ServerReply =
  | { readonly kind: 'accepted'; readonly members: Members }
  /** An error of RFC 6749 section 5.2; `error` in lower case. */
  | { readonly kind: 'refused'; readonly error: string; readonly members: Members; readonly retryAfter?: number }
  /** No answer, or one that says nothing on the request. */
  | { readonly kind: 'trouble'; readonly failure: Failure; readonly readable: boolean };

/** What a server granted, checked. */
export interface GrantedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly tokenType: string;
  readonly scope?: string;
  /** Seconds. */
  readonly expiresIn?: number;
  readonly usagePointsAsReceived?: string;
}

/** What a refresh comes to. */
export type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly granted: GrantedTokens }
  /** The refresh token is no good any more. */
  | { readonly kind: 'rejected' }
  /** A person has to mend the settings. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It may go well later. */
  | { readonly kind: 'trouble'; readonly failure: Failure };

/** What a request for a device code comes to. */
export type CodeOutcome =
  | { readonly kind: 'issued'; readonly code: IssuedCode }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly passing: boolean };

const oneDay = 86_400_000;

/** The members of a JSON object; `undefined` for any other text. */
export function membersOf(body: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Members) : undefined;
  } catch {
    return undefined;
  }
}

/** `Retry-After` in ms, a day at most; dates are held against the server's own clock where it tells it. */
export function retryAfterOf(reply: TransportReply, now: number): number | undefined {
  const date = Date.parse([reply.headers['date']].flat()[0] ?? '');
  const wait = retryWait(reply, Number.isNaN(date) ? now : date);
  return wait === undefined ? undefined : Math.min(Math.max(wait, 0), oneDay);
}

function trouble(code: Failure['code'], reply: TransportReply, retryAfter: number | undefined): ServerReply {
  const failure = { code, parameters: { status: reply.status }, ...(retryAfter !== undefined && { retryAfter }) };
  return { kind: 'trouble', failure, readable: true };
}

/** Reads an answer of an endpoint of OAuth. `now` in ms since the epoch. */
export function readReply(reply: TransportReply, now: number): ServerReply {
  const retryAfter = retryAfterOf(reply, now);
  const members = membersOf(reply.body);
  const error = typeof members?.['error'] === 'string' ? members['error'].toLowerCase() : '';
  const later = retryAfter === undefined ? {} : { retryAfter };
  if (reply.status >= 500 || reply.status === 408) return trouble('server_error', reply, retryAfter);
  if (reply.status === 429 && error !== 'slow_down') return trouble('rate_limited', reply, retryAfter);
  if (error === 'temporarily_unavailable' || error === 'server_error')
    return trouble('server_error', reply, retryAfter);
  // The PHP server hands an upstream error on with status 200 (spec/device-flow 1.7).
  if (
    members &&
    error !== '' &&
    members['access_token'] === undefined &&
    (reply.status === 200 || reply.status >= 400)
  ) {
    return { kind: 'refused', error, members, ...later };
  }
  if (reply.status === 200 && members) return { kind: 'accepted', members };
  const failure: Failure = { code: 'server_error', parameters: { status: reply.status }, ...later };
  return { kind: 'trouble', failure, readable: false };
}

/** A number, also one that is written as a text; `undefined` for anything else. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Only members that are there. */
function present(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A device authorization answer with the spelling of RFC 8628: what else servers write for it is turned. */
export function normalizedCode(members: Members): Members {
  const interval = numberOf(members['interval']);
  return present({
    device_code: members['device_code'],
    user_code: members['user_code'],
    verification_uri: textOf(members['verification_uri']) ?? members['verification_url'],
    verification_uri_complete:
      textOf(members['verification_uri_complete']) ?? textOf(members['verification_url_complete']),
    expires_in: numberOf(members['expires_in']),
    interval: interval !== undefined && interval > 0 ? Math.max(interval, 1) : 5,
  });
}

/** A token answer with the spelling of RFC 6749, reduced to what is used; nothing is asked of an ID token. */
export function normalizedTokens(members: Members): Members {
  const list = members['usage_points_id'] ?? members['usage_point_id'];
  return present({
    access_token: members['access_token'],
    refresh_token: textOf(members['refresh_token']),
    token_type: textOf(members['token_type']) ?? 'Bearer',
    scope: textOf(members['scope']),
    expires_in: numberOf(members['expires_in']),
    usage_points_id: Array.isArray(list) ? list.join(',') : textOf(list),
  });
}

function isWebUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** The link with the code in it, as pages of device-flow proxies take it (spec/device-flow 5.1 point 2). */
function linkWithCode(link: string, userCode: string): string {
  const url = new URL(link);
  url.searchParams.set('code', userCode);
  return url.href;
}

/** The code of a normalised, valid answer; `undefined` where it cannot be shown to a person or is over at once. */
export function issuedCode(members: Members): IssuedCode | undefined {
  const { device_code: deviceCode, user_code: userCode, verification_uri: link, expires_in, interval } = members;
  const complete = members['verification_uri_complete'];
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || !isWebUrl(link)) return undefined;
  if (!/^[\x20-\x7e]{1,64}$/.test(userCode) || typeof expires_in !== 'number' || expires_in <= 0) return undefined;
  return {
    deviceCode,
    userCode,
    verificationUri: link,
    verificationUriComplete: isWebUrl(complete) ? complete : linkWithCode(link, userCode),
    lifetime: expires_in * 1000,
    interval: typeof interval === 'number' ? interval : 5,
  };
}

/** The tokens of a normalised, valid answer. */
function grantedTokens(members: Members): GrantedTokens {
  const { refresh_token: refreshToken, scope, expires_in: expiresIn, usage_points_id: list } = members;
  return {
    accessToken: String(members['access_token']),
    tokenType: String(members['token_type']),
    ...(typeof refreshToken === 'string' && { refreshToken }),
    ...(typeof scope === 'string' && { scope }),
    ...(typeof expiresIn === 'number' && { expiresIn }),
    ...(typeof list === 'string' && { usagePointsAsReceived: list }),
  };
}

const clientErrors = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

type Refused = Extract<ServerReply, { kind: 'refused' }>;

/** The failure that an error of the server comes to, where it is for good. */
function refusal({ error, members }: Refused): Failure {
  const parameters = { error: /^[\w.-]{1,64}$/.test(error) ? error : 'unknown' };
  if (clientErrors.has(error)) return { code: 'client_rejected', parameters };
  if (error !== 'version_mismatch') return { code: 'server_error', parameters };
  const least = textOf(members['min_version']) ?? '';
  const named = /^[\w.-]{1,32}$/.test(least) ? { minVersion: least } : {};
  return { code: 'version_mismatch', parameters: { ...parameters, ...named } };
}

function limited(retryAfter: number | undefined): Failure {
  return { code: 'rate_limited', ...(retryAfter !== undefined && { retryAfter }) };
}

/** What an answer to a request for a device code comes to (spec/device-flow 1.2). */
export function codeOutcome(reply: ServerReply): CodeOutcome {
  if (reply.kind === 'refused') {
    const slow = reply.error === 'slow_down';
    return { kind: 'failed', failure: slow ? limited(reply.retryAfter) : refusal(reply), passing: slow };
  }
  if (reply.kind === 'trouble' && reply.readable) return { kind: 'failed', failure: reply.failure, passing: true };
  const code = reply.kind === 'accepted' ? issuedCode(reply.members) : undefined;
  if (code) return { kind: 'issued', code };
  const status = reply.kind === 'trouble' ? reply.failure.parameters : {};
  return { kind: 'failed', failure: noServer(status), passing: false };
}

function pollRefusal(reply: Refused): PollOutcome<GrantedTokens> {
  const interval = numberOf(reply.members['interval']);
  const pace = {
    ...(interval !== undefined && { interval }),
    ...(reply.retryAfter !== undefined && { retryAfter: reply.retryAfter }),
  };
  switch (reply.error) {
    case 'authorization_pending':
      return { kind: 'pending', ...pace };
    case 'slow_down':
      return { kind: 'slow_down', ...pace };
    case 'expired_token':
      return { kind: 'expired' };
    case 'invalid_grant':
      return { kind: 'invalid_grant' };
    case 'access_denied':
      return { kind: 'failed', failure: { code: 'consent_denied' } };
    default:
      return { kind: 'failed', failure: refusal(reply) };
  }
}

/** What an answer to a poll comes to (spec/device-flow 5.1 points 4 and 5). */
export function pollOutcome(reply: ServerReply): PollOutcome<GrantedTokens> {
  if (reply.kind === 'accepted') return { kind: 'granted', granted: grantedTokens(reply.members) };
  if (reply.kind === 'refused') return pollRefusal(reply);
  const { code, retryAfter } = reply.failure;
  return { kind: code === 'rate_limited' ? 'limited' : 'trouble', ...(retryAfter !== undefined && { retryAfter }) };
}

/** What is said of a device code that counts for nothing: whoever says it knew the client. */
const codeErrors = new Set(['authorization_pending', 'slow_down', 'expired_token', 'invalid_grant', 'access_denied']);

/** A page, a redirect, a 404: whatever answers so is no device-flow server. */
function noServer(parameters: Failure['parameters'] = {}): Failure {
  return { code: 'client_rejected', parameters: { ...parameters, field: 'server' } };
}

/** What an answer to a poll with a made-up code says against the settings; `undefined` where the server knows the client. */
export function probeFailure(reply: ServerReply): Failure | undefined {
  if (reply.kind === 'accepted') return undefined;
  if (reply.kind === 'refused') return codeErrors.has(reply.error) ? undefined : refusal(reply);
  return reply.readable ? reply.failure : noServer(reply.failure.parameters);
}

/** The two texts by which the PHP server refuses a refresh token with `invalid_request` (spec/device-flow 1.6 B). */
const phpRefusals = /refresh_token not (found in|corresponding to)/i;

/** What an answer to a refresh comes to (spec/device-flow 5.2). */
export function refreshOutcome(reply: ServerReply): RefreshOutcome {
  if (reply.kind === 'accepted') return { kind: 'renewed', granted: grantedTokens(reply.members) };
  if (reply.kind === 'trouble') return { kind: 'trouble', failure: reply.failure };
  const description = textOf(reply.members['error_description']) ?? '';
  if (reply.error === 'invalid_grant') return { kind: 'rejected' };
  if (reply.error === 'invalid_request' && phpRefusals.test(description)) return { kind: 'rejected' };
  if (reply.error === 'slow_down') return { kind: 'trouble', failure: limited(reply.retryAfter) };
  const failure = refusal(reply);
  return { kind: failure.code === 'server_error' ? 'trouble' : 'failed', failure };
}
