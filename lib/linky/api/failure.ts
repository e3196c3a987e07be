import type { AuthorizedReply } from '../../device-flow/account.js';
import { longestWait, retryWait } from '../../http/retry-after.js';
import { readFault, type Fault } from '../translation/errors.js';
import type { MeterFailure } from './meter-api.js';

type Kind = MeterFailure['kind'];

/** Codes of Enedis (spec/device-flow 4.7). */
const enedisCodes: Readonly<Record<string, Kind>> = {
  'ADAM-ERR0123': 'before_activation',
  'ADAM-ERR0125': 'before_history',
  'ADAM-DC-0016': 'before_history',
  'ADAM-DC-0009': 'before_consent',
  'ADAM-ERR0069': 'wrong_direction',
  'ADAM-ERR0075': 'not_activated',
  'ADAM-DC-0007': 'moved_out',
  'ADAM-DC-0008': 'no_consent',
  'ADAM-ERR0061': 'no_consent',
  'STM-ERR-0000014': 'no_data',
  'STM-ERR-0000020': 'no_data',
  'STM-ERR-0000019': 'request',
  'ADAM-ERR0126': 'request',
  'ADAM-DC-0015': 'request',
  'ADAM-DC-0500': 'trouble',
  'STM-ERR-0000001': 'trouble',
  NO_DATA_FOUND: 'no_data',
  UNAUTHORIZED_USER: 'request',
  TECHNICAL_ERROR: 'trouble',
};

/** Codes of the servers between us and Enedis (spec/device-flow 1.8). */
const serverCodes: Readonly<Record<string, Kind>> = {
  version_mismatch: 'version',
  invalid_request: 'request',
  invalid_token: 'token',
  insufficient_scope: 'no_consent',
  slow_down: 'quota',
  temporarily_unavailable: 'trouble',
  upstream_misconfigured: 'trouble',
  server_error: 'trouble',
};

/** What the PHP server tells by its texts only (spec/device-flow 1.8): its codes and statuses are always the same. */
const phpTexts: readonly (readonly [RegExp, Kind])[] = [
  [/^access token not found|^aut\w*orization missing/i, 'token'],
  [/^bad access token/i, 'no_consent'],
  [/^cannot get client credentials|^curl error/i, 'trouble'],
];

const codeInText = /ADAM-(?:DC-|ERR)\d{4}|STM-ERR-\d{7}|no_data_found|technical_error/i;

const byMeaning: Readonly<Record<Fault['meaning'], Kind>> = {
  no_consent: 'no_consent',
  application_token: 'trouble',
  misconfigured: 'trouble',
  quota: 'quota',
  no_data: 'no_data',
  objection: 'not_activated',
  request: 'request',
  trouble: 'trouble',
};

/** What a `Retry-After` header says, as ms since the epoch. */
function retryAfter(reply: AuthorizedReply, now: number): number | undefined {
  const wait = retryWait(reply, now);
  return wait === undefined || wait > longestWait ? undefined : now + wait;
}

function isPage({ body }: AuthorizedReply): boolean {
  return /^\s*</.test(body);
}

/** How long the protection in front of a service shuts somebody out, ms (spec/device-flow 6.1). */
const banTime = 12 * 3_600_000;

function pageKind(status: number): Kind {
  if (status === 429) return 'quota';
  // There is nothing of ours at that address, or it is somewhere else.
  return status < 400 || status === 404 || status === 405 ? 'request' : 'trouble';
}

/** A page of HTML is not from the service, but from what stands in front of it. */
function pageFailure(reply: AuthorizedReply, now: number): MeterFailure {
  const isBan = reply.status === 403 && (reply.headers['cf-ray'] !== undefined || /ray id/i.test(reply.body));
  if (!isBan) return { kind: pageKind(reply.status), code: `http_${reply.status}`, ...at(retryAfter(reply, now)) };
  return { kind: 'quota', code: 'cloudflare', retryAt: retryAfter(reply, now) ?? now + banTime };
}

function at(retryAt: number | undefined): Pick<MeterFailure, 'retryAt'> {
  return retryAt === undefined ? {} : { retryAt };
}

function kindOf(status: number, code: string, text: string, meaning: Fault['meaning']): Kind {
  const php = phpTexts.find(([pattern]) => pattern.test(text));
  if (php) return php[1];
  const known = enedisCodes[code.toUpperCase()] ?? serverCodes[code.toLowerCase()];
  if (known !== undefined) return known;
  if (meaning === 'quota' || meaning === 'objection' || meaning === 'misconfigured') return byMeaning[meaning];
  if (status === 401 && !code.startsWith('9009')) return 'token';
  // What is refused without a known reason is a matter of consent; it never costs the tokens (spec/device-flow 5.2).
  if (status === 403 && !/^9\d{5}$/.test(code)) return 'no_consent';
  if (status === 404 && meaning === 'trouble') return 'request';
  return byMeaning[meaning];
}

/**
 * What an answer other than 200 means (spec/device-flow 4.7): the codes of v5 and of 2026, of the gateway in front of
 * them, of device-flow proxies (ours and the PHP one), and pages of HTML from whatever stands in between.
 * @param now ms since the epoch, for waits that are given in seconds
 */
export function readFailure(reply: AuthorizedReply, now: number): MeterFailure {
  if (isPage(reply) || reply.status < 400) return pageFailure(reply, now);
  const { meaning, document, nextAccess } = readFault(reply.status, reply.body);
  const text = document.message ?? '';
  const isKnown = document.code.toUpperCase() in enedisCodes;
  const code = isKnown ? document.code : (codeInText.exec(text)?.[0] ?? document.code);
  return { kind: kindOf(reply.status, code, text, meaning), code, ...at(retryAfter(reply, now) ?? nextAccess) };
}
