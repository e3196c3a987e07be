import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem, root } from '../prepare.mjs';
import { isOver, stopChild } from './child.mjs';

const address = '127.0.0.1';
/** Flows that a person changed may have no dashboard: after so many ms with an editor there is none to wait for. */
const dashboardPatience = 20_000;
/** A proxy whose store is not open after so many ms says itself what is wrong. */
const proxyPatience = 5_000;

/** Makes sure that nobody listens on the port. @throws Problem that says how to give `command` another one */
export async function checkPort(port, command) {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    const reason = error.code === 'EADDRINUSE' ? 'is taken (by another Node-RED?)' : `cannot be used (${error.code})`;
    const other = port === 65535 ? 1880 : port + 1;
    throw new Problem(`Port ${port} ${reason}. Another port: PORT=${other} ${command}`);
  }
  server.close();
  await once(server, 'close');
}

/** Where Node-RED answers. */
export function urlOf(port) {
  return `http://${address}:${port}`;
}

/** The status of a page; 0 while nobody listens. */
function statusOf(url) {
  return new Promise((done) => {
    get(url, (reply) => {
      reply.resume();
      done(reply.statusCode);
    }).on('error', () => done(0));
  });
}

/** Resolves when the editor is there. @returns false where Node-RED ended before */
async function editorReady(url, over) {
  while (!over()) {
    if ((await statusOf(`${url}/`)) === 200) return true;
    await delay(50);
  }
  return false;
}

/** Resolves when the dashboard is there, or when it seems that there is none. @returns whether there is one */
async function dashboardReady(url, over) {
  let editorSince;
  while (!over()) {
    if ((await statusOf(`${url}/dashboard/`)) === 200) return true;
    if ((await statusOf(`${url}/`)) === 200) {
      editorSince ??= Date.now();
      if (Date.now() - editorSince > dashboardPatience) return false;
    }
    await delay(150);
  }
  return false;
}

/** Resolves when the proxy has opened its store. @returns false where there is none, or it cannot start */
async function proxyReady(url, over) {
  const from = Date.now();
  while (!over() && Date.now() - from < proxyPatience) {
    const status = await statusOf(url);
    if (status !== 503) return status === 200;
    await delay(50);
  }
  return false;
}

async function whenReady(url, proxyPath, child) {
  const over = () => isOver(child);
  const dashboard = await dashboardReady(url, over);
  return { dashboard, proxy: await proxyReady(`${url}${proxyPath}/health`, over) };
}

async function whenEnded(child, stopping) {
  const [code, signal] = await once(child, 'exit');
  if (!stopping())
    throw new Problem(`Node-RED ended by itself (${signal ?? `status ${code}`}); its messages are above.`);
}

/**
 * Starts Node-RED with the user directory of the demo, on loopback.
 * `ready` resolves when the dashboard and the proxy are there, `answering()` as soon as the editor is; `ended` is rejected where Node-RED ends without being asked to.
 */
export function startNodeRed({ port, userDirectory, variables, proxyPath, verbose = false }) {
  const url = urlOf(port);
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
    ready: whenReady(url, proxyPath, child),
    answering: () => editorReady(url, () => isOver(child)),
    stop() {
      stopping = true;
      return stopChild(child);
    },
  };
}
