import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Waiting } from '../../support/node-red/waiting.js';

/** A rebuild of everything and a start of Node-RED come before some of the lines. */
const lineLimit = 240_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** How `npm run dev` is started. */
export interface DevOptions {
  /** The copy of the repository. */
  readonly root: string;
  readonly folder: string;
  readonly port: number;
}

/** The script behind `npm run dev` in a copy of the repository, at the head of a process group as in a terminal. */
export class DevProcess {
  readonly url: string;
  /** Everything that it and its children wrote. */
  log = '';
  /** Resolves with its status when it has ended, and with it every process that could still write. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Waiting();

  constructor({ root, folder, port }: DevOptions) {
    this.url = `http://127.0.0.1:${port}`;
    const inherited = Object.entries(process.env).filter(([name]) => !/^ENVOY_|^NODE_OPTIONS$/.test(name));
    const child = spawn(process.execPath, [join(root, 'scripts/dev.mjs')], {
      cwd: root,
      env: { ...Object.fromEntries(inherited), DEMO_DIR: folder, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
        this.#waiting.changed();
      });
    }
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => {
        running.delete(child);
        this.#waiting.end(new Error(`it ended. Its output:\n${this.log}`));
        resolve(code);
      });
    });
  }

  /** Resolves when it watches and the demo is there. */
  ready(): Promise<string> {
    return this.line(/^Watching for changes\..*$/m, 0);
  }

  /** Does something and resolves with the first text of this form that is written from then on. */
  after(action: () => void, form: RegExp): Promise<string> {
    const from = this.log.length;
    action();
    return this.line(form, from);
  }

  /** Resolves with the first text of this form in the log behind `from`. */
  line(form: RegExp, from: number): Promise<string> {
    const wanted = `${form.source} in the output`;
    return this.#waiting
      .until(wanted, () => form.exec(this.log.slice(from))?.[0], lineLimit)
      .catch((cause: unknown) => {
        throw new Error(`${wanted} never came. Output:\n${this.log}`, { cause });
      });
  }

  /** Presses Ctrl-C: the signal goes to every process of the terminal. */
  pressControlC(): void {
    process.kill(-(this.#child.pid ?? 0), 'SIGINT');
  }

  /** Sends a signal to this one process. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
