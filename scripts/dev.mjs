import { buildOnce } from './dev/build.mjs';
import { Demo } from './dev/demo.mjs';
import { lineOf, linesOfFailure } from './dev/report.mjs';
import { resultsOf } from './dev/results.mjs';
import { isInstalled, prepare, root } from './prepare.mjs';
import { runCommand } from './start/occasion.mjs';
import { welcome } from './start/welcome.mjs';

const command = 'npm run dev';
const help = `npm run dev                    the demo as by npm start; a change of the sources rebuilds it and restarts Node-RED
npm run dev -- --reset         afresh: your changes to the demo flows are put aside
npm run dev -- --verbose       with the whole log of Node-RED
PORT=1881, DEMO_DIR=..., ENVOY_HOST=...: as for npm start`;

function union(first, second) {
  return [...new Set([...first, ...second])].sort();
}

/** Says where everything is as soon as it is there. @returns whether it could be said */
async function greet(demo) {
  const facts = await demo.ready();
  if (!facts) return false;
  welcome({ ...facts, command });
  console.log('\nWatching for changes. Ctrl-C ends it.');
  return true;
}

/** Builds what changed, at the start nothing in particular, and shows it. @returns whether it was shown */
async function round({ changed, sources, demo, end }) {
  const from = Date.now();
  const flows = changed.some((path) => path.startsWith('demo/source/'));
  const failure = await buildOnce({ flows, end });
  // What changed while it was built may be the other half of the same change.
  if (end.aborted || sources.pending) return false;
  if (failure) {
    console.log(linesOfFailure({ changed, failure, runs: demo.runs, from }));
    return true;
  }
  const shown = await demo.show(resultsOf(root));
  if (!end.aborted && changed.length > 0) console.log(lineOf({ changed, ...shown, runs: demo.runs, from }));
  return true;
}

/** Builds and shows one change after the other, until somebody asks for the end. */
async function follow({ sources, demo, end }) {
  let changed = [];
  let greeted = false;
  while (!end.aborted) {
    const done = await round({ changed, sources, demo, end });
    if (demo.runs && !greeted) void greet(demo).then((said) => (greeted ||= said));
    const next = await sources.next();
    if (!next) return;
    changed = done ? next : union(changed, next);
  }
}

async function develop({ end, ...options }) {
  // Not before the packages are installed: it needs one of them.
  const { watchSources } = await import('./dev/watch.mjs');
  const sources = await watchSources(root, end);
  const demo = new Demo({ ...options, end });
  try {
    await follow({ sources, demo, end });
  } finally {
    await Promise.all([sources.close(), demo.stop()]);
  }
}

/** The first build is a round as any other: a mistake in it is shown, and waited for. */
async function installed(signal) {
  if (!isInstalled()) await prepare({ signal });
}

await runCommand({ command, help, prepare: installed, show: develop });
