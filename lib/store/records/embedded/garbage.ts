import type { Commits, Decision } from './commits.js';
import type { Database } from './database.js';
import { purgeBound, readPurgeKey, type Head } from './layout.js';

/** Records that one turn takes away at most. */
const turnSize = 500;
/** Pause between turns while more is due, ms. */
const turnPause = 100;
/** What becomes due is left to gather for so long, ms. */
const gatheringTime = 60_000;
/** Longest sleep, ms; a clock that was set must not stop the collection. */
const longestSleep = 3_600_000;

/**
 * Takes away what may go, in small turns, in the order of the purge index. It remembers how far it came, since
 * LevelDB is slow to step over what was just deleted. Without anything that may ever go there is no timer.
 */
export class GarbageCollector {
  readonly #database: Database;
  readonly #commits: Commits;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Infinity;
  /** Nothing in the index is earlier. */
  #from = 0;
  /** The earliest that was written since the last turn began. */
  #noted = Infinity;
  #stopped = false;

  constructor(database: Database, commits: Commits, now: () => number) {
    this.#database = database;
    this.#commits = commits;
    this.#now = now;
  }

  /** Told of every record that is written with a time to go. */
  note(purgeAt: number): void {
    this.#noted = Math.min(this.#noted, purgeAt);
    this.#wake(purgeAt, gatheringTime);
  }

  #wake(at: number, notBefore: number): void {
    const now = this.#now();
    const target = Math.max(at, now + notBefore);
    if (this.#stopped || target >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = target;
    this.#timer = setTimeout(() => void this.#work(), Math.min(target - now, longestSleep)).unref();
  }

  async #work(): Promise<void> {
    this.#wakesAt = Infinity;
    try {
      const { more } = await this.#turn();
      if (more) this.#wake(0, turnPause);
      else await this.start();
    } catch {
      // A store that fails tells so to those who use it; the garbage waits.
      this.#wake(0, longestSleep);
    }
  }

  /** Looks for the first record that may go one day, and sleeps until then. */
  async start(): Promise<void> {
    const range = { gte: purgeBound(Math.min(this.#from, this.#noted)), lt: 'q', limit: 1 };
    const [first] = await this.#database.read((level) => level.keys(range).all());
    if (first !== undefined) this.#wake(readPurgeKey(first).at, gatheringTime);
  }

  async #turn(): Promise<{ removed: number; more: boolean }> {
    const from = Math.min(this.#from, this.#noted);
    this.#noted = Infinity;
    const range = { gte: purgeBound(from), lt: purgeBound(Math.floor(this.#now()) + 1), limit: turnSize };
    const keys = await this.#database.read((level) => level.keys(range).all());
    const removals = await Promise.all(keys.map((key) => this.#remove(key)));
    const last = keys.at(-1);
    this.#from = last === undefined ? from : readPurgeKey(last).at;
    return { removed: removals.filter((removed) => removed).length, more: keys.length === turnSize };
  }

  #remove(key: string): Promise<boolean> {
    const { kind, id, at } = readPurgeKey(key);
    const decide = (current: Head | undefined): Decision =>
      current?.purgeAt === at ? { answer: true, next: 'remove' } : { answer: false, stale: key };
    return this.#commits.run({ kind, id, decide }, 'quick', key.length);
  }

  /** Takes away all that may go now, and says how many records that were. */
  async collect(): Promise<number> {
    let total = 0;
    for (;;) {
      const { removed, more } = await this.#turn();
      total += removed;
      if (!more) return total;
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
