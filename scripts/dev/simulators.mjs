import { Problem } from '../prepare.mjs';
import { startSimulated } from '../start/simulated.mjs';

// A process of its own, so that a changed simulator can take the place of this one.
const [userDirectory, nodeRed] = process.argv.slice(2);
// Ctrl-C reaches every process of a terminal; when this one ends is said by the one that started it.
for (const name of ['SIGINT', 'SIGHUP']) process.on(name, () => undefined);

/** Ends with whoever started it, even where that was killed. */
function endsWith(close) {
  for (const event of ['SIGTERM', 'disconnect']) {
    process.once(event, async () => {
      await close();
      process.exit();
    });
  }
}

try {
  const { close, ...facts } = await startSimulated(userDirectory, nodeRed);
  endsWith(close);
  if (process.connected) process.send(facts);
  else await close();
} catch (error) {
  console.error(error instanceof Problem ? error.message : error);
  process.exitCode = 1;
}
