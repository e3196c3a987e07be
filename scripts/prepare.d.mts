import type { SpawnOptions } from 'node:child_process';

/** Runs npm with these arguments; rejects with an `Error` where it cannot be started or ends with a failure. */
export function npm(given: readonly string[], options?: SpawnOptions): Promise<void>;
