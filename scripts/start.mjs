/* global AbortController */
import * as util from 'node:util';
import { checkNode, prepare, Problem, run } from './prepare.mjs';
import { closeAll } from './start/built.mjs';
import { proxyPath, startSimulatedEnedis } from './start/enedis.mjs';
import { checkPort, startNodeRed, urlOf } from './start/node-red.mjs';
import { gatewayVariables, namesGateway } from './start/gateway.mjs';
import { startSimulator } from './start/simulator.mjs';
import { openUserDirectory, provideSamples } from './start/user-directory.mjs';

const help = `npm start                      the demo, at 127.0.0.1:1880 with a simulated gateway and a simulated Enedis
npm start -- --reset           afresh: your changes to the demo flows are put aside
npm start -- --verbose         with the whole log of Node-RED
PORT=1881 npm start            at another port
ENVOY_HOST=192.168.1.20 ENVOY_USERNAME=you@example.com ENVOY_PASSWORD=... npm start
                               with a gateway of your own (or ENVOY_TOKEN=... instead of user and password)`;

function commandLine() {
  try {
    const flags = { reset: { type: 'boolean' }, verbose: { type: 'boolean' }, help: { type: 'boolean' } };
    return util.parseArgs({ options: flags }).values;
  } catch (error) {
    throw new Problem(`${error.message}\n\n${help}`);
  }
}

function portOf(text = '1880') {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Problem(`PORT must be a number from 1 to 65535, not "${text}".`);
}

/** Aborted when somebody asks for the end: Ctrl-C, or SIGTERM. A second Ctrl-C ends at once. */
function endSignal() {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => ending.abort());
  return ending.signal;
}

/** Resolves to 'asked' when the signal is aborted. */
function asked(end) {
  return new Promise((done) => end.addEventListener('abort', () => done('asked'), { once: true }));
}

function tell({ url, dashboard, proxy, simulated }) {
  console.log();
  if (dashboard) console.log(`Dashboard     ${url}/dashboard`);
  else console.log('Dashboard     your flows have none at /dashboard');
  console.log(`Editor        ${url}/`);
  if (proxy) console.log(`Linky proxy   ${url}${proxyPath}`);
  if (simulated) {
    console.log('Your gateway  ENVOY_HOST=192.168.1.20 ENVOY_USERNAME=you@example.com ENVOY_PASSWORD=... npm start');
  } else {
    console.log(
      `Your gateway  ${process.env.ENVOY_HOST || 'envoy.local'}; without ENVOY_... variables the simulated one is read`,
    );
  }
}

/** Runs Node-RED until somebody asks for the end. */
async function runNodeRed({ simulator, enedis, end, ...options }) {
  const variables = { ...gatewayVariables(process.env, simulator?.variables), ...enedis.variables };
  const whenAsked = asked(end);
  const nodeRed = startNodeRed({ ...options, variables, proxyPath });
  try {
    const first = await Promise.race([nodeRed.ready, nodeRed.ended, whenAsked]);
    if (first === 'asked') return;
    tell({ ...first, url: nodeRed.url, simulated: simulator !== undefined });
    await Promise.race([nodeRed.ended, whenAsked]);
  } finally {
    await nodeRed.stop();
  }
}

/** Runs the demo with what is simulated in it. Where something fails, nothing is left running. */
async function runDemo({ port, userDirectory, end, ...options }) {
  const running = [];
  try {
    const simulator = namesGateway(process.env) ? undefined : await startSimulator(userDirectory);
    if (simulator) running.push(simulator);
    const enedis = await startSimulatedEnedis(userDirectory, urlOf(port));
    running.push(enedis);
    if (end.aborted) return;
    provideSamples(userDirectory, simulator?.samples);
    await runNodeRed({ ...options, port, userDirectory, simulator, enedis, end });
  } finally {
    await closeAll(running);
  }
}

async function start() {
  checkNode();
  const { reset, verbose, help: wantsHelp } = commandLine();
  if (wantsHelp) {
    console.log(help);
    return;
  }
  const end = endSignal();
  const port = portOf(process.env.PORT);
  await checkPort(port);
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
