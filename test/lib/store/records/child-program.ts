import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** Leaves LevelDB where it is installed: its native part is found from there only. */
const installedLevel: Plugin = {
  name: 'installed-level',
  setup: (program) => {
    const path = pathToFileURL(createRequire(import.meta.url).resolve('classic-level')).href;
    program.onResolve({ filter: /^classic-level$/ }, () => ({ path, external: true }));
  },
};

/** A program of these tests, built into one file; `remove` takes it away. */
export async function buildChildProgram(entry: URL): Promise<{ file: string; remove: () => Promise<void> }> {
  const place = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
  const file = join(place, 'program.mjs');
  await build({
    entryPoints: [entry.pathname],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [installedLevel],
    logLevel: 'error',
  });
  return { file, remove: () => rm(place, { recursive: true, force: true }) };
}
