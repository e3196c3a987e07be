import { rm } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { deviceGrants, recordKinds, userCodes } from '../../lib/proxy/records/kinds.js';
import { openLevel } from '../../lib/store/records/embedded/files.js';
import { packRecord, stepsOf, type Step } from '../../lib/store/records/embedded/layout.js';
import { openMongoStore } from '../../lib/store/records/mongodb.js';
import { documentOf, type RecordDocument } from '../../lib/store/records/mongodb-documents.js';
import type { RecordKind, StoredRecord } from '../../lib/store/records/store.js';
import type { StoreSettings } from '../../lib/proxy/settings/settings.js';
import { portions } from './codes.js';

/** Every key lies between these. */
const [first, last] = ['', '~'];
/** Codes that are written at a time. */
const portion = 5_000;

function steps<T>(kind: RecordKind<T>, record: StoredRecord<T>): Step[] {
  return stepsOf(kind.name, record.id, undefined, packRecord(kind, record));
}

/** Writes the records past the store, as it lays them down: one at a time would take many minutes. */
async function fillDirectory(directory: string, count: number): Promise<void> {
  const level = await openLevel(directory);
  try {
    for (const { grants, codes } of portions(count, portion, Date.now())) {
      const batch = grants.flatMap((grant) => steps(deviceGrants, grant));
      for (const code of codes) batch.push(...steps(userCodes, code));
      await level.batch(batch);
    }
    // Else LevelDB would be busy sorting what was written at once while it is measured.
    await level.compactRange(first, last);
  } finally {
    await level.close();
  }
}

async function fillDatabase(uri: string, count: number): Promise<void> {
  await (await openMongoStore({ uri, kinds: recordKinds })).close();
  const client = new MongoClient(uri, { ignoreUndefined: true });
  try {
    const options = { ordered: false, writeConcern: { w: 1 } };
    for (const { grants, codes } of portions(count, portion, Date.now())) {
      const collection = (kind: RecordKind<never>) => client.db().collection<RecordDocument>(kind.name);
      await Promise.all([
        collection(deviceGrants).insertMany(
          grants.map((grant) => documentOf(deviceGrants, grant)),
          options,
        ),
        collection(userCodes).insertMany(
          codes.map((code) => documentOf(userCodes, code)),
          options,
        ),
      ]);
    }
  } finally {
    await client.close();
  }
}

/** Puts so many pending codes into an empty store that nobody has open. */
export function fill(store: StoreSettings, count: number): Promise<void> {
  return store.kind === 'embedded' ? fillDirectory(store.directory, count) : fillDatabase(store.uri, count);
}

/** Takes all of it away again. */
export async function discard(store: StoreSettings): Promise<void> {
  if (store.kind === 'embedded') return rm(store.directory, { recursive: true, force: true });
  const client = new MongoClient(store.uri);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}
