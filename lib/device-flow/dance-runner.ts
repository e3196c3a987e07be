import { settledWithin } from '../async/settled-within.js';
import { EnergyError } from '../errors.js';
import type { Clock } from './clock.js';
import {
  begin,
  due,
  expire,
  idle,
  issued,
  keptDance,
  phaseOf,
  polled,
  promptOf,
  requestFailed,
  resume,
  sent,
  type DanceState,
  type DanceStep,
  type KeptDance,
  type Requesting,
  type Waiting,
} from './dance.js';
import { failureError, type Failure } from './failures.js';
import type { GrantedTokens } from './interpret.js';
import type { Prompt } from './prompt.js';
import type { DeviceFlowRequests } from './requests.js';

/** What a runner of dances works with. */
export interface DanceRunnerOptions {
  readonly requests: DeviceFlowRequests;
  readonly clock: Clock;
  /** Keeps the dance that is under way, or that there is none; resolved when it is safe or the failure was told. */
  readonly keep: (dance: KeptDance | undefined) => Promise<void>;
  readonly onPhase: (state: DanceState) => void;
  /** The dance is over, with tokens that are not kept yet. */
  readonly onGranted: (granted: GrantedTokens) => Promise<void>;
  readonly onFailure: (failure: Failure) => void;
}

interface Waiter {
  readonly resolve: (prompt: Prompt) => void;
  readonly reject: (error: Error) => void;
}

/** How long an answer that may hold tokens is waited for when everything ends, ms. */
const patience = 5000;

function cancelled(): EnergyError {
  return new EnergyError('closed', 'The dance was cancelled.');
}

/** Runs one dance at a time: sends what is due, and lets the pure steps of `dance.ts` decide on the rest. */
export class DanceRunner {
  readonly #options: DanceRunnerOptions;
  #state: DanceState = idle;
  #kept: KeptDance | undefined;
  /** Those who want the prompt of the code that is being fetched. */
  #waiters: Waiter[] = [];
  #cancelTimer: (() => void) | undefined;
  #exchange: Promise<void> | undefined;
  /** Told apart from the answers to an earlier dance. */
  #dance = 0;
  #closed = false;

  constructor(options: DanceRunnerOptions) {
    this.#options = options;
  }

  get state(): DanceState {
    return this.#state;
  }

  /** Begins a dance, or gives the prompt of the one under way. @throws AuthenticationError, EnergyError `closed` */
  start(attempts: number): Promise<Prompt> {
    if (this.#closed) return Promise.reject(cancelled());
    if (this.#state.kind === 'waiting') return Promise.resolve(promptOf(this.#state));
    const prompt = new Promise<Prompt>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (this.#state.kind === 'idle') {
      this.#dance++;
      this.#turn(begin(Math.max(1, Math.round(attempts) || 1), this.#options.clock.read()));
    }
    return prompt;
  }

  /** Goes on with the dance of an earlier process. */
  resume(kept: KeptDance): void {
    this.#dance++;
    this.#kept = kept;
    this.#turn(resume(kept, this.#options.clock.read()));
  }

  /** Ends the dance; an answer that still comes is not looked at. */
  async cancel(): Promise<void> {
    this.#dance++;
    this.#release(cancelled());
    if (this.#state.kind === 'idle') return;
    this.#turn(idle);
    await this.#keep();
  }

  /** Stops; the dance stays as it is kept. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#release(cancelled());
    await settledWithin(this.#exchange, patience);
  }

  /** Takes a new state over, tells it, and sees to what is due. */
  #turn(state: DanceState): void {
    const before = JSON.stringify(phaseOf(this.#state));
    this.#state = state;
    if (JSON.stringify(phaseOf(state)) !== before) this.#options.onPhase(state);
    this.#schedule();
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#closed) return;
    const { clock } = this.#options;
    const state = this.#state;
    const next = due(state, clock.read().monotonic);
    if (next.kind === 'sleep') this.#cancelTimer = clock.after(next.milliseconds, () => this.#schedule());
    else if (next.kind === 'request' && state.kind === 'requesting') this.#track(this.#request(state));
    else if (next.kind === 'poll' && state.kind === 'waiting') this.#track(this.#poll(state));
    else if (next.kind === 'expire' && state.kind === 'waiting') this.#track(this.#end(expire(state, clock.read())));
  }

  #track(exchange: Promise<void>): void {
    this.#exchange = exchange;
  }

  async #request(state: Requesting): Promise<void> {
    const dance = this.#dance;
    const { requests, clock } = this.#options;
    const busy = sent(state);
    this.#state = busy;
    const outcome = await requests.code();
    if (dance !== this.#dance) return;
    if (outcome.kind === 'failed') {
      if (this.#closed) return;
      await this.#end(requestFailed(busy, outcome.failure, outcome.passing, clock.read()));
      return;
    }
    const waiting = issued(busy, outcome.code, clock.read());
    // Kept before anybody sees it: a code that a person has entered must not be lost with the process.
    await this.#options.keep((this.#kept = keptDance(waiting)));
    if (dance !== this.#dance) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#turn(waiting);
    for (const { resolve } of waiters) resolve(promptOf(waiting));
  }

  async #poll(state: Waiting): Promise<void> {
    const dance = this.#dance;
    const { requests, clock } = this.#options;
    const busy = sent(state);
    this.#state = busy;
    const outcome = await requests.poll(state.code.deviceCode);
    if (dance !== this.#dance) return;
    // An exchange that we cut ourselves says nothing about the server.
    if (this.#closed && outcome.kind === 'trouble') return;
    await this.#end(polled(busy, outcome, clock.read()));
  }

  /** Goes on, or tells how the dance ended. */
  async #end({ state, granted, failure }: DanceStep<GrantedTokens>): Promise<void> {
    if (granted) {
      this.#kept = undefined;
      // The tokens are safe before the dance is over: they and its end are written together.
      await this.#options.onGranted(granted);
      this.#turn(state);
      return;
    }
    const asked = this.#waiters.length > 0;
    const first = this.#state.kind === 'requesting' && this.#state.attempt === 1;
    this.#turn(state);
    // While the next code is being fetched the old dance stays kept: it is then renewed after a restart.
    if (state.kind !== 'requesting') await this.#keep();
    if (!failure) return;
    this.#release(failureError(failure, this.#options.clock.read().now));
    if (!(first && asked)) this.#options.onFailure(failure);
  }

  async #keep(): Promise<void> {
    const kept = keptDance(this.#state);
    if (JSON.stringify(kept) === JSON.stringify(this.#kept)) return;
    this.#kept = kept;
    await this.#options.keep(kept);
  }

  #release(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { reject } of waiters) reject(error);
  }
}
