import { asEnergyError, type EnergyError } from '../errors.js';
import type { Kept } from '../store/sealed-file.js';
import type { Clock } from './clock.js';
import { memoryFor, type AccountMemory, type AccountState } from './memory.js';

/** A change of an account's state; `undefined` removes a part. */
export type StateChange = { readonly [Key in keyof AccountState]?: AccountState[Key] | undefined };

/** Milliseconds until a write that failed is tried again; the last one for good. */
const pauses = [1, 2, 5, 15, 60].map((minutes) => minutes * 60_000);

/** The memory with a change in it; what became `undefined` is left out. */
function changed(memory: AccountMemory, part: StateChange): AccountMemory {
  const entries = Object.entries({ ...memory, ...part }).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as unknown as AccountMemory;
}

/**
 * The state of an account, held in memory and kept on disk. What cannot be written is not lost: it goes on counting here
 * and is written again later; the trouble is told once until a write succeeds.
 */
export class AccountStore {
  readonly #kept: Kept<AccountMemory>;
  readonly #account: string;
  readonly #clock: Clock;
  readonly #onFailure: (error: EnergyError) => void;
  /** All changes since the start: they count more than what is read later. */
  #changes: StateChange = {};
  #memory: AccountMemory;
  #isRead = false;
  #told = false;
  #failures = 0;
  #cancelRetry: (() => void) | undefined;
  #closed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(kept: Kept<AccountMemory>, account: string, clock: Clock, onFailure: (error: EnergyError) => void) {
    this.#kept = kept;
    this.#account = account;
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#memory = { account };
  }

  get state(): AccountState {
    return this.#memory;
  }

  /** Reads what is kept, where that has not succeeded yet. @throws EnergyError `storage_failed` */
  async read(): Promise<void> {
    if (this.#isRead) return;
    try {
      const stored = await this.#kept.read();
      this.#isRead = true;
      this.#memory = changed(memoryFor(this.#account, stored), this.#changes);
    } catch (error) {
      this.#tell(error);
      throw error;
    }
  }

  /** Changes the state at once; resolved when it is safe, or when the failure was told. */
  async change(part: StateChange): Promise<void> {
    this.#changes = { ...this.#changes, ...part };
    this.#memory = changed(this.#memory, part);
    // What could not be read a while ago must not be written over if it can be read now.
    if (!this.#isRead) await this.read().catch(() => undefined);
    await this.#write();
  }

  /** Resolves when what was changed so far is safe, or its failure told. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Resolves when what is being written is written; nothing is tried again after it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    if (this.#failures > 0) await this.#write();
    await this.#writing;
  }

  #write(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const written = this.#kept.write(this.#memory).then(
      () => {
        this.#failures = 0;
        this.#told = false;
      },
      (error: unknown) => this.#retry(error),
    );
    this.#writing = this.#writing.then(() => written);
    return written;
  }

  #retry(error: unknown): void {
    this.#tell(error);
    const pause = pauses[Math.min(this.#failures++, pauses.length - 1)] ?? 0;
    if (this.#closed || this.#cancelRetry) return;
    this.#cancelRetry = this.#clock.after(pause, () => void this.#write());
  }

  #tell(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#onFailure(asEnergyError(error));
  }
}
