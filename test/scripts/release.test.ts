import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../..');
const script = join('scripts', 'release', 'check.mjs');
const changelog = '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-02-01\n\n### Added\n\n- Something.\n';

function manifest(changes: object = {}): string {
  const url = 'git+https://github.com/somebody/something.git';
  return JSON.stringify({ name: 'something', version: '1.2.3', repository: { type: 'git', url }, ...changes });
}

function lock(version = '1.2.3'): string {
  return JSON.stringify({ version, packages: { '': { version } } });
}

describe('the check before a release', function () {
  this.timeout(60_000);
  let root: string;

  function git(...given: string[]): void {
    const person = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...person, ...given], { cwd: root, stdio: 'ignore' });
  }

  /** A repository that can be released but for these files. */
  function given(files: Readonly<Record<string, string>>): void {
    const ready = { 'package.json': manifest(), 'package-lock.json': lock(), 'CHANGELOG.md': changelog };
    for (const [name, text] of Object.entries({ ...ready, ...files })) writeFileSync(join(root, name), text);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'As it is');
  }

  function check(tag?: string, env: Readonly<Record<string, string>> = {}): { status: number | null; output: string } {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_')));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...(tag ? [tag] : [])], {
      encoding: 'utf8',
      env: { ...inherited, ...env },
    });
    return { status, output: stdout + stderr };
  }

  /** The check turns it down with this one problem. */
  function assertRefused(reason: RegExp, tag?: string, env?: Readonly<Record<string, string>>): void {
    const { status, output } = check(tag, env);
    assert.equal(status, 1, output);
    assert.match(output, /^This cannot be released:$/m);
    assert.match(output, reason);
    assert.equal(output.match(/^- /gm)?.length, 1, output);
  }

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'release-test-'));
    mkdirSync(join(root, 'scripts'));
    cpSync(join(repository, 'scripts/release'), join(root, 'scripts/release'), { recursive: true });
    cpSync(join(repository, 'scripts/prepare.mjs'), join(root, 'scripts/prepare.mjs'));
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'), 'junction');
    writeFileSync(join(root, '.gitignore'), 'node_modules\n');
    git('init', '--quiet');
    git('remote', 'add', 'origin', 'git@github.com:Somebody/something.git');
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('lets through what is ready, before the tag, with it, and in the workflow', () => {
    given({});
    for (const { status, output } of [
      check(),
      check('v1.2.3'),
      check('v1.2.3', { GITHUB_REPOSITORY: 'somebody/something' }),
    ]) {
      assert.equal(output, 'something 1.2.3 can be released.\n');
      assert.equal(status, 0);
    }
  });

  it('refuses a tag of another version', () => {
    given({});
    for (const tag of ['v1.2.4', '1.2.3', 'v1.2.3-beta'])
      assertRefused(/The tag is .*, but the version .* is 1\.2\.3/, tag);
  });

  it('refuses versions that are none, pre-releases, and a lock file of another version', () => {
    const dated = changelog.replace('1.2.3', '1.2.3-beta.1');
    given({
      'package.json': manifest({ version: '1.2.3-beta.1' }),
      'package-lock.json': lock('1.2.3-beta.1'),
      'CHANGELOG.md': dated,
    });
    assertRefused(/is a pre-release/);
    given({
      'package.json': manifest({ version: '1.2' }),
      'package-lock.json': lock('1.2'),
      'CHANGELOG.md': changelog.replace('1.2.3', '1.2'),
    });
    assertRefused(/"1\.2", is none of semver/);
    given({ 'package-lock.json': lock('1.2.2') });
    assertRefused(/package-lock\.json has another version/);
  });

  it('refuses a changelog that has no dated section with entries for the version', () => {
    const cases: [string, RegExp][] = [
      [changelog.replace('[1.2.3] - 2026-02-01', '[1.2.2] - 2026-02-01'), /has no section "## \[1\.2\.3\] - <date>"/],
      ['# Changelog\n\n## [Unreleased]\n\n- Something.\n', /has no section/],
      ['', /has no section/],
      [changelog.replace('2026-02-01', '2026-13-01'), /has no date/],
      [changelog.replace(' - 2026-02-01', ''), /has no date/],
      [changelog.replace('- Something.\n', '## [1.2.2] - 2026-01-01\n\n- Another thing.\n'), /has no entries/],
      [`${changelog}\n## [1.3.0] - 2026-03-01\n\n- Something.\n`, /has a section of 1\.3\.0 already/],
    ];
    for (const [text, reason] of cases) {
      given({ 'CHANGELOG.md': text });
      assertRefused(reason);
    }
  });

  it('refuses a private package, and one of another repository, which would have no provenance', () => {
    given({ 'package.json': manifest({ private: true }) });
    assertRefused(/"private"/);
    given({ 'package.json': manifest({ repository: undefined }) });
    assertRefused(/names no repository at GitHub/);
    given({ 'package.json': manifest({ repository: 'https://github.com/somebody/other' }) });
    assertRefused(/is somebody\/other, but this is somebody\/something/);
    given({});
    assertRefused(/is somebody\/something, but this is a\/fork/, 'v1.2.3', { GITHUB_REPOSITORY: 'a/fork' });
  });

  it('refuses changes that are not committed, and names them', () => {
    given({});
    writeFileSync(join(root, 'forgotten.txt'), '');
    assertRefused(/not committed:\n {4}\?\? forgotten\.txt/);
    rmSync(join(root, 'forgotten.txt'));
  });
});

describe('CHANGELOG.md', () => {
  it('has only headings that the check before a release understands, the coming release first', () => {
    const headings = readFileSync(join(repository, 'CHANGELOG.md'), 'utf8').match(/^## .*$/gm) ?? [];
    assert.equal(headings[0], '## [Unreleased]');
    for (const heading of headings.slice(1)) assert.match(heading, /^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/);
  });
});
