import { checkNode, run } from '../prepare.mjs';
import { demoOptions, portOf } from './command-line.mjs';
import { endSignal } from './end.mjs';
import { checkPort } from './node-red.mjs';
import { openUserDirectory } from './user-directory.mjs';

async function occasion(command, help, prepare, show) {
  checkNode();
  const { reset, verbose, help: wantsHelp } = demoOptions(help);
  if (wantsHelp) {
    console.log(help);
    return;
  }
  const end = endSignal();
  const port = portOf(process.env.PORT);
  await checkPort(port, command);
  const userDirectory = openUserDirectory({ reset });
  try {
    await prepare(end);
  } catch (error) {
    if (end.aborted) return;
    throw error;
  }
  await show({ port, userDirectory, verbose, end });
}

/**
 * Runs a command that shows the demo: reads its options, looks whether port and folder are free, has `prepare` make the
 * package ready, and gives all of it to `show`. Ends quietly where somebody asks for the end.
 */
export function runCommand({ command, help, prepare, show }) {
  return run(() => occasion(command, help, prepare, show));
}
