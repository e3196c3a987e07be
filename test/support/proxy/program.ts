import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { build } from '../../../scripts/build.mjs';
import { packageRoot } from '../node-red/user-dir.js';
import { Browser } from './browser.js';
import { WireClient } from './exchange.js';

/** How the program is started. */
export interface ProgramOptions {
  /** Its whole environment, `PATH` aside. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: any free port of this machine. */
  readonly args?: readonly string[];
  /** Where it runs; the embedded store lies there unless told otherwise. */
  readonly directory: string;
  /** What is run instead of the built program. */
  readonly command?: readonly [string, ...string[]];
  /** Whether signals go to everything that the command starts, as those of a terminal do. */
  readonly group?: boolean;
}

/** How it ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly message: string;
  readonly resolve: (line: LogLine) => void;
  readonly reject: (error: Error) => void;
}

/** The stand-alone proxy as a process of its own. */
export class ProxyProgram {
  readonly ended: Promise<ProgramEnd>;
  /** What it wrote so far. */
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #group: boolean;
  readonly #lines: LogLine[] = [];
  readonly #clients: WireClient[] = [];
  #waiting: Waiting[] = [];
  #over: ProgramEnd | undefined;

  constructor(child: ChildProcessByStdio<null, Readable, Readable>, group = false) {
    this.#child = child;
    this.#group = group;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#take(line);
    });
    this.ended = once(child, 'close').then((end) => {
      const [code, signal] = end as [ProgramEnd['code'], ProgramEnd['signal']];
      return this.#end({ code, signal });
    });
  }

  /** The log, parsed. @throws SyntaxError where a line is no JSON */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  #take(text: string): void {
    this.stdout += `${text}\n`;
    let line: LogLine;
    try {
      line = JSON.parse(text) as LogLine;
    } catch {
      return;
    }
    this.#lines.push(line);
    const met = this.#waiting.filter(({ message }) => message === line['message']);
    this.#waiting = this.#waiting.filter((each) => !met.includes(each));
    for (const { resolve } of met) resolve(line);
  }

  #end(end: ProgramEnd): ProgramEnd {
    this.#over = end;
    for (const { message, reject } of this.#waiting) reject(this.#without(message));
    this.#waiting = [];
    for (const client of this.#clients) client.close();
    return end;
  }

  #without(message: string): Error {
    const { code, signal } = this.#over ?? {};
    return new Error(
      `The program ended (${String(signal ?? code)}) without "${message}":\n${this.stdout}${this.stderr}`,
    );
  }

  /** A line of the log with this message, one that was written already included. @throws where it ends without */
  logged(message: string): Promise<LogLine> {
    const line = this.#lines.find((each) => each['message'] === message);
    if (line) return Promise.resolve(line);
    if (this.#over) return Promise.reject(this.#without(message));
    return new Promise((resolve, reject) => this.#waiting.push({ message, resolve, reject }));
  }

  /** The port, once it listens. */
  async port(): Promise<number> {
    const { address } = await this.logged('listening');
    return Number(new URL(String(address)).port);
  }

  /** Connections to it; closed when it ends. */
  async client(): Promise<WireClient> {
    const client = new WireClient(await this.port());
    this.#clients.push(client);
    return client;
  }

  /** A browser in front of it. */
  async browser(publicUrl: string): Promise<Browser> {
    return new Browser(await this.client(), publicUrl);
  }

  /** Of its process. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (this.#group && pid !== undefined) process.kill(-pid, signal);
    else this.#child.kill(signal);
  }

  /** Kills it, where it still runs. */
  async kill(): Promise<ProgramEnd> {
    try {
      if (!this.#over) this.signal('SIGKILL');
    } catch (error) {
      // It ended in this moment.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    return this.ended;
  }
}

/** Builds the program, where its sources changed. @returns what runs it */
export async function builtProgram(): Promise<readonly [string, ...string[]]> {
  if (existsSync(join(packageRoot, 'tsconfig.build.json'))) await build({ quiet: true, root: packageRoot });
  return [process.execPath, join(packageRoot, 'dist/lib/program/main.js'), 'device-flow-proxy'];
}

/** Starts the program; it may not have got far yet. */
export async function startProgram(options: ProgramOptions): Promise<ProxyProgram> {
  const { env = {}, args = ['--port', '0'], directory, group = false, command = await builtProgram() } = options;
  const [file, ...first] = command;
  const { PATH = '' } = process.env;
  const child = spawn(file, [...first, ...args], {
    cwd: directory,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: group,
  });
  return new ProxyProgram(child, group);
}
