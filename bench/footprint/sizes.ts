import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { openLevel } from '../../lib/store/records/embedded/files.js';
import { readPurgeKey, readRecordKey, recordPrefix } from '../../lib/store/records/embedded/layout.js';

/** Records of one kind: how many, and bytes of all of them. */
export interface Size {
  records: number;
  /** Records as they are written; with MongoDB BSON before compression. */
  content: number;
  /** Entries of their indexes. */
  indexes: number;
}

/** Sizes by the name of the collection, and what they take on the disk in all. */
export interface Sizes {
  readonly kinds: ReadonlyMap<string, Size>;
  readonly disk: number;
}

async function sizeOfFiles(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Sizes in an embedded store that is not in use. */
export async function embeddedSizes(directory: string): Promise<Sizes> {
  const kinds = new Map<string, Size>();
  const of = (name: string): Size => {
    const known = kinds.get(name) ?? { records: 0, content: 0, indexes: 0 };
    kinds.set(name, known);
    return known;
  };
  const level = await openLevel(directory);
  try {
    for await (const [key, value] of level.iterator()) {
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
      if (key.startsWith(recordPrefix)) {
        const size = of(readRecordKey(key).kind);
        size.records++;
        size.content += bytes;
      } else if (key.startsWith('p:')) of(readPurgeKey(key).kind).indexes += bytes;
      else of(key.split(':', 2)[1] ?? '').indexes += bytes;
    }
    await level.compactRange('', '~');
  } finally {
    await level.close();
  }
  return { kinds, disk: await sizeOfFiles(directory) };
}

interface Statistics {
  readonly count: number;
  readonly size: number;
  readonly totalIndexSize: number;
}

/** Sizes in a MongoDB database. */
export async function mongodbSizes(uri: string): Promise<Sizes> {
  const client = await MongoClient.connect(uri);
  try {
    // Sizes of files are those of the last checkpoint.
    await client.db('admin').command({ fsync: 1 });
    const kinds = new Map<string, Size>();
    for (const { name } of await client.db().listCollections().toArray()) {
      const [statistics] = await client
        .db()
        .collection(name)
        .aggregate<{ storageStats: Statistics }>([{ $collStats: { storageStats: {} } }])
        .toArray();
      const { count = 0, size = 0, totalIndexSize = 0 } = statistics?.storageStats ?? {};
      kinds.set(name, { records: count, content: size, indexes: totalIndexSize });
    }
    const { totalSize } = (await client.db().stats()) as { totalSize: number };
    return { kinds, disk: totalSize };
  } finally {
    await client.close();
  }
}
