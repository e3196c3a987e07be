import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { usesTokens } from './account.mjs';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const usual = { http: 80, https: 443 };

const reasons = {
  EACCES: 'ports below 1024 need root; others are given with --http PORT and --https PORT',
  EADDRINUSE: 'its ports are in use; others are given with --http PORT and --https PORT',
  EADDRNOTAVAIL: 'this computer has no addresses 127.0.10.x',
  ENOENT: 'a program that it needs, openssl, is missing',
};

function reasonOf(complaint) {
  const code = Object.keys(reasons).find((each) => complaint.includes(each));
  return code ? reasons[code] : complaint.trim().split('\n').at(-1) || 'it gave no reason';
}

/** The first line that the player writes: what it plays, and where. */
function firstLine(child, ended) {
  let heard = '';
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
  return new Promise((done, failed) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      heard += text;
      if (heard.includes('\n')) done(JSON.parse(heard.slice(0, heard.indexOf('\n'))));
    });
    child.once('error', failed);
    void ended.then(() => failed(new Error(reasonOf(complaint))));
  });
}

/** The address as a gateway node takes it: with the port of the scheme that its firmware speaks, where it is unusual. */
function hostOf({ address, firmware }, ports) {
  const scheme = usesTokens(firmware) ? 'https' : 'http';
  return ports[scheme] === usual[scheme] ? address : `${address}:${ports[scheme]}`;
}

/**
 * Plays recordings with the player that comes with them, each system at an address 127.0.10.x of its own.
 * @throws Error with the reason where it does not start
 */
export async function playWithTools({ player, recordings, systems, http, https, folder }) {
  const ports = { http: http ?? usual.http, https: https ?? usual.https };
  const options = ['--sets', recordings, '--only', systems.join(',')];
  options.push('--http', String(ports.http), '--https', String(ports.https));
  // The player leaves its certificates where it made them.
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(process.execPath, [player, ...options], { stdio: ['ignore', 'pipe', 'pipe'], env });
  running.add(child);
  const ended = once(child, 'close').then(() => running.delete(child));
  const { cloud, ca, sets } = await firstLine(child, ended);
  const cloudUrl = new URL(cloud);
  if (ports.https !== usual.https) cloudUrl.port = String(ports.https);
  return {
    cloud: cloudUrl.origin,
    ca,
    gateways: Object.entries(sets).map(([name, played]) => ({
      name,
      firmware: played.firmware,
      host: hostOf(played, ports),
    })),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
