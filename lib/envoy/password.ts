import { createHash } from 'node:crypto';
import { AuthenticationError } from '../errors.js';

/** A user of a gateway and its password: both secret in logs and texts. */
export interface LocalCredentials {
  readonly username: string;
  readonly password: string;
}

const realm = 'enphaseenergy.com';
const derivedUsers: ReadonlySet<string> = new Set(['nonmaster', 'homeowner', 'admin']);

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** One less where `value` is a threshold, then within 0 and `maximum`. */
function adjust(value: number, thresholds: readonly number[], maximum: number): number {
  return Math.min(Math.max(thresholds.includes(value) ? value - 1 : value, 0), maximum);
}

/**
 * The factory password of a local user of a gateway with firmware below 7 (spec/envoy 2.2.2, vectors in appendix D).
 *
 * @param serial the full serial number as text, leading zeros included
 * @param user a local user: `installer`, `nonmaster`, `homeowner`, `admin`; the one of `envoy` differs from what this gives
 * @returns eight characters
 */
export function localPassword(serial: string, user: string): string {
  const digest = createHash('md5').update(`[e]${user}@${realm}#${serial} EnPhAsE eNeRgY `).digest('hex');
  let zeros = countOf(digest, '0');
  let ones = countOf(digest, '1');
  let password = '';
  for (const digit of Array.from(digest.slice(-8)).reverse()) {
    zeros = adjust(zeros, [3, 6, 9], 20);
    ones = adjust(ones, [9, 15], 26);
    if (digit === '0') password += String.fromCharCode(102 + zeros--);
    else if (digit === '1') password += String.fromCharCode(64 + ones--);
    else password += digit;
  }
  return password;
}

/**
 * User and password for a gateway with firmware below 7, from what the person gave (spec/envoy 2.1).
 *
 * A username with an `@` is an Enlighten account, left from a firmware of 7 or newer (or given for one to come): no
 * gateway has such a local user, so it counts as no username and the computed `installer` is used. This deviates from
 * spec 2.1 on purpose: a firmware that changes across 7, in either direction, then needs no person.
 *
 * @param serial the full serial number of the gateway
 * @param username the user as given; surrounding blanks do not count
 * @param password the password as given; empty means none
 * @throws AuthenticationError `credentials_missing` where the user needs a password that was not given
 */
export function localCredentials(serial: string, username = '', password = ''): LocalCredentials {
  const user = username.trim();
  if (user === '' || user === 'installer' || user.includes('@')) {
    return { username: 'installer', password: localPassword(serial, 'installer') };
  }
  if (password !== '') return { username: user, password };
  if (user === 'envoy') return { username: user, password: serial.slice(-6) };
  if (derivedUsers.has(user)) return { username: user, password: localPassword(serial, user) };
  throw new AuthenticationError('credentials_missing', 'This local user of the gateway needs a password');
}
