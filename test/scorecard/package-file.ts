import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../support/node-red/user-dir.js';

/** What the rules read of our package.json. */
interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly license?: string;
  readonly keywords: readonly string[];
  readonly repository: { readonly type: string; readonly url: string };
  readonly bugs: { readonly url: string };
  readonly homepage: string;
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly 'node-red': { readonly version: string; readonly nodes: Readonly<Record<string, string>> };
}

/** Versions and ranges, as npm and the scorecard compare them. */
interface Semver {
  satisfies(version: string, range: string): boolean;
  validRange(range: string): string | null;
  minVersion(range: string): { readonly version: string } | null;
  inc(version: string, release: 'major' | 'minor' | 'patch'): string | null;
}

export const semver = createRequire(import.meta.url)('semver') as Semver;

/** A file of the package as text; `path` from its root. */
export function textOf(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

/** Our package.json. */
export const packageFile = JSON.parse(textOf('package.json')) as PackageFile;

/** The sets of nodes: name and built module, as Node-RED is told. */
export const nodeSets: readonly (readonly [string, string])[] = Object.entries(packageFile['node-red'].nodes);

/** The files below a folder of the package, from its root; none where there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(join(packageRoot, folder))) return [];
  const entries = readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot.length + 1))
    .sort();
}

/** The oldest Node of each kind that the package meets: of Node-RED 4.1, of 5.0, of its ES-module loading, and newer. */
export const nodeVersions = ['20.19.0', '22.9.0', '22.12.0', '24.0.0'] as const;
