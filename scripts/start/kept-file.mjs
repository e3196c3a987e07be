import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Problem } from '../prepare.mjs';

/** What a start left for the next one; nothing of it where there is no such file, or a broken one. */
export function readKept(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/** Leaves something for the next start, safely on disk at once. @throws Problem where it cannot be written */
export function writeKept(path, value) {
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new Problem(`${path} cannot be written (${error.code}).`);
  }
}
