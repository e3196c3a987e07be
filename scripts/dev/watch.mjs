/* global clearTimeout */
import { once } from 'node:events';
import { basename, dirname, join, relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** What is saved within so many ms of each other is one change: a checkout, or an editor that saves all files. */
const quiet = 150;

const watched = [
  'lib',
  'nodes',
  'locales',
  'icons',
  'simulator',
  'demo/source',
  'demo/settings.cjs',
  'scripts/build',
  'scripts/build.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
  'tsconfig.editor.json',
];
const above = new Set(watched.flatMap((path) => [path, dirname(path)].filter((each) => each !== '.')));

/** What editors leave beside a file while it is open. */
function isEditorsOwn(path) {
  return /^\.|~$|^4913$/.test(basename(path));
}

function isWatched(path) {
  if (path === '' || above.has(path)) return true;
  return watched.some((each) => path.startsWith(`${each}/`)) && !isEditorsOwn(path);
}

/**
 * Watches everything that the demo is built from. The library is there because recursive watching of node:fs on Linux
 * loses sight of a file as soon as an editor replaces it.
 * `pending` says whether something changed since the last `next`, which resolves with the paths (from `root`, with forward
 * slashes, sorted) once nothing more comes, or with undefined when `end` is aborted.
 */
export async function watchSources(root, end) {
  const path = (absolute) => relative(root, absolute).split(sep).join('/');
  const watcher = watch(root, { ignoreInitial: true, ignored: (absolute) => !isWatched(path(absolute)) });
  const changed = new Set();
  let timer;
  let settled = false;
  let wake = () => undefined;
  const note = (absolute) => {
    changed.add(path(absolute));
    settled = false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      settled = true;
      wake();
    }, quiet);
  };
  for (const event of ['add', 'change', 'unlink']) watcher.on(event, note);
  end.addEventListener('abort', () => wake(), { once: true });
  await once(watcher, 'ready');
  watcher.on('error', (error) => console.error(`Watching ${join(root)}: ${error.message}`));
  return {
    get pending() {
      return changed.size > 0;
    },
    async next() {
      while (!end.aborted && !(settled && changed.size > 0)) await new Promise((done) => (wake = done));
      if (end.aborted) return undefined;
      const paths = [...changed].sort();
      changed.clear();
      return paths;
    },
    close() {
      clearTimeout(timer);
      return watcher.close();
    },
  };
}
