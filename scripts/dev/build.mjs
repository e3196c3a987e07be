import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../prepare.mjs';
import { stopChild } from '../start/child.mjs';

/** Messages that name files from the root of the repository, without what is Node's own. */
function readable(text) {
  const lines = text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '').trim().split('\n');
  const own = lines.filter((line) => !/\(node:internal|^Node\.js v/.test(line));
  return own.map((line) => `    ${line}`.trimEnd()).join('\n');
}

/**
 * Builds what changed, in a process of its own. `flows` makes the flows of the demo anew, too. An abort of `end` ends it.
 * @returns what is wrong, ready to be shown, or undefined where all is well
 */
export async function buildOnce({ flows, end }) {
  const child = fork(join(root, 'scripts/dev/round.mjs'), flows ? ['--flows'] : [], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const stop = () => stopChild(child);
  end.addEventListener('abort', stop, { once: true });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const [code, signal] = await once(child, 'close');
  end.removeEventListener('abort', stop);
  if (code === 0) return undefined;
  return readable(output || `The build ended with ${signal ?? `status ${code}`}.`);
}
