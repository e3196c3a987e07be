import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '../../support/node-red/user-dir.js';

/** The folder with the recorded systems, their expected values, and the tools for both. */
export const shared = resolve(repositoryRoot, '../shared');

/** Whether the recorded systems lie beside the repository. */
export const sharedPresent = existsSync(join(shared, 'envoy-recordings'));

/** How `npm run conformance` ended. */
export interface ConformanceEnd {
  readonly code: number | null;
  /** Everything that it wrote. */
  readonly text: string;
  /** What it wrote, without empty lines. */
  readonly lines: readonly string[];
  /** The verdicts by system. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** The lines below the verdict of a system, by system. */
  readonly details: Readonly<Record<string, readonly string[]>>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

function interpret(text: string): Omit<ConformanceEnd, 'code' | 'text'> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const verdicts: Record<string, string> = {};
  const details: Record<string, string[]> = {};
  let below: string[] = [];
  for (const line of lines) {
    const [, name, verdict] = /^(\S+)\s+(same|different|unreadable)$/.exec(line) ?? [];
    if (name !== undefined && verdict !== undefined) {
      verdicts[name] = verdict;
      details[name] = below = [];
    } else if (line.startsWith('    ')) below.push(line.trim());
  }
  return { lines, verdicts, details };
}

/** Runs the script behind `npm run conformance` to its end. */
export async function runConformance(given: readonly string[]): Promise<ConformanceEnd> {
  const script = join(repositoryRoot, 'scripts/conformance.mjs');
  const child = spawn(process.execPath, [script, ...given], {
    env: { ...process.env, NODE_OPTIONS: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  }
  const code = await new Promise<number | null>((done) => child.once('close', done));
  running.delete(child);
  return { code, text, ...interpret(text) };
}
