import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../prepare.mjs';
import { stopChild } from '../start/child.mjs';

/**
 * Starts the simulators in a process of their own. `ready` resolves with what `startSimulated` tells, or with undefined where they
 * cannot start, `ended` when they have ended.
 */
export function startSimulators(userDirectory, nodeRed) {
  const child = fork(join(root, 'scripts/dev/simulators.mjs'), [userDirectory, nodeRed], { cwd: root });
  const ended = once(child, 'exit');
  const told = once(child, 'message').then(([facts]) => facts);
  return {
    ready: Promise.race([told, ended.then(() => undefined)]),
    ended,
    stop: () => stopChild(child),
  };
}
