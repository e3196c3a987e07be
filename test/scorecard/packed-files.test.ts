import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { posix } from 'node:path';
import { promisify } from 'node:util';
import { build } from '../../scripts/build.mjs';
import { packageRoot, repositoryRoot } from '../support/node-red/user-dir.js';
import { filesBelow, nodeSets, packageFile, textOf } from './package-file.js';

const run = promisify(execFile);

/** What must not leave this house: tests, what only developers need, and whatever people keep in files of their own. */
const notOurs = [
  /(^|\/)(test|tests|bench|demo|simulator|scripts|docker|node_modules|coverage)\//,
  /\.(test|spec|editor)\./,
  /\.(map|tsbuildinfo|log|tgz|pem|key|crt|p12|sqlite|db)$/,
  /(^|\/)\.(?!$)/,
  /(flows|_cred|credentials?|secrets?)\.json$/,
  /(?<!\.d)\.[cm]?ts$/,
  /\.mjs$/,
];

/** Texts that give a secret away, or the machine that built the package. */
const secrets = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /mongodb(?:\+srv)?:\/\/[^\s:@/'"`]+:[^\s@/'"`]+@[^/:'"`]*[.\d]/,
  /\/\/[#@] ?source(?:Mapping)?URL=/,
];

/** The relative modules that a built module imports. */
function importsOf(file: string): string[] {
  const specifiers = textOf(file).matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...specifiers].map(([, specifier = '']) => posix.join(posix.dirname(file), specifier));
}

describe('scorecard: the packed package', function () {
  this.timeout(120_000);
  let packed: ReadonlySet<string>;
  before(async () => {
    if (packageRoot === repositoryRoot) await build({ quiet: true, root: packageRoot });
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: packageRoot,
      maxBuffer: 64 * 1024 * 1024,
    });
    const [result] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
    packed = new Set(result.files.map(({ path }) => path));
  });

  const missing = (files: readonly string[]) => files.filter((file) => !packed.has(file));

  it('holds everything that package.json points at, and the papers', () => {
    assert.deepEqual(missing(['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md']), []);
    assert.deepEqual(missing([...Object.values(packageFile.bin), ...nodeSets.map(([, file]) => file)]), []);
  });

  it('holds beside every node what Node-RED looks for there: html, icon, catalogs and help', () => {
    for (const [set, file] of nodeSets) {
      const folder = posix.dirname(file);
      const html = file.replace(/\.js$/, '.html');
      assert.deepEqual(missing([html]), []);
      const [, icon] = /^\s*icon: '([^']+\.(?:svg|png|gif))',$/m.exec(textOf(html)) ?? [];
      assert.ok(icon !== undefined || textOf(html).includes("category: 'config'"), `${set} has no icon`);
      assert.deepEqual(missing(icon === undefined ? [] : [`${folder}/icons/${icon}`]), []);
      const texts = ['en-US', 'fr'].flatMap((each) => [`${each}/${set}.json`, `${each}/${set}.html`]);
      const translated = filesBelow('locales').map((each) => each.replace(/^locales\//, ''));
      const all = new Set([...texts, ...translated.filter((each) => posix.parse(each).name === set)]);
      assert.deepEqual(missing([...all].map((each) => `${folder}/locales/${each}`)), []);
    }
  });

  it('holds the folders that Node-RED looks for at the top: examples, and resources where there are any', () => {
    assert.ok(filesBelow('examples').length > 0);
    assert.deepEqual(missing([...filesBelow('examples'), ...filesBelow('resources')]), []);
    for (const [, file] of nodeSets) {
      const wanted = [...textOf(file.replace(/\.js$/, '.html')).matchAll(/["'](?:\.\/)?(resources\/[^"']+)["']/g)];
      const paths = wanted.map(([, path = '']) => path.replace(`${packageFile.name}/`, ''));
      assert.deepEqual(missing(paths), []);
    }
  });

  it('holds every module that one of its modules imports', () => {
    const modules = [...packed].filter((file) => file.endsWith('.js'));
    const wanted = new Set(modules.flatMap(importsOf));
    assert.ok(wanted.size > 100, 'imports are not seen');
    assert.deepEqual(missing([...wanted]), []);
  });

  it('holds nothing else: no test, no source map, no demo, no file of the developers', () => {
    const strange = [...packed].filter((file) => notOurs.some((pattern) => pattern.test(file)));
    assert.deepEqual(strange, []);
    const places = new Set(
      [...packed].map((file) =>
        file
          .split('/')
          .slice(0, file.startsWith('dist/') ? 2 : 1)
          .join('/'),
      ),
    );
    assert.deepEqual([...places].sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/lib',
      'dist/nodes',
      'examples',
      'package.json',
      'resources',
    ]);
  });

  it('holds no secret, and no path of the machine that built it', () => {
    for (const file of packed) {
      const text = textOf(file);
      for (const pattern of secrets) assert.doesNotMatch(text, pattern, file);
      assert.ok(!text.includes(`${packageRoot}/`), `${file} names ${packageRoot}`);
    }
  });

  it('no node is an .mjs file, of which the editor gets the code instead of a dialog', () => {
    for (const [, file] of nodeSets) assert.match(file, /\.js$/);
    assert.equal(packageFile.type, 'module');
  });
});

describe('scorecard: the built nodes', () => {
  before(async () => {
    if (packageRoot === repositoryRoot) await build({ quiet: true, root: packageRoot });
  });

  /** What a Node of its own, without the loader of the tests, finds in each node's module. */
  async function loaded(load: string): Promise<unknown> {
    const script = `(async () => {
      const found = [];
      for (const file of process.argv.slice(1)) found.push(typeof (${load}));
      process.stdout.write(JSON.stringify(found));
    })()`;
    const files = nodeSets.map(([, file]) => posix.join(packageRoot, file));
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', script, ...files], { env });
    return JSON.parse(stdout) as unknown;
  }
  const functions = nodeSets.map(() => 'function');

  it('are loaded by import(), as Node-RED 5.0 does', async () => {
    assert.deepEqual(await loaded("(await import(require('node:url').pathToFileURL(file).href)).default"), functions);
  });

  it('are loaded by require(), as Node-RED 4.1 does, which looks for __esModule', async function () {
    // Node 22 learned it with 22.12; before that only Node-RED 5.0 loads them there.
    if (!(process.features as { require_module?: boolean }).require_module) this.skip();
    assert.deepEqual(await loaded('require(file).__esModule ? require(file).default : require(file)'), functions);
  });
});
