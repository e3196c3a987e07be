import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repositoryRoot } from '../../support/node-red/user-dir.js';

const left = new Set(['node_modules', '.git', '.demo', 'coverage']);

/** Copies the repository into an empty folder, with the packages of this one. */
export function copyRepository(target: string): void {
  cpSync(repositoryRoot, target, {
    recursive: true,
    filter: (source) => !left.has(basename(source)) || source === repositoryRoot,
  });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(target, 'node_modules'), 'junction');
}

/** Replaces a text of a file as editors do: by a new file in its place. Fails where the text is not in it. */
export function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  writeFileSync(
    `${path}~`,
    text.replace(from, () => to),
  );
  renameSync(`${path}~`, path);
}
