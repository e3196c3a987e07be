import type { Durability } from '../store.js';
import type { Database } from './database.js';
import { readHead, recordKey, stepsOf, type Head, type Packed, type Step } from './layout.js';

/** What becomes of a record. */
export interface Decision {
  /** What the caller is told once the batch is written. */
  readonly answer: boolean;
  /** What is to be written; `remove` takes the record away; absent: nothing changes. */
  readonly next?: Packed | 'remove';
  /** An entry that belongs to no record any more. */
  readonly stale?: string;
}

/** A write that decides on the record as it is when its turn comes. */
export interface Write {
  readonly kind: string;
  readonly id: string;
  readonly decide: (current: Head | undefined) => Decision;
}

interface Task {
  readonly write: Write;
  readonly size: number;
  readonly durability: Durability;
  readonly resolve: (answer: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** A batch takes no more than this, so that one large one does not hold up the rest. */
const largestBatch = { tasks: 1000, letters: 4_000_000 };

/** The records as they will be once the batch is written. */
class Batch {
  readonly #database: Database;
  readonly #heads = new Map<string, Head | undefined>();
  readonly steps: Step[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  #head(key: string): Head | undefined {
    if (this.#heads.has(key)) return this.#heads.get(key);
    const text = this.#database.get(key);
    return text === undefined ? undefined : readHead(text);
  }

  add({ kind, id, decide }: Write): boolean {
    const key = recordKey(kind, id);
    const current = this.#head(key);
    const { answer, next, stale } = decide(current);
    if (stale !== undefined) this.steps.push({ type: 'del', key: stale });
    if (next === undefined) return answer;
    const packed = next === 'remove' ? undefined : next;
    this.steps.push(...stepsOf(kind, id, current, packed));
    this.#heads.set(key, packed?.head);
    return answer;
  }
}

/**
 * Writes to the database, one batch after another. All that waits when a batch begins goes into it, in its order:
 * each write decides on what its predecessors leave, so compare-and-set needs no locks, and one sync serves all.
 */
export class Commits {
  readonly #database: Database;
  #waiting: Task[] = [];
  #running: Promise<void> | undefined;
  #finishing = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Carries a write out. `size` is roughly its length. @throws EnergyError `storage_failed`: the outcome is unknown */
  run(write: Write, durability: Durability, size: number): Promise<boolean> {
    if (this.#finishing) return Promise.reject(this.#database.closed());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, size, durability, resolve, reject });
      this.#running ??= this.#commitAll();
    });
  }

  /** Takes no more writes, and resolves when those under way are carried out. */
  async finish(): Promise<void> {
    this.#finishing = true;
    await this.#running;
  }

  #take(): Task[] {
    let letters = 0;
    const beyond = this.#waiting.findIndex(({ size }, index) => {
      letters += size;
      return index > 0 && (index >= largestBatch.tasks || letters > largestBatch.letters);
    });
    return this.#waiting.splice(0, beyond < 0 ? this.#waiting.length : beyond);
  }

  async #commitAll(): Promise<void> {
    // What is asked for in the same turn of the event loop is to share the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#take());
    // In the same turn as the last look at what waits: nobody may wait for a run that has ended.
    this.#running = undefined;
  }

  async #commit(tasks: readonly Task[]): Promise<void> {
    try {
      await this.#database.ready();
    } catch (error) {
      tasks.forEach(({ reject }) => reject(error));
      return;
    }
    const batch = new Batch(this.#database);
    const decided: { task: Task; answer: boolean }[] = [];
    for (const task of tasks) {
      try {
        decided.push({ task, answer: batch.add(task.write) });
      } catch (error) {
        task.reject(this.#database.failure('read', error));
      }
    }
    try {
      const sync = decided.some(({ task }) => task.durability === 'safe');
      if (batch.steps.length > 0) await this.#database.write(batch.steps, sync);
    } catch (error) {
      decided.forEach(({ task }) => task.reject(error));
      return;
    }
    decided.forEach(({ task, answer }) => task.resolve(answer));
  }
}
