import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package that comes with ours. */
export interface InstalledPackage {
  readonly manifest: Manifest;
  readonly directory: string;
  /** From the package that is walked, with spaces around `>`. */
  readonly way: string;
  /** Whether an installation works without it. */
  optional: boolean;
}

interface Wanted {
  readonly name: string;
  readonly from: string;
  readonly way: string;
  readonly optional: boolean;
}

function manifestIn(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** Where Node finds a package from a directory: beside it or above. */
function found(name: string, from: string): string | undefined {
  for (let place = from; ; place = dirname(place)) {
    const directory = join(place, 'node_modules', name);
    if (existsSync(join(directory, 'package.json'))) return directory;
    if (place === dirname(place)) return undefined;
  }
}

function wantedBy(manifest: Manifest, from: string, way: string, optional: boolean): Wanted[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const wanted = (names: readonly string[], isOptional: boolean) =>
    names.map((name) => ({ name, from, way: way ? `${way} > ${name}` : name, optional: isOptional }));
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  const loose = Object.keys(optionalDependencies);
  const firm = Object.keys(dependencies).filter((name) => !loose.includes(name));
  return [...wanted([...firm, ...peers], optional), ...wanted(loose, true)];
}

/**
 * Everything that is installed with the package in `root` by somebody who uses it: its dependencies at any depth, by
 * their directories.
 * @throws Error where one of them that is not optional is not installed
 */
export function installedTree(root: string): ReadonlyMap<string, InstalledPackage> {
  const tree = new Map<string, InstalledPackage>();
  const queue = wantedBy(manifestIn(root), root, '', false);
  for (let wanted = queue.shift(); wanted; wanted = queue.shift()) {
    const { name, from, way, optional } = wanted;
    const directory = found(name, from);
    if (directory === undefined && optional) continue;
    if (directory === undefined) throw new Error(`${way} is not installed`);
    const known = tree.get(directory);
    if (known && (optional || !known.optional)) continue;
    const manifest = manifestIn(directory);
    tree.set(directory, { manifest, directory, way, optional });
    queue.push(...wantedBy(manifest, directory, way, optional));
  }
  return tree;
}

/** Whether npm runs something when it installs the package, or wants to compile it. */
export function installScript({ manifest: { scripts = {} }, directory }: InstalledPackage): string | undefined {
  const own = ['preinstall', 'install', 'postinstall'].flatMap((each) => scripts[each] ?? []);
  if (own.length > 0) return own.join(' && ');
  return existsSync(join(directory, 'binding.gyp')) ? 'node-gyp rebuild' : undefined;
}

/** The builds for certain machines that a package brings along, as `linux-x64/name.node`. */
export function prebuilds({ directory }: InstalledPackage): string[] {
  const place = join(directory, 'prebuilds');
  if (!existsSync(place)) return [];
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(place, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
