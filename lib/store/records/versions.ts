import { randomFillSync } from 'node:crypto';

/** So many writes are named in a version: its own and those before it. */
const trailLength = 6;

/** Bytes of the name of a write: as many as 12 letters hold. */
const nameLength = 9;

/** Random bytes for the next names: drawing a few at a time takes longer than everything else that makes a version. */
const pool = Buffer.alloc(nameLength * 256);
let used = pool.length;

function newName(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += nameLength;
  return pool.toString('base64url', used - nameLength, used);
}

/**
 * A version that follows another. It names the last writes, the newest first: somebody whose answer got lost still
 * sees that he wrote when others have written since.
 */
export function versionAfter(previous: string | undefined): string {
  return [newName(), ...(previous?.split('.') ?? [])].slice(0, trailLength).join('.');
}

/** Whether the write that made `version` is among those that led to `present`. */
export function ledTo(version: string, present: string): boolean {
  const [own = ''] = version.split('.', 1);
  return present.split('.').includes(own);
}
