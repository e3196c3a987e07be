import { chmodSync, existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, compiledFiles } from './build/compile.mjs';
import { editorHtml } from './build/editor.mjs';
import { filesBelow, hashOf, removeOthers, writeWhereChanged } from './build/files.mjs';

const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = 'dist/.build.json';
const compilerState = 'dist/.tsbuildinfo';
const settings = [
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
  'tsconfig.editor.json',
];

/** The node types of the package: the folders of `nodes/` that hold an html of their own name. */
function nodeTypes(sources) {
  return sources.flatMap((file) => /^nodes\/([^/]+)\/\1\.html$/.exec(file)?.[1] ?? []);
}

/** Everything that the result depends on. */
function sourceFiles(root) {
  const folders = ['lib', 'nodes', 'simulator', 'icons', 'locales', 'scripts/build'];
  return [...folders.flatMap((folder) => filesBelow(root, folder)), ...settings, 'scripts/build.mjs'];
}

/** Sources that the compiler turns into modules: all but declarations and what runs in the editor. */
function moduleSources(sources) {
  return sources.filter(
    (file) =>
      /^(lib|nodes|simulator)\/.*(?<!\.d)(?<!\.editor)\.ts$/.test(file) && !file.startsWith('nodes/shared/editor/'),
  );
}

/** Files that are copied as they are beside the built nodes, where Node-RED looks for them: target and source. */
function copies(sources, types) {
  const found = [];
  for (const file of sources) {
    const locale = /^locales\/([^/]+)\/([^/]+)\.(?:json|html)$/.exec(file);
    for (const type of types) {
      if (file.startsWith('icons/')) found.push([`dist/nodes/${type}/icons/${basename(file)}`, file]);
      if (locale?.[2] === type) found.push([`dist/nodes/${type}/locales/${locale[1]}/${basename(file)}`, file]);
    }
  }
  return found;
}

/** Whether the last build had the same sources and all of its results are still there. */
function isUpToDate(root, hash, outputs) {
  const stamp = join(root, stampFile);
  if (!existsSync(stamp) || !outputs.every((file) => existsSync(join(root, file)))) return false;
  try {
    return JSON.parse(readFileSync(stamp, 'utf8')).hash === hash;
  } catch {
    return false;
  }
}

async function buildEditor(root, sources, types) {
  for (const type of types) {
    writeWhereChanged(join(root, `dist/nodes/${type}/${type}.html`), await editorHtml(root, type));
  }
  for (const [target, source] of copies(sources, types)) {
    const content = readFileSync(join(root, source));
    // A catalog that is not JSON would silently leave the editor without texts.
    if (source.endsWith('.json')) parseCatalog(source, content);
    writeWhereChanged(join(root, target), content);
  }
}

/** What the package installs as commands has to be executable. */
function markPrograms(root) {
  const { bin = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const file of Object.values(bin)) chmodSync(join(root, file), 0o755);
}

function parseCatalog(source, content) {
  try {
    JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw new Error(`${source} is not valid JSON: ${cause.message}`, { cause });
  }
}

/**
 * Builds the package into `dist/`: modules compiled from TypeScript, and for each node type its html with the editor code,
 * the icons and the catalogs. Does nothing where nothing changed since the last build.
 * @param {{ quiet?: boolean, root?: string, signal?: AbortSignal }} [options] `quiet` prints nothing; `root` is the package
 *   to build; `signal` ends the build before it is done.
 * @returns {Promise<boolean>} whether there was something to do.
 * @throws Error that says what is wrong with the sources.
 */
export async function build({ quiet = false, root = packageRoot, signal } = {}) {
  const started = Date.now();
  const sources = sourceFiles(root);
  const types = nodeTypes(sources);
  const modules = moduleSources(sources).flatMap(compiledFiles);
  const outputs = [
    ...modules,
    ...types.map((type) => `dist/nodes/${type}/${type}.html`),
    ...copies(sources, types).map(([target]) => target),
  ];
  const hash = hashOf(root, sources);
  if (isUpToDate(root, hash, outputs)) return false;
  rmSync(join(root, stampFile), { force: true });
  removeOthers(root, 'dist', new Set([...outputs, compilerState]));
  // The compiler believes its own state, even where its results were deleted.
  if (!modules.every((file) => existsSync(join(root, file)))) rmSync(join(root, compilerState), { force: true });
  await compile(root, ['-p', 'tsconfig.build.json'], signal);
  const editorCheck = compile(root, ['-p', 'tsconfig.editor.json', '--noEmit'], signal);
  await Promise.all([editorCheck, buildEditor(root, sources, types)]);
  markPrograms(root);
  writeWhereChanged(join(root, stampFile), `${JSON.stringify({ hash })}\n`);
  if (!quiet) console.log(`Built ${types.length} node types in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  return true;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    if (!(await build())) console.log('Nothing to build: everything is up to date.');
  } catch (error) {
    console.error(`The build failed. ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
