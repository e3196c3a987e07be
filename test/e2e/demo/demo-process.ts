import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/node-red/user-dir.js';
import { Waiting } from '../../support/node-red/waiting.js';

/** Node-RED has to start, and a build may come before it. */
const startLimit = 120_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** How the demo is started. */
export interface DemoOptions {
  readonly folder: string;
  readonly port: number;
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The script behind `npm start`, as a process of its own. */
export class DemoProcess {
  readonly url: string;
  /** Everything that it and its children wrote. */
  log = '';
  readonly #child: ChildProcess;
  readonly #waiting = new Waiting();
  readonly #ended: Promise<number | null>;

  constructor({ folder, port, arguments: given = [], env = {} }: DemoOptions) {
    this.url = `http://127.0.0.1:${port}`;
    const inherited = Object.entries(process.env).filter(([name]) => !/^ENVOY_|^NODE_OPTIONS$/.test(name));
    const child = spawn(process.execPath, [join(repositoryRoot, 'scripts/start.mjs'), ...given], {
      env: { ...Object.fromEntries(inherited), DEMO_DIR: folder, PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
        this.#waiting.changed();
      });
    }
    this.#ended = new Promise((resolve) => {
      child.once('close', (code) => {
        running.delete(child);
        this.#waiting.end(new Error(`the demo ended. Its output:\n${this.log}`));
        resolve(code);
      });
    });
  }

  /** Resolves when it says that it is ready. */
  async ready(): Promise<void> {
    await this.#waiting.until(
      'the demo to be ready',
      () => /^Your gateway .*\n/m.test(this.log) || undefined,
      startLimit,
    );
  }

  /** Resolves with its status when it has ended. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Asks it to stop, as Ctrl-C does, and resolves with its status. */
  stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#ended;
  }
}
