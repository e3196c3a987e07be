import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageRoot, repositoryRoot } from '../support/node-red/user-dir.js';
import { installedTree, type InstalledPackage } from './installed-tree.js';

/** Puts the built package into a directory as an installation without some packages: what is left out is nowhere above. */
function installWithout(directory: string, isLeftOut: (each: InstalledPackage) => boolean): void {
  mkdirSync(directory, { recursive: true });
  for (const part of ['package.json', 'dist/lib', 'dist/nodes', 'examples']) {
    cpSync(join(packageRoot, part), join(directory, part), { recursive: true });
  }
  const modules = join(repositoryRoot, 'node_modules');
  for (const each of installedTree(repositoryRoot).values()) {
    const place = relative(modules, each.directory);
    // What lies inside another package comes with it.
    if (isLeftOut(each) || place.includes('node_modules')) continue;
    mkdirSync(dirname(join(directory, 'node_modules', place)), { recursive: true });
    symlinkSync(each.directory, join(directory, 'node_modules', place), 'junction');
  }
}

/** The package as it is where these packages could not be installed. */
export function packageWithout(directory: string, ...names: readonly string[]): void {
  installWithout(directory, ({ manifest }) => names.includes(manifest.name));
}

/** The package as `npm install --omit=dev --omit=optional` leaves it. */
export function packageWithoutOptional(directory: string): void {
  installWithout(directory, ({ optional }) => optional);
}
