import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../scripts/build.mjs';
import { findPlatform } from '../../scripts/platforms.mjs';
import { packageRoot, prepareUserDir, temporaryUserDir } from './node-red/user-dir.js';
import type { FlowNode, UserDirContent } from './node-red/user-dir.js';
import { Waiting } from './node-red/waiting.js';

export type { FlowNode };

/** How Node-RED is to be started. */
export interface NodeRedOptions extends Partial<UserDirContent> {
  /** Where Node-RED keeps its files; by default a new temporary folder. */
  userDir?: string;
  /** The pair of Node-RED and Node to start, a name of `scripts/platforms.mjs`; by default that of `NODE_RED_PLATFORM`, else 4.1. */
  platform?: string;
  /** Variables added to those of this process; undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** How much of the flows a deploy restarts; `reload` is *Restart Flows*: everything, from the files. */
export type DeployType = 'full' | 'flows' | 'nodes' | 'reload';

/** A message that reached a `test-output` node. */
export interface ReceivedMessage {
  /** Id of the `test-output` node. */
  readonly node: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** A reply of the admin API: its status, and its body as JSON where it is JSON, else as text. */
export interface AdminReply {
  readonly status: number;
  readonly body: unknown;
}

type Event =
  | { event: 'listening'; port: number }
  | { event: 'started' }
  | { event: 'refused'; reason: string }
  | { event: 'message'; node: string; message: Record<string, unknown> };

/** Processes that still run: none survives the tests. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * A Node-RED of its own process. Flows reach the test through nodes of the type `test-output` (see `waitForMessage`) and
 * get messages from it through nodes of the type `test-input` (see `send`).
 */
export class NodeRedProcess {
  readonly process: ChildProcess;
  readonly userDir: string;
  port = 0;
  /** Every message that reached a `test-output` node, oldest first. */
  readonly messages: ReceivedMessage[] = [];
  #log = '';
  #starts = 0;
  #refused: string | undefined;
  readonly #waiting = new Waiting();
  readonly #exit: Promise<void>;

  constructor(child: ChildProcess, userDir: string) {
    this.process = child;
    this.userDir = userDir;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        this.#waiting.changed();
      });
    }
    child.on('message', (event) => this.#receive(event as Event));
    this.#exit = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(child);
        this.#waiting.end(
          new Error(`Node-RED ended (${signal ?? `code ${code ?? 'unknown'}`}). Its log:\n${this.#log}`),
        );
        resolve();
      });
    });
  }

  /** Address of the editor and of the admin API, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  #receive(event: Event): void {
    if (event.event === 'listening') this.port = event.port;
    else if (event.event === 'started') this.#starts++;
    else if (event.event === 'refused') this.#refused = event.reason;
    else this.messages.push({ node: event.node, message: event.message });
    this.#waiting.changed();
  }

  /** Resolves when the flows have started more than `starts` times and the server listens. */
  async #started(starts: number): Promise<void> {
    const outcome = await this.#waiting.until('the flows to start', () => {
      if (this.#refused !== undefined) return `Node-RED did not start the flows: ${this.#refused}\n${this.#log}`;
      return this.#starts > starts && this.port > 0 ? '' : undefined;
    });
    if (outcome) throw new Error(outcome);
  }

  /** Resolves when Node-RED is up for the first time. Used by `startNodeRed`. */
  ready(): Promise<void> {
    return this.#started(0);
  }

  /** Everything that Node-RED wrote to its standard output and error. */
  log(): string {
    return this.#log;
  }

  /** Resolves with the match as soon as the log matches `pattern`; looks at what is already there too. */
  waitForLog(pattern: RegExp, limit?: number): Promise<RegExpExecArray> {
    return this.#waiting.until(
      `the log to match ${String(pattern)}`,
      () => pattern.exec(this.#log) ?? undefined,
      limit,
    );
  }

  /**
   * Resolves with the first message, from number `from` of `messages` on, that reached a `test-output` node and that
   * `wanted` accepts.
   */
  waitForMessage(
    wanted: (received: ReceivedMessage) => boolean = () => true,
    { from = 0, limit }: { from?: number; limit?: number } = {},
  ): Promise<ReceivedMessage> {
    return this.#waiting.until('a message', () => this.messages.slice(from).find(wanted), limit);
  }

  /** Has the `test-input` node `node` send `message`. */
  send(node: string, message: Readonly<Record<string, unknown>>): void {
    this.process.send({ event: 'send', node, message });
  }

  /** Calls the admin API; `path` starts with a slash. */
  async admin(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AdminReply> {
    const reply = await fetch(this.url + path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const isJson = (reply.headers.get('content-type') ?? '').includes('json');
    return { status: reply.status, body: isJson ? JSON.parse(text) : text };
  }

  /**
   * Deploys `flows` and resolves when they have started. A node may carry `credentials`. `headers` say who deploys, where
   * Node-RED wants to know.
   * @throws Error where Node-RED refuses them, or where a node type is missing.
   */
  async deploy(
    flows: readonly FlowNode[],
    type: DeployType = 'full',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const starts = this.#starts;
    this.#refused = undefined;
    const { status, body } = await this.admin(
      'POST',
      '/flows',
      { flows },
      { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type, ...headers },
    );
    if (status !== 200) throw new Error(`The deploy was refused with status ${status}: ${JSON.stringify(body)}`);
    await this.#started(starts);
  }

  /** *Restart Flows* of the editor: stops everything and starts it anew from the files. */
  restartFlows(): Promise<void> {
    return this.deploy([], 'reload');
  }

  /** Asks Node-RED to stop and resolves when its process has ended. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await this.#exit;
  }

  /** Ends the process at once, as a power cut would. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#exit;
  }
}

/** The platform that tests run on where they name none themselves. */
const platformUnderTest = process.env['NODE_RED_PLATFORM'] || '4.1';

/** A time zone in which it is about noon: around 23:00 a gateway's failures are not told (spec/envoy appendix C 12). */
function zoneAtNoon(): string {
  const offset = 12 - new Date().getUTCHours();
  // POSIX turns the sign round: Etc/GMT-3 is three hours ahead.
  return `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

/**
 * Starts a real Node-RED with the package under test and resolves when its flows run. The package is built first, where
 * its sources changed.
 * @throws Error with the log of Node-RED where it does not come up.
 */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRedProcess> {
  // A packed package has nothing left to build.
  if (existsSync(join(packageRoot, 'tsconfig.build.json'))) await build({ quiet: true, root: packageRoot });
  const { userDir = temporaryUserDir(), env, logLevel = 'info', platform = platformUnderTest, ...content } = options;
  prepareUserDir(userDir, { ...content, logLevel });
  const { node, nodeRed } = await findPlatform(platform);
  const child = fork(join(nodeRed, 'red.js'), ['--userDir', userDir], {
    cwd: userDir,
    execPath: node,
    // A test runner's loader is no business of the process under test.
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: undefined, TZ: zoneAtNoon(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const nodeRedProcess = new NodeRedProcess(child, userDir);
  try {
    await nodeRedProcess.ready();
  } catch (cause) {
    await nodeRedProcess.kill();
    throw new Error(`Node-RED did not come up: ${String(cause)}\n${nodeRedProcess.log()}`, { cause });
  }
  return nodeRedProcess;
}
