import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../../scripts/platforms.mjs';

const probe = join(dirname(fileURLToPath(import.meta.url)), 'probe.cjs');

/** What one start of Node-RED took, up to the moment in which its flows run. */
export interface Start {
  /** From the start of the process to the flows, ms. */
  readonly milliseconds: number;
  /** CPU of the process, user and system, ms. */
  readonly cpuMilliseconds: number;
  /** Memory of the process after a garbage collection, bytes. */
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Packages of the user directory that were loaded by `require`. */
  readonly loaded: readonly string[];
}

/** Settings and an empty flow: Node-RED starts as it does in a house in which our nodes are installed and not used. */
export function prepareDirectory(userDir: string): void {
  mkdirSync(userDir, { recursive: true });
  const settings = {
    uiHost: '127.0.0.1',
    uiPort: 0,
    flowFile: 'flows.json',
    credentialSecret: 'bench',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, projects: { enabled: false } },
  };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n`);
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify([{ id: 'tab', type: 'tab', label: 'Flow 1' }]));
}

/** Starts Node-RED on `userDir`, measures and ends it. @throws Error where it ends before its flows run */
export async function measureStart({ node, nodeRed }: Platform, userDir: string): Promise<Start> {
  const begun = performance.now();
  const child = fork(join(nodeRed, 'red.js'), ['--userDir', userDir], {
    cwd: userDir,
    execPath: node,
    execArgv: ['--expose-gc', '--require', probe],
    env: { ...process.env, NODE_OPTIONS: undefined },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const milliseconds = await new Promise<number>((resolve, reject) => {
    let written = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      written += text;
      if (written.includes('Started flows')) resolve(performance.now() - begun);
    });
    child.once('exit', () => reject(new Error(`Node-RED ended before its flows ran:\n${written}`)));
  });
  const answer = once(child, 'message');
  child.send('measure');
  const [measured] = (await answer) as [Omit<Start, 'milliseconds'>];
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return { milliseconds, ...measured };
}
