import type { AuthenticationError, EnergyError } from '../errors.js';
import type { AccountListener } from './account.js';
import type { DancePhase } from './prompt.js';
import type { TokenSet } from './tokens.js';

type Outcome = (listener: AccountListener) => void;

/** Whether a listener hands on to people how dances end. */
function hearsOutcomes({ onProblem }: AccountListener): boolean {
  return onProblem !== undefined;
}

/** Tells the listeners of an account. How the last dance ended waits for the first who hands it on. */
export class Listeners {
  readonly #listeners = new Set<AccountListener>();
  #waiting: Outcome | undefined;

  /** Returns how to stop. */
  add(listener: AccountListener): () => void {
    this.#listeners.add(listener);
    const waiting = this.#waiting;
    if (waiting && hearsOutcomes(listener)) {
      this.#waiting = undefined;
      queueMicrotask(() => this.#listeners.has(listener) && waiting(listener));
    }
    return () => void this.#listeners.delete(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }

  phase(phase: DancePhase): void {
    this.#tell((listener) => listener.onPhase?.(phase));
  }

  authorized(tokens: TokenSet): void {
    this.#tellOrWait((listener) => listener.onAuthorized?.(tokens));
  }

  problem(problem: AuthenticationError): void {
    this.#tellOrWait((listener) => listener.onProblem?.(problem));
  }

  storageFailed(error: EnergyError): void {
    this.#tell((listener) => listener.onStorageFailure?.(error));
  }

  #tell(outcome: Outcome): void {
    for (const listener of [...this.#listeners]) outcome(listener);
  }

  #tellOrWait(outcome: Outcome): void {
    if (![...this.#listeners].some(hearsOutcomes)) this.#waiting = outcome;
    this.#tell(outcome);
  }
}
