import type { Collection, WriteConcernSettings } from 'mongodb';
import type { RecordDocument } from './mongodb-documents.js';
import { ledTo } from './versions.js';

/** A document, and the version of the one that it takes the place of. */
export interface Replacement {
  readonly document: RecordDocument;
  readonly expected: string;
}

/** Reads documents in one request, in the order of the ids; `undefined` where there is none. */
export async function findEach(
  collection: Collection<RecordDocument>,
  ids: readonly string[],
): Promise<(RecordDocument | undefined)[]> {
  const distinct = [...new Set(ids)];
  const all = { batchSize: distinct.length + 1, singleBatch: true };
  const found = await collection.find({ _id: { $in: distinct } }, all).toArray();
  const byId = new Map(found.map((document) => [document._id, document]));
  return ids.map((id) => byId.get(id));
}

function operation({ document: { _id, ...replacement }, expected }: Replacement) {
  // Its own version, too: the same write may come again after its answer was lost.
  const filter = { _id, version: { $in: [expected, replacement.version] } };
  return { replaceOne: { filter, replacement } };
}

/**
 * Puts each document in the place of its predecessor if that still has the version expected, in one request; says of
 * each whether it was. The database only counts them: where some were not, the versions that are there now tell which.
 * One that many others have replaced since is then taken for one that was not.
 */
export async function replaceEach(
  collection: Collection<RecordDocument>,
  replacements: readonly Replacement[],
  writeConcern: WriteConcernSettings,
): Promise<boolean[]> {
  const { matchedCount } = await collection.bulkWrite(replacements.map(operation), { ordered: false, writeConcern });
  if (matchedCount === replacements.length || matchedCount === 0) return replacements.map(() => matchedCount > 0);
  const ids = replacements.map(({ document }) => document._id);
  const present = await findEach(collection, ids);
  return replacements.map(({ document }, place) => ledTo(document.version, present[place]?.version ?? ''));
}
