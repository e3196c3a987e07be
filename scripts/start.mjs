import { prepare } from './prepare.mjs';
import { asked } from './start/end.mjs';
import { proxyPath } from './start/enedis.mjs';
import { startNodeRed, urlOf } from './start/node-red.mjs';
import { runCommand } from './start/occasion.mjs';
import { startSimulated } from './start/simulated.mjs';
import { provideSamples } from './start/user-directory.mjs';
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

await runCommand({ command, help, prepare: (signal) => prepare({ signal }), show: runDemo });
