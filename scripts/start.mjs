import { checkNode, prepare, run } from './prepare.mjs';
import { demoOptions, portOf } from './start/command-line.mjs';
import { asked, endSignal } from './start/end.mjs';
import { proxyPath } from './start/enedis.mjs';
import { checkPort, startNodeRed, urlOf } from './start/node-red.mjs';
import { startSimulated } from './start/simulated.mjs';
import { openUserDirectory, provideSamples } from './start/user-directory.mjs';
import { welcome } from './start/welcome.mjs';

const command = 'npm start';
const help = `npm start                      the demo, at 127.0.0.1:1880 with a simulated gateway and a simulated Enedis
npm start -- --reset           afresh: your changes to the demo flows are put aside
npm start -- --verbose         with the whole log of Node-RED
PORT=1881 npm start            at another port
ENVOY_HOST=192.168.1.20 ENVOY_USERNAME=you@example.com ENVOY_PASSWORD=... npm start
                               with a gateway of your own (or ENVOY_TOKEN=... instead of user and password)`;

/** Runs Node-RED until somebody asks for the end. */
async function runNodeRed({ simulated, end, ...options }) {
  const whenAsked = asked(end);
  const nodeRed = startNodeRed({ ...options, proxyPath });
  try {
    const first = await Promise.race([nodeRed.ready, nodeRed.ended, whenAsked]);
    if (first === 'asked') return;
    welcome({ ...first, url: nodeRed.url, simulated, command });
    await Promise.race([nodeRed.ended, whenAsked]);
  } finally {
    await nodeRed.stop();
  }
}

/** Runs the demo with what is simulated in it. Where something fails, nothing is left running. */
async function runDemo({ port, userDirectory, end, ...options }) {
  const { samples, variables, simulated, close } = await startSimulated(userDirectory, urlOf(port));
  try {
    if (end.aborted) return;
    provideSamples(userDirectory, samples);
    await runNodeRed({ ...options, port, userDirectory, variables, simulated, end });
  } finally {
    await close();
  }
}

async function start() {
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
    await prepare({ signal: end });
  } catch (error) {
    if (end.aborted) return;
    throw error;
  }
  await runDemo({ port, userDirectory, verbose, end });
}

await run(start);
