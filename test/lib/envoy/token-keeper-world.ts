import type { LoginReason } from '../../../lib/enlighten/login-guard.js';
import type { Account } from '../../../lib/enlighten/requests.js';
import { AuthenticationError, EnergyError, type AuthenticationCode } from '../../../lib/errors.js';
import { accountHash, hold, type HeldToken } from '../../../lib/envoy/held-token.js';
import { TokenKeeper } from '../../../lib/envoy/token-keeper.js';
import { unsignedToken } from '../enlighten/tokens.js';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
const serial = '122600000042';
export const account: Account = { username: 'owner@example.com', password: 'right' };
export const start = Date.parse('2025-06-01T12:00:00Z');

export const failure = (code: AuthenticationCode, retryable: boolean): AuthenticationError =>
  new AuthenticationError(code, code, { retryable });

let made = 0;
/** A token that began at `from` and lives so long. */
export function token(from: number, life: number, aud = serial): string {
  return unsignedToken({ aud, enphaseUser: 'owner', iat: from / 1000, exp: (from + life) / 1000, jti: `${made++}` });
}
export const fromCloud = (value: string): HeldToken =>
  hold({ value, origin: 'cloud', account: accountHash(account.username) });
export const pasted = (value: string): HeldToken => hold({ value, origin: 'person' });

/** A gateway, a cloud and a disk around a keeper, with what each of them saw. */
export function world(given: { candidates?: HeldToken[]; account?: Account | undefined; life?: number } = {}) {
  const state = {
    now: start,
    /** The clock of the cloud less the one here, ms. */
    skew: 0,
    account: 'account' in given ? given.account : account,
    disk: given.candidates ?? [],
    /** What the gateway turns down. */
    refused: new Set<string>(),
    refusesAll: false,
    checkFails: undefined as Error | undefined,
    cloudFails: undefined as Error | undefined,
    /** Lets a fetch wait until it is called. */
    gate: Promise.resolve(),
    wishes: [] as LoginReason[],
    checked: [] as string[],
    kept: [] as (string | undefined)[],
    problems: [] as string[],
  };
  const keeper = new TokenKeeper({
    serial,
    refreshBefore: 30,
    account: () => state.account,
    candidates: () => state.disk,
    obtain: async (_account, _serial, reason, keep) => {
      state.wishes.push(reason);
      await state.gate;
      if (state.cloudFails) throw state.cloudFails;
      const value = token(state.now + state.skew, given.life ?? 365 * day);
      await keep(value);
      return value;
    },
    check: (held) => {
      state.checked.push(held.value);
      if (state.checkFails) return Promise.reject(state.checkFails);
      return Promise.resolve(!state.refusesAll && !state.refused.has(held.value));
    },
    keep: (held) => {
      state.kept.push(held?.value);
      state.disk = held ? [held] : [];
      return Promise.resolve();
    },
    missing: () => failure('credentials_missing', false),
    onProblem: ({ code }) => state.problems.push(code),
    now: () => state.now,
  });
  return Object.assign(state, { keeper });
}

/** Holds back the fetches of a world; returns how to let them go. */
export function holdBack(state: { gate: Promise<void> }): () => void {
  let release: () => void = () => undefined;
  state.gate = new Promise((resolve) => (release = resolve));
  return release;
}

export const codeOf = (task: Promise<unknown>): Promise<string> =>
  task.then(
    () => 'none',
    (error: unknown) => (error as EnergyError).code,
  );
