function seconds(from) {
  return `${((Date.now() - from) / 1000).toFixed(1)} s`;
}

function namesOf(paths) {
  if (paths.length === 0) return 'At the start';
  if (paths.length <= 3) return paths.join(', ');
  return `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} others`;
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The line about one round: what changed, what was done and how long it took since `from` (ms of the clock). */
export function lineOf({ changed, restarted, editor, runs, from }) {
  const done = restarted.length > 0 ? `${capitalized(restarted.join(' and '))} restarted` : 'Nothing to restart';
  const what = runs ? done : 'Node-RED does not run';
  const reload = editor ? ' Reload open editors.' : '';
  return `${namesOf(changed)}: built. ${what} (${seconds(from)}).${reload}`;
}

/** The lines about a round that failed. */
export function linesOfFailure({ changed, failure, runs, from }) {
  const rest = runs ? 'Node-RED goes on as it was' : 'The next change tries again';
  return `${namesOf(changed)}: the build failed (${seconds(from)}). ${rest}.\n${failure}`;
}
