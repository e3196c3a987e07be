import type { Db, IndexDescription } from 'mongodb';
import { EnergyError } from '../../errors.js';
import type { RecordKind } from './store.js';

const otherOptions = 85;
const otherKeys = 86;

/**
 * The indexes of a collection. None is unique besides that of `_id`, which is there anyway: a cluster sharded by
 * `{ _id: 'hashed' }`, the right shard key of every collection here, can keep no other one unique. Reads and writes by
 * id then go to one shard; a search by one of the keys asks all of them.
 */
function indexesOf({ indexes }: RecordKind<never>): IndexDescription[] {
  return [
    { name: 'purge_at', key: { purge_at: 1 }, expireAfterSeconds: 0 },
    ...Object.keys(indexes ?? {}).map((name) => ({ name: `keys_${name}`, key: { [`keys.${name}`]: 1 } as const })),
  ];
}

async function prepare(database: Db, kind: RecordKind<never>): Promise<void> {
  try {
    await database.collection(kind.name).createIndexes(indexesOf(kind));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== otherOptions && code !== otherKeys) throw error;
    throw new EnergyError(
      'storage_failed',
      `The collection ${kind.name} has an index that differs from the one needed here; drop it and start again.`,
      { parameters: { collection: kind.name } },
    );
  }
}

/** Creates the collections and indexes that are not there yet; several instances may do so at once (spec 2.4). */
export async function prepareCollections(database: Db, kinds: readonly RecordKind<never>[]): Promise<void> {
  await Promise.all(kinds.map((kind) => prepare(database, kind)));
}
