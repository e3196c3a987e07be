import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** The files below `folder`, as paths from `root` with forward slashes, sorted; none where the folder is missing. */
export function filesBelow(root, folder) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** A hash over the names and the contents of `files`; a file that is missing counts as such. */
export function hashOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const path = join(root, file);
    const content = existsSync(path) ? readFileSync(path) : Buffer.from('missing');
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Writes a file and the folders above it; leaves a file alone that already has this content. */
export function writeWhereChanged(path, content) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Removes every file below `folder` that is not in `wanted` (paths from `root`), and the folders left empty. */
export function removeOthers(root, folder, wanted) {
  for (const file of filesBelow(root, folder)) {
    if (!wanted.has(file)) rmSync(join(root, file));
  }
  removeEmptyFolders(join(root, folder));
}

function removeEmptyFolders(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
