import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const shared = resolve(fileURLToPath(new URL('../../../../shared', import.meta.url)));
const recordings = join(shared, 'envoy-recordings');

/** Whether the recorded systems lie beside the repository. */
export const recordingsPresent = existsSync(recordings);

/** A recorded system that is played as a live gateway. */
interface PlayedSystem {
  readonly address: string;
  readonly serial: string;
  readonly firmware: string;
}

/** All recorded systems, played, with a cloud that knows them. */
export interface Replay {
  readonly cloud: string;
  /** File with the certificate of the cloud. */
  readonly ca: string;
  readonly sets: Readonly<Record<string, PlayedSystem>>;
}

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Plays every recorded system until `stop` is called; the ports 80 and 443 of its addresses must be free. */
export async function startReplay(): Promise<{ replay: Replay; stop: () => Promise<void> }> {
  const player = join(shared, 'tools/replay-envoy.mjs');
  const child = spawn(process.execPath, [player, '--sets', recordings], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const line = await new Promise<string>((resolve, reject) => {
    let heard = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      if (heard.includes('\n')) resolve(heard);
    });
    void ended.then(() => reject(new Error(`The recorded gateways could not be played: ${complaint}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    children.delete(child);
  };
  return { replay: JSON.parse(line) as Replay, stop };
}

interface Expected {
  readonly error?: unknown;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What the reference reads from a recorded system; `error` where it cannot read it. */
export function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(join(shared, 'envoy-expected', `${name}.json`), 'utf8')) as Expected;
}

/** The differences between expected values and a payload, in all of their parts. */
export async function differences(expected: Expected, payload: Readonly<Record<string, unknown>>): Promise<string[]> {
  const tool = (await import(pathToFileURL(join(shared, 'tools/compare.mjs')).href)) as {
    differences: (expected: unknown, payload: unknown) => string[];
  };
  return tool.differences(expected, payload);
}
