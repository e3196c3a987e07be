import { EnergyError } from '../../../errors.js';
import { closedError, isDiskFull, openLevel, openOrRepair, storeError, type Level, type Repair } from './files.js';
import { entryKeys, entryRange, readHead, readRecordKey, recordPrefix, type Step } from './layout.js';

/** How many entries a rebuild writes at a time. */
const rebuildBatch = 1000;

/** Writes the entries of all indexes anew, from the records: a repaired database may have lost some of either. */
async function rebuildEntries(level: Level): Promise<void> {
  await level.clear(entryRange);
  let steps: Step[] = [];
  for await (const [key, text] of level.iterator({ gte: recordPrefix, lt: 's' })) {
    const { kind, id } = readRecordKey(key);
    steps.push(...entryKeys(kind, id, readHead(text)).map((entry): Step => ({ type: 'put', key: entry, value: '' })));
    if (steps.length < rebuildBatch) continue;
    await level.batch(steps);
    steps = [];
  }
  await level.batch(steps, { sync: true });
}

/**
 * LevelDB in one directory. After a write that failed it is opened anew before the next one: what lies at the end of
 * its log is unknown by then, and LevelDB itself would refuse every further write for good.
 */
export class Database {
  readonly #directory: string;
  #level: Level;
  #suspect = false;
  #closed = false;
  #opening: Promise<void> | undefined;

  private constructor(directory: string, level: Level) {
    this.#directory = directory;
    this.#level = level;
  }

  /** Opens a directory. @throws EnergyError `storage_failed` with what to do */
  static async open(directory: string, onRepaired: (repair: Repair) => void): Promise<Database> {
    const { level, repair } = await openOrRepair(directory);
    if (repair) {
      try {
        await rebuildEntries(level);
      } catch (error) {
        await level.close();
        throw storeError(directory, 'opened', error);
      }
      onRepaired(repair);
    }
    return new Database(directory, level);
  }

  /** The error of the family for one that came up. */
  failure(what: 'read' | 'written', error: unknown): EnergyError {
    return this.#closed ? this.closed() : storeError(this.#directory, what, error);
  }

  /** The error for what comes too late. */
  closed(): EnergyError {
    return closedError(this.#directory);
  }

  /** Resolves when reads and writes can be made. @throws EnergyError `storage_failed` */
  async ready(): Promise<void> {
    if (this.#closed) throw this.closed();
    if (this.#suspect) this.#opening ??= this.#reopen().finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  async #reopen(): Promise<void> {
    // Reads still work on the database as it is; they would not if it could not be opened again.
    if (await isDiskFull(this.#directory)) {
      throw this.failure('written', Object.assign(new Error('No space left'), { code: 'ENOSPC' }));
    }
    try {
      await this.#level.close();
      this.#level = await openLevel(this.#directory);
      this.#suspect = false;
    } catch (error) {
      throw this.failure('written', error);
    }
  }

  /** What is stored under a key. @throws EnergyError `storage_failed` */
  get(key: string): string | undefined {
    try {
      return this.#level.getSync(key);
    } catch (error) {
      throw this.failure('read', error);
    }
  }

  /** Runs a read that takes longer. @throws EnergyError `storage_failed` */
  async read<T>(task: (level: Level) => Promise<T>): Promise<T> {
    // One that could not be opened again stays shut until it is asked for.
    if (this.#opening || this.#level.status !== 'open') await this.ready();
    if (this.#closed) throw this.closed();
    try {
      return await task(this.#level);
    } catch (error) {
      throw this.failure('read', error);
    }
  }

  /** Carries out all steps or none. @throws EnergyError `storage_failed`: the outcome is then unknown */
  async write(steps: readonly Step[], sync: boolean): Promise<void> {
    try {
      await this.#level.batch([...steps], { sync });
    } catch (error) {
      this.#suspect = true;
      throw this.failure('written', error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => undefined);
    await this.#level.close();
  }
}
