import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { build } from 'esbuild';

/** How a child process ended. */
interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** A running child process, line by line. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it writes, as it comes. */
  readonly lines: AsyncIterable<string>;
  readonly ended: Promise<ChildEnd>;
}

/** A TypeScript program, built once, that starts without a loader and therefore fast. */
export interface Program {
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Child;
  remove(): Promise<void>;
}

/** Builds a program of the tests with all that it imports into one file in a directory of its own. */
export async function buildProgram(entry: URL): Promise<Program> {
  const directory = await mkdtemp(join(tmpdir(), 'program-'));
  const file = join(directory, 'program.mjs');
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [entry.pathname],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: banner },
    logLevel: 'error',
  });
  return {
    start: (args, env = {}) => startChild(file, args, env),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function startChild(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const inherited = { ...process.env };
  delete inherited['NODE_OPTIONS'];
  const child = spawn(process.execPath, [file, ...args], { env: { ...inherited, ...env }, stdio: 'pipe' });
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    errors,
  }));
  return { process: child, lines: createInterface({ input: child.stdout }), ended };
}
