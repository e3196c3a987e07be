import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { freshDirectory } from '../support/directory.js';
import { loadedWith, modulesBelow, type Module } from '../support/modules.js';
import { repositoryRoot } from '../support/node-red/user-dir.js';
import { heldBack } from './held-back.js';
import { installedTree, installScript, prebuilds, type InstalledPackage } from './installed-tree.js';
import { nodeVersions, packageFile, semver } from './package-file.js';

/** Licences under which the work of others may go with one under Apache-2.0, on no further condition than their text. */
const compatibleLicences = ['Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];

/** Versions of npm that come with the versions of Node that we support. */
const npmVersions = ['10.8.2', '11.0.0'];

/** Machines for which everything comes built. */
const platforms = ['linux-x64', 'linux-arm64', 'linux-arm', 'darwin-x64+arm64', 'win32-x64'];

const { dependencies, optionalDependencies, engines } = packageFile;
const direct = { ...dependencies, ...optionalDependencies };

/** What keeps a package from being installed on one of our platforms: `npm install --engine-strict` stops there. */
function refusals({ manifest: { version, engines: wanted = {}, os, cpu, libc }, way, optional }: InstalledPackage) {
  const { node = '*', npm = '*' } = wanted;
  const refusing = [
    ...[...nodeVersions, '999.0.0'].filter((each) => !semver.satisfies(each, node)).map((each) => `Node ${each}`),
    ...npmVersions.filter((each) => !semver.satisfies(each, npm)).map((each) => `npm ${each}`),
    ...(optional ? [] : [...(os ?? []), ...(cpu ?? []), ...(libc ?? [])].map((each) => `all but ${each}`)),
  ];
  return refusing.map((each) => `${way} ${version} refuses ${each}`);
}

/** Packages of the list of bad ones of the scorecard: it has this one. */
function bad(tree: ReadonlyMap<string, InstalledPackage>): string[] {
  const found = [...tree.values()].filter(({ manifest }) => manifest.name === 'agent-base');
  return found.filter(({ manifest }) => semver.satisfies(manifest.version, '<6.0.0')).map(({ way }) => way);
}

describe('scorecard: the dependencies', () => {
  const directory = freshDirectory();
  let tree: ReadonlyMap<string, InstalledPackage>;
  let modules: ReadonlyMap<string, Module>;
  before(async () => {
    tree = installedTree(repositoryRoot);
    modules = await modulesBelow('lib', 'nodes');
    for (const name of Object.keys(direct)) {
      assert.ok(
        [...tree.values()].some(({ way }) => way === name),
        `${name} is not installed`,
      );
    }
    assert.ok(tree.size > 2 * Object.keys(direct).length, 'only a part of the tree was walked');
  });
  const required = () => [...tree.values()].filter(({ optional }) => !optional);

  function importsOf(name: string) {
    return [...modules.values()].flatMap(({ path, imports }) =>
      imports
        .filter(({ own, typeOnly, target }) => !own && !typeOnly && target === name)
        .map((each) => ({ path, ...each })),
    );
  }

  it('D01: there are at most 6, beside optional ones', () => {
    assert.ok(Object.keys(dependencies).length <= 6, Object.keys(dependencies).join(', '));
    assert.deepEqual(
      Object.keys(optionalDependencies).filter((name) => name in dependencies),
      [],
      'npm takes what is in both for optional',
    );
  });

  it('D01: every package that we load is one of them, and every one of them is loaded', () => {
    const outside = [...modules.values()].flatMap(({ imports }) =>
      imports.filter(({ own, typeOnly }) => !own && !typeOnly),
    );
    const names = new Set(outside.map(({ target }) => target).filter((target) => !isBuiltin(target)));
    assert.deepEqual([...names].sort(), Object.keys(direct).sort());
  });

  it('D01: an optional one is optional in truth: only the proxy loads it, and only when it is needed', () => {
    for (const name of Object.keys(optionalDependencies)) {
      const imports = importsOf(name);
      assert.ok(imports.length > 0);
      for (const { path, dynamic } of imports) {
        assert.ok(dynamic, `${path} cannot be loaded without ${name}`);
        assert.match(path, /^lib\/(proxy|store\/records)\//);
      }
    }
    const outsiders = [...modules.values()].filter(({ path }) => !/^lib\/(proxy|store\/records|program)\//.test(path));
    assert.ok(outsiders.length > 100);
    const users = outsiders.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target.startsWith('lib/store/records/')).map(({ target }) => `${path}: ${target}`),
    );
    assert.deepEqual(users, [], 'only the proxy keeps records');
  });

  it('D02: none of the packages that the scorecard calls bad is in the whole tree', () => {
    assert.deepEqual(bad(tree), []);
  });

  it('D02: no package at any depth keeps --engine-strict from installing it, on no Node that we support, nor a later one', () => {
    assert.deepEqual([...tree.values()].flatMap(refusals), []);
    assert.equal(semver.minVersion(engines.node)?.version, nodeVersions[0]);
  });

  it('D02: no package at any depth has a licence that does not go with ours', () => {
    const others = [...tree.values()].filter(
      ({ manifest: { license } }) => typeof license !== 'string' || !compatibleLicences.includes(license),
    );
    assert.deepEqual(
      others.map(({ way, manifest }) => `${way}: ${JSON.stringify(manifest.license)}`),
      [],
    );
  });

  it('D02: nothing needs a compiler: only optional packages run anything at their installation, and come built', () => {
    assert.deepEqual(
      required().flatMap((each) => (installScript(each) === undefined ? [] : [each.way])),
      [],
    );
    const running = [...tree.values()].filter((each) => installScript(each) !== undefined);
    assert.deepEqual(
      running.map(({ way }) => way),
      ['classic-level'],
    );
    for (const each of running) {
      const built = prebuilds(each);
      for (const platform of platforms) {
        assert.ok(
          built.some((file) => file.startsWith(`${platform}/`)),
          `${each.way}: nothing for ${platform}`,
        );
      }
    }
  });

  it('D03: every range takes the later versions of its major, by itself', () => {
    const installed = [...tree.values()].filter(({ way }) => way in direct);
    assert.equal(installed.length, Object.keys(direct).length);
    for (const { way, manifest } of installed) {
      const range = direct[way] ?? '';
      const { version } = manifest;
      const later = [
        version,
        semver.inc(version, 'patch'),
        version.startsWith('0.') ? version : semver.inc(version, 'minor'),
      ];
      for (const each of later)
        assert.ok(semver.satisfies(each ?? '', range), `${way} ${range} leaves out ${String(each)}`);
    }
  });

  it('D03 is red for these dependencies only, which are held back on purpose (npm outdated asks for others, online)', () => {
    for (const { name, range, newer } of heldBack) {
      assert.equal(dependencies[name], range, `${name} is not held back as the table says`);
      assert.ok(!semver.satisfies(newer, range), `${name} is not held back any more: take it out of the table`);
    }
  });

  it('D03: the reason to hold them back holds still', () => {
    for (const { name, node } of heldBack) {
      const shutOut = nodeVersions.filter((each) => !semver.satisfies(each, node));
      assert.notDeepEqual(shutOut, [], `${name}: nothing speaks against the newer version any more`);
    }
  });

  describe('seen to be broken where they are', () => {
    function install(path: string, manifest: Readonly<Record<string, unknown>>): void {
      const place = join(directory(), path);
      mkdirSync(place, { recursive: true });
      writeFileSync(
        join(place, 'package.json'),
        JSON.stringify({ name: path.split('/').at(-1), version: '1.0.0', ...manifest }),
      );
    }
    const any = '*';

    it('a package far below, of another version than the one above it', () => {
      install('', { dependencies: { first: any }, optionalDependencies: { missing: any } });
      install('node_modules/first', { dependencies: { second: any } });
      install('node_modules/second', { dependencies: { 'agent-base': any }, engines: { node: '^18 || ^20' } });
      install('node_modules/second/node_modules/agent-base', {
        version: '5.1.1',
        scripts: { install: 'node-gyp rebuild' },
      });
      install('node_modules/agent-base', { version: '7.1.0' });
      const found = installedTree(directory());
      assert.deepEqual(bad(found), ['first > second > agent-base']);
      assert.deepEqual(
        [...found.values()].flatMap(refusals),
        ['22.9.0', '22.12.0', '24.0.0', '999.0.0'].map((each) => `first > second 1.0.0 refuses Node ${each}`),
      );
      assert.deepEqual(
        [...found.values()].flatMap((each) => installScript(each) ?? []),
        ['node-gyp rebuild'],
      );
    });

    it('one that is wanted by an optional package and by one that is not', () => {
      install('', { dependencies: { firm: any }, optionalDependencies: { loose: any } });
      install('node_modules/loose', { dependencies: { shared: any } });
      install('node_modules/firm', { peerDependencies: { shared: any } });
      install('node_modules/shared', { os: ['linux'] });
      const found = [...installedTree(directory()).values()];
      assert.deepEqual(
        found.filter(({ optional }) => optional).map(({ way }) => way),
        ['loose'],
      );
      assert.deepEqual(found.flatMap(refusals), ['firm > shared 1.0.0 refuses all but linux']);
    });

    it('one that is not installed', () => {
      install('', { dependencies: { first: any } });
      install('node_modules/first', { dependencies: { 'not-there-at-all': any } });
      assert.throws(() => installedTree(directory()), /first > not-there-at-all is not installed/);
    });
  });

  it('a node that is started loads no optional package', () => {
    for (const [set] of Object.entries(packageFile['node-red'].nodes)) {
      const loaded = loadedWith(modules, `nodes/${set}/${set}.ts`);
      assert.deepEqual(
        Object.keys(optionalDependencies).filter((name) => loaded.has(name)),
        [],
      );
    }
  });
});
