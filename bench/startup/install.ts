import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../../scripts/prepare.mjs';

/** What an installed package takes. */
export interface Installed {
  /** The user directory that it was installed into. */
  readonly userDir: string;
  /** Packages, with all that they depend on. */
  readonly packages: number;
  /** Bytes of their files. */
  readonly bytes: number;
}

/** The arguments with which the palette manager installs (spec/node-red A2). */
const paletteArguments = [
  ...['--no-audit', '--no-update-notifier', '--no-fund', '--save', '--save-prefix=~', '--omit=dev', '--engine-strict'],
];

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function packagesBelow(modules: string): number {
  const manifests = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(^|node_modules[\\/])(@[^\\/]+[\\/])?[^\\/@.][^\\/]*[\\/]package\.json$/.test(path),
  );
  return manifests.length;
}

/**
 * Installs `specification` (a name, or the path of an archive) into a new user directory below `folder`, as the palette
 * manager does; nothing where it is undefined.
 * @throws Error where npm refuses
 */
export async function install(folder: string, specification?: string): Promise<Installed> {
  const userDir = await mkdtemp(join(folder, 'user-'));
  writeFileSync(join(userDir, 'package.json'), '{ "name": "node-red-project", "private": true }\n');
  if (specification === undefined) return { userDir, packages: 0, bytes: 0 };
  const options = ['--loglevel=error', '--prefer-offline'];
  await npm(['install', ...paletteArguments, ...options, specification], {
    cwd: userDir,
    stdio: 'ignore',
  });
  const modules = join(userDir, 'node_modules');
  return { userDir, packages: packagesBelow(modules), bytes: bytesBelow(modules) };
}
