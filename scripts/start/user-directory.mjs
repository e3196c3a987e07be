import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem, root } from '../prepare.mjs';
import { enedisFile } from './enedis.mjs';
import { sceneFile } from './scene.mjs';

/** Marks a folder as one of the demo's, and tells which flows it was given. */
const markFile = 'demo.json';
const packages = {
  '@energy-nodes/node-red-envoy-linky': root,
  '@flowfuse/node-red-dashboard': join(root, 'node_modules/@flowfuse/node-red-dashboard'),
};

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function markOf(folder) {
  const path = join(folder, markFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Node-RED must never get a folder that belongs to somebody's real installation. */
function claim(folder) {
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(folder, markFile)) || readdirSync(folder).length === 0) return;
  throw new Problem(`${folder} is not empty and was not made by the demo: set DEMO_DIR to another folder.`);
}

function linkPackages(folder) {
  for (const [name, target] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    // A link that points to where the clone was before is no use any more.
    if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
    symlinkSync(target, link, 'junction');
  }
}

/** The secret with which Node-RED encrypts the credentials of the demo, also those typed into its editor. */
function secretOf(folder) {
  const path = join(folder, 'credential-secret');
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(path, 'utf8');
}

/** Credentials in the form that Node-RED keeps: AES-256-CTR under the SHA-256 of the secret, the IV in front. */
function encrypted(text, secret) {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(secret).digest(), iv);
  return JSON.stringify({ $: iv.toString('hex') + cipher.update(text, 'utf8', 'base64') + cipher.final('base64') });
}

function putAside(folder) {
  const flows = join(folder, 'flows.json');
  if (existsSync(flows)) {
    const kept = join(folder, `flows.before-reset-${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
    renameSync(flows, kept);
    console.log(`The flows until now are kept as ${kept}.`);
  }
  for (const name of ['flows_cred.json', 'energy-nodes', 'credential-secret', sceneFile, enedisFile]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function giveFlows(folder, hash) {
  copyFileSync(join(root, 'demo/flows.json'), join(folder, 'flows.json'));
  const credentials = JSON.stringify(JSON.parse(readFileSync(join(root, 'demo/flows_cred.json'), 'utf8')));
  writeFileSync(join(folder, 'flows_cred.json'), encrypted(credentials, secretOf(folder)), { mode: 0o600 });
  writeFileSync(join(folder, markFile), `${JSON.stringify({ flows: hash }, null, 2)}\n`);
}

/** Brings in the flows of the demo; flows that a person changed stay. */
function provideFlows(folder) {
  const flows = join(folder, 'flows.json');
  const given = markOf(folder)?.flows;
  const current = hashOf(join(root, 'demo/flows.json'));
  if (!existsSync(flows) || (given !== current && hashOf(flows) === given)) {
    giveFlows(folder, current);
  } else if (hashOf(flows) !== given) {
    const news = given === current ? '' : ' The demo has changed since.';
    console.log(`Your own version of the demo flows is used.${news} "npm start -- --reset" brings the demo back.`);
  }
}

/** Readings from before the start, for the chart; there are some only where the gateway is simulated. */
export function provideSamples(folder, samples) {
  const path = join(folder, 'samples.json');
  if (samples) writeFileSync(path, JSON.stringify(samples));
  else rmSync(path, { force: true });
}

/**
 * Makes the Node-RED user directory of the demo ready: `.demo` in the repository, or the one that DEMO_DIR names. It stays
 * between starts, so that tokens survive.
 * @throws Problem
 */
export function openUserDirectory({ reset = false } = {}) {
  const folder = resolve(process.env.DEMO_DIR || join(root, '.demo'));
  claim(folder);
  if (reset) putAside(folder);
  provideFlows(folder);
  secretOf(folder);
  linkPackages(folder);
  return folder;
}
