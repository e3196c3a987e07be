import type { AuthorizedReply, AuthorizedRequest, DeviceFlowAccount } from '../../device-flow/account.js';
import { AuthenticationError, EnergyError } from '../../errors.js';
import type { MeterApi, MeterFailure } from '../api/meter-api.js';
import { Pacer, TooLong, waitUntil, type Timing, type Turn } from './pacing.js';
import { ended } from './problems.js';

/** What came of a call. */
export type Outcome<T> =
  | { readonly value: T }
  /** `error`: where somebody else than the data server said it. */
  | { readonly failure: MeterFailure; readonly error?: EnergyError };

/** Waits between tries of a call that met trouble, ms; then whoever asked goes on without (spec/device-flow 4.7). */
const troubleWaits: readonly number[] = [60_000, 300_000];
/** Waits where a quota is used up and nobody says until when, ms. */
const quotaWaits: readonly number[] = [60_000, 300_000, 900_000, 3_600_000];
/** So often a quota may end a wait in vain before it counts as trouble. */
const mostQuotas = 12;
/** Everybody waits for the same moment: a little later each, ms. */
const jitter = 5_000;

/** The failure that an error of the account stands for; `undefined` for one that a person has to see. */
function failureOfError(error: unknown): Outcome<never> | undefined {
  if (!(error instanceof EnergyError)) return undefined;
  if (error.code === 'reply_invalid') return { failure: { kind: 'trouble', code: error.code }, error };
  if (!(error instanceof AuthenticationError)) return undefined;
  const at = error.retryAt === undefined ? {} : { retryAt: error.retryAt };
  if (error.code === 'rate_limited') return { failure: { kind: 'quota', code: error.code, ...at }, error };
  return error.retryable ? { failure: { kind: 'trouble', code: error.code, ...at }, error } : undefined;
}

/** Asks the data server of an account: one call at a time, again where that makes sense, and not while it wants no calls. */
export class MeterCalls {
  readonly #account: DeviceFlowAccount;
  readonly #api: MeterApi;
  readonly #pacer: Pacer;
  readonly #timing: Timing;

  constructor(account: DeviceFlowAccount, api: MeterApi, pacer: Pacer, timing: Timing) {
    this.#account = account;
    this.#api = api;
    this.#pacer = pacer;
    this.#timing = timing;
  }

  /**
   * Sends a request and understands the answer. A quota is waited for, and trouble for some minutes, as long as the one who
   * asks has patience.
   * @throws AuthenticationError and EnergyError that a person has to see; EnergyError `closed` when the signal fires
   */
  async ask<T>(request: AuthorizedRequest, interpret: (body: string) => T, turn: Turn): Promise<Outcome<T>> {
    let quotas = 0;
    let troubles = 0;
    for (;;) {
      const outcome = await this.#once(request, interpret, turn);
      if ('value' in outcome) return outcome;
      const { kind } = outcome.failure;
      if (kind === 'quota' && quotas < mostQuotas) {
        const waited = await this.#afterQuota(outcome.failure, quotas++, turn);
        if (!waited) return this.#withTime(outcome, quotas - 1);
      } else if (kind !== 'trouble' || !(await this.#afterTrouble(outcome.failure, troubles++, turn))) return outcome;
    }
  }

  async #once<T>(request: AuthorizedRequest, interpret: (body: string) => T, turn: Turn): Promise<Outcome<T>> {
    const { signal } = turn;
    try {
      const reply: AuthorizedReply = await this.#pacer.run(() => this.#account.send({ ...request, signal }), turn);
      return reply.status === 200 ? { value: interpret(reply.body) } : { failure: this.#api.interpretFailure(reply) };
    } catch (error) {
      if (signal.aborted) throw ended(signal);
      if (error instanceof TooLong) return { failure: { kind: 'quota', retryAt: error.until } };
      const outcome = failureOfError(error);
      if (outcome === undefined) throw error;
      return outcome;
    }
  }

  #quotaEnd(failure: MeterFailure, count: number): number {
    return failure.retryAt ?? this.#timing.now() + (quotaWaits[Math.min(count, quotaWaits.length - 1)] ?? 0);
  }

  #withTime(outcome: Outcome<never>, count: number): Outcome<never> {
    if ('value' in outcome) return outcome;
    return { ...outcome, failure: { ...outcome.failure, retryAt: this.#quotaEnd(outcome.failure, count) } };
  }

  /** Whether it was worth waiting: the account is left alone until then by everybody. */
  async #afterQuota(failure: MeterFailure, count: number, turn: Turn): Promise<boolean> {
    const until = this.#quotaEnd(failure, count);
    this.#pacer.block(until);
    const left = until - this.#timing.now();
    if (left > turn.patience) return false;
    await this.#waitUntil(until + this.#timing.random() * Math.min(jitter, turn.patience - left), turn);
    return true;
  }

  async #afterTrouble(failure: MeterFailure, count: number, turn: Turn): Promise<boolean> {
    const wait = troubleWaits[count];
    if (wait === undefined) return false;
    const until = Math.max(this.#timing.now() + wait, failure.retryAt ?? 0);
    if (until - this.#timing.now() > turn.patience) return false;
    await this.#waitUntil(until, turn);
    return true;
  }

  async #waitUntil(until: number, { signal, onWait }: Turn): Promise<void> {
    onWait(until);
    try {
      await waitUntil(until, signal, this.#timing);
    } catch (error) {
      throw signal.aborted ? ended(signal) : error;
    }
  }
}
