/* global AbortController */
import { isInstalled, prepare, Problem } from '../prepare.mjs';

// A process of its own: what builds may have changed, too, and a module is loaded only once.
const ending = new AbortController();
for (const event of ['SIGTERM', 'disconnect']) process.once(event, () => ending.abort());
process.channel?.unref();

async function round() {
  if (!isInstalled()) await prepare({ signal: ending.signal });
  if (process.argv.includes('--flows')) await (await import('../flows.mjs')).writeFlows();
  const { build } = await import('../build.mjs');
  try {
    await build({ quiet: true, signal: ending.signal });
  } catch (error) {
    throw new Problem(error.message);
  }
}

try {
  await round();
} catch (error) {
  // Node shows the place of any other error only where nobody catches it.
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
