import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A failure that the person at the keyboard can do something about: its text is shown without a stack. */
export class Problem extends Error {}

function numbers(version) {
  return version.replace(/^\D*/, '').split('.').map(Number);
}

/** Whether one version, such as `v20.19.1`, is at least the other. */
export function isAtLeast(version, wanted) {
  const [have, need] = [numbers(version), numbers(wanted)];
  const differing = need.findIndex((part, index) => (have[index] || 0) !== part);
  return differing < 0 || (have[differing] || 0) > need[differing];
}

/** Checks the version of Node against `engines` of package.json. @throws Problem */
export function checkNode(version = process.version) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  if (isAtLeast(version, wanted)) return;
  throw new Problem(`Node ${wanted.replace('>=', '')} or newer is needed, this is ${version}: see https://nodejs.org.`);
}

function lockedPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** Whether `node_modules` holds what package-lock.json asks for; packages for other systems may be missing. */
export function isInstalled(folder = root) {
  const installed = lockedPackages(join(folder, 'node_modules/.package-lock.json'));
  if (!installed) return false;
  // The entry without a path is the package itself.
  const wanted = Object.entries(lockedPackages(join(folder, 'package-lock.json'))).filter(([path]) => path !== '');
  return wanted.every(([path, { version, optional, peer }]) => {
    const found = installed[path];
    return found ? found.version === version : optional || peer;
  });
}

/** npm as a command: the one that runs this script, or else the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /\.c?js$/.test(script)) return { command: process.execPath, first: [script], shell: false };
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
}

/**
 * Runs npm with `given`; `options` are those of a child process. Resolves when it is done.
 * @throws Problem where it cannot be started or ends with a failure
 */
export function npm(given, options = {}) {
  const { command, first, shell } = npmCommand();
  const child = spawn(command, [...first, ...given], { stdio: 'inherit', shell, ...options });
  return new Promise((done, failed) => {
    child.on('error', (error) => failed(new Problem(`npm could not be started: ${error.message}`)));
    child.on('close', (code) => (code === 0 ? done() : failed(new Problem('The packages could not be installed.'))));
  });
}

/**
 * Brings a clone to the point where it runs: packages installed, package built. What is there already is left alone.
 * @param {{ signal?: AbortSignal }} [options] `signal` ends it before it is done, as a problem
 * @throws Problem
 */
export async function prepare({ signal } = {}) {
  checkNode();
  if (!isInstalled()) {
    console.log('Installing the packages ...');
    await npm(['ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: root, signal });
  }
  const { build } = await import('./build.mjs');
  try {
    await build({ signal });
  } catch (error) {
    throw new Problem(`The build failed. ${error.message}`);
  }
}

/** Runs a command of this repository; a problem ends it with a plain sentence and status 1. */
export async function run(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await run(prepare);
