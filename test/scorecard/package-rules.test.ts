import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/modules.js';
import { nodeVersions, packageFile, semver, textOf } from './package-file.js';

/** What the tags `latest` and `maintenance` of Node-RED lead to, and the oldest Node of the first. */
const nodeRedVersions = ['4.1.15', '5.0.7'];
const oldestNodeOfLatest = '22.9.0';

/** Base names of packages in the catalogue, or once in it, about the same things. */
const neighbours = [
  'node-red-linky',
  'node-linky',
  'node-red-contrib-eesmart-d2l',
  'node-red-contrib-enphase',
  'node-red-contrib-envoy',
  'node-red-contrib-linky',
];

const { name, repository, bugs, homepage, engines, keywords } = packageFile;
const [scope = '', baseName = ''] = name.split('/');

describe('scorecard: the package', () => {
  it('P01: there is a licence, and its text says the same', () => {
    assert.equal(packageFile.license, 'Apache-2.0');
    assert.match(textOf('LICENSE'), /Apache License\s+Version 2\.0/);
  });

  it('P02 (switched off in the tool): the repository holds this package and no other', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly name: string };
    assert.equal(lock.name, name);
    assert.equal(repository.url.split('/').at(-1), `${baseName}.git`);
    assert.equal(`@${repository.url.split('/').at(-2) ?? ''}`, scope);
  });

  it('P03: repository and bugs are there, and are of one place', () => {
    const place = /^git\+(https:\/\/.+)\.git$/.exec(repository.url)?.[1];
    assert.ok(place, repository.url);
    assert.equal(bugs.url, `${place}/issues`);
    assert.ok(homepage.startsWith(place), homepage);
  });

  it('P04: the name has a scope', () => {
    assert.match(name, /^@[a-z\d][\w.-]+\/[a-z\d][\w.-]*$/);
  });

  it('P05: it can be found by the keyword node-red', () => {
    assert.ok(keywords.includes('node-red'));
    assert.equal(new Set(keywords).size, keywords.length, 'a keyword is there twice');
  });

  for (const version of nodeRedVersions) {
    it(`P06: it is for Node-RED ${version}`, () => {
      assert.ok(semver.satisfies(version, packageFile['node-red'].version), packageFile['node-red'].version);
    });
  }

  it(`P07: it is for Node ${oldestNodeOfLatest}, the oldest of the latest Node-RED, and for all that we support`, () => {
    for (const version of [oldestNodeOfLatest, ...nodeVersions]) {
      assert.ok(semver.satisfies(version, engines.node), `${version} is not in ${engines.node}`);
    }
  });

  it('P07: no upper bound keeps it from being installed on a Node to come', () => {
    assert.ok(semver.satisfies('999.0.0', engines.node), engines.node);
  });

  it('P08: no known neighbour has the base name in another scope (the catalogue itself can only be asked online)', () => {
    assert.ok(baseName.length > 0);
    assert.deepEqual(
      neighbours.filter((each) => each === baseName),
      [],
    );
  });
});
