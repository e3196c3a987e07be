import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from '../../scripts/build.mjs';
import { packageRoot, temporaryUserDir } from './node-red/user-dir.js';

/** The name of the package under test. */
export const packageName = '@energy-nodes/node-red-envoy-linky';

/** Runs npm quietly. @returns what it wrote; fails with that where npm fails */
export async function npm(directory: string, ...given: string[]): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const child = spawn('npm', [...given, ...quiet], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, output);
  return output;
}

async function pack(): Promise<string> {
  await build({ quiet: true, root: packageRoot });
  const folder = temporaryUserDir();
  const output = await npm(packageRoot, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const [file] = /energy-nodes-\S+\.tgz/.exec(output) ?? [];
  assert.ok(file, output);
  return join(folder, file);
}

let packed: Promise<string> | undefined;

/** The archive that `npm pack` makes of the package, built first; made once in this process. */
export function packedPackage(): Promise<string> {
  return (packed ??= pack());
}
