import { AuthenticationError, type AuthenticationCode, type EnergyError } from '../errors.js';

/**
 * What keeps a session from reading: `blocked` until a person acts, or `paused` for a while. Meanwhile every read is
 * answered at once with the same error, and nobody is asked anything (design section 5).
 */
export type Obstacle =
  | { readonly kind: 'blocked'; readonly error: AuthenticationError }
  | {
      readonly kind: 'paused';
      readonly error: AuthenticationError;
      /** ms since the epoch. */
      readonly since: number;
      readonly until: number;
      readonly times: number;
    };

const blocking = new Set<AuthenticationCode>([
  'credentials_missing',
  'credentials_rejected',
  'mfa_required',
  'account_blocked',
  'serial_not_owned',
  'token_expired',
  'firmware_changed',
]);

const firstPause = 60_000;
const longestPause = 15 * 60_000;

/**
 * The obstacle after a read or a set-up failed with `error`. A token that the gateway turns down although it lives is
 * looked at again by itself, ever more rarely: the gateway's clock may be wrong for a while after a power cut.
 */
export function obstacleAfter(error: EnergyError, before: Obstacle | undefined, now: number): Obstacle | undefined {
  if (!(error instanceof AuthenticationError)) return undefined;
  if (blocking.has(error.code) || (error.code === 'token_rejected' && !error.retryable))
    return { kind: 'blocked', error };
  if (error.code !== 'token_rejected') return undefined;
  const times = before?.kind === 'paused' ? before.times + 1 : 1;
  const until = now + Math.min(longestPause, firstPause * 2 ** (times - 1));
  return { kind: 'paused', error, since: now, until, times };
}

/** The error that a read meets at once; `undefined` where it may go on. */
export function refusalOf(obstacle: Obstacle | undefined, now: number): AuthenticationError | undefined {
  if (obstacle?.kind === 'blocked') return obstacle.error;
  // Where the clock went back the pause is over: its end may be years away.
  return obstacle && obstacle.since <= now && now < obstacle.until ? obstacle.error : undefined;
}
