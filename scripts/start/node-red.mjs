/* global clearTimeout */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem, root } from '../prepare.mjs';

const address = '127.0.0.1';
/** Flows that a person changed may have no dashboard: after so many ms with an editor there is none to wait for. */
const dashboardPatience = 20_000;

/** Makes sure that nobody listens on the port. @throws Problem that says how to take another one */
export async function checkPort(port) {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    const reason = error.code === 'EADDRINUSE' ? 'is taken (by another Node-RED?)' : `cannot be used (${error.code})`;
    const other = port === 65535 ? 1880 : port + 1;
    throw new Problem(`Port ${port} ${reason}. Another port: PORT=${other} npm start`);
  }
  server.close();
  await once(server, 'close');
}

/** Whether a page is there; false while nobody listens. */
function answers(url) {
  return new Promise((done) => {
    get(url, (reply) => {
      reply.resume();
      done(reply.statusCode === 200);
    }).on('error', () => done(false));
  });
}

async function whenReady(url, child) {
  let editorSince;
  while (child.exitCode === null && child.signalCode === null) {
    if (await answers(`${url}/dashboard/`)) return { dashboard: true };
    if (await answers(`${url}/`)) {
      editorSince ??= Date.now();
      if (Date.now() - editorSince > dashboardPatience) return { dashboard: false };
    }
    await delay(150);
  }
  return { dashboard: false };
}

async function whenEnded(child, stopping) {
  const [code, signal] = await once(child, 'exit');
  if (!stopping())
    throw new Problem(`Node-RED ended by itself (${signal ?? `status ${code}`}); its messages are above.`);
}

/**
 * Starts Node-RED with the user directory of the demo, on loopback.
 * `ready` resolves when the dashboard is there, `ended` is rejected where Node-RED ends without being asked to.
 */
export function startNodeRed({ port, userDirectory, variables, verbose = false }) {
  const url = `http://${address}:${port}`;
  const settings = join(root, 'demo/settings.cjs');
  const child = fork(
    join(root, 'node_modules/node-red/red.js'),
    ['--settings', settings, '--userDir', userDirectory, '--port', String(port)],
    {
      cwd: userDirectory,
      execArgv: [],
      env: { ...process.env, ...variables, DEMO_DIR: userDirectory, DEMO_LOG: verbose ? 'info' : 'warn' },
    },
  );
  let stopping = false;
  const ended = whenEnded(child, () => stopping);
  // Whoever waits for it gets the rejection; nobody may be waiting yet.
  ended.catch(() => undefined);
  return {
    url,
    ended,
    ready: whenReady(url, child),
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(hard);
    },
  };
}
