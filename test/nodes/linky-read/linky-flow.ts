import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import registerRead from '../../../nodes/linky-read/linky-read.js';
import type { AccountNode } from '../../../nodes/shared/account-node.js';
import { MeterWorld, type MeterWorldOptions } from '../../lib/linky/reader/meter-world.js';
import { helper } from '../../support/node-test-helper.js';

export type Message = NodeMessage & Readonly<Record<string, unknown>>;

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 } as const;
const { now: realNow } = Date;

/** An error as a Catch node sees it. */
export interface CaughtError {
  readonly message: string;
  readonly code: string;
}

const require = createRequire(import.meta.url);
const core = (name: string) => require(`@node-red/nodes/core/common/${name}`) as (RED: NodeAPI) => void;

/** A `linky-read` node over a real reader, a real proxy and the simulated Enedis, on the clock of that world. */
export class LinkyFlow {
  readonly world: MeterWorld;
  /** What came out of the first output, progress included. */
  readonly data: Message[] = [];
  /** What came out of the second output. */
  readonly problems: Message[] = [];
  readonly statuses: string[] = [];
  /** Messages that the node is done with, and what a Catch node saw. */
  readonly done: Message[] = [];
  readonly caught: Message[] = [];
  #asked = 0;
  readonly #events = new EventEmitter();

  private constructor(world: MeterWorld) {
    this.world = world;
    this.#events.setMaxListeners(50);
  }

  static async start(
    properties: Readonly<Record<string, unknown>> = {},
    options: MeterWorldOptions = {},
  ): Promise<LinkyFlow> {
    const flow = new LinkyFlow(await MeterWorld.start(options));
    flow.setClock(flow.world.now);
    await flow.load(properties);
    return flow;
  }

  get node(): Node {
    return helper.getNode('read');
  }

  /** Lets the clock of the nodes run from a moment on, ms since the epoch. */
  setClock(start: number): void {
    const shift = start - realNow();
    Date.now = () => realNow() + shift;
  }

  /** Loads the node with a helper behind each output, and what tells how messages ended. */
  async load(properties: Readonly<Record<string, unknown>>): Promise<void> {
    await this.loadNodes(
      [core('24-complete.js'), core('25-catch.js')],
      [
        { id: 'tab', type: 'tab' },
        { ...place, id: 'read', type: 'linky-read', account: 'account', ...properties, wires: [['data'], ['auth']] },
        { ...place, id: 'data', type: 'helper' },
        { ...place, id: 'auth', type: 'helper' },
        { ...place, id: 'complete', type: 'complete', scope: ['read'], wires: [['done']] },
        { ...place, id: 'catch', type: 'catch', scope: ['read'], wires: [['caught']] },
        { ...place, id: 'done', type: 'helper' },
        { ...place, id: 'caught', type: 'helper' },
      ],
    );
    this.#follow();
  }

  /** Loads other nodes; the account of this world is the node `account`. */
  async loadNodes(
    registrations: readonly ((RED: NodeAPI) => void)[],
    nodes: readonly Readonly<Record<string, unknown>>[],
  ): Promise<void> {
    await helper.unload();
    const { world } = this;
    const registerAccount = (RED: NodeAPI): void => {
      function Account(this: AccountNode, definition: NodeDef): void {
        RED.nodes.createNode(this, definition);
        this.openReader = () => Promise.resolve(world.reader);
        this.openAccount = () => Promise.resolve(world.account);
      }
      RED.nodes.registerType('enedis-account', Account as never);
    };
    const account = { id: 'account', type: 'enedis-account' };
    await helper.load([registerAccount, registerRead, ...registrations], [account, ...nodes]);
  }

  #follow(): void {
    const tell = <T>(list: T[], entry: T): void => {
      list.push(entry);
      this.#events.emit('told');
    };
    const outputs = { data: this.data, auth: this.problems, done: this.done, caught: this.caught };
    for (const [id, list] of Object.entries(outputs)) {
      helper.getNode(id).on('input', (message) => tell(list, message as Message));
    }
    const calls = this.node as unknown as EventEmitter;
    calls.on('call:status', ({ args }: { args: readonly [{ text: string }] }) => tell(this.statuses, args[0].text));
  }

  /** Sends a message in. @returns what a Catch node sees, once the node is done with the message */
  async ask(message: NodeMessage & Record<string, unknown> = { payload: '' }): Promise<CaughtError | undefined> {
    const id = (message._msgid ??= `message-${String(++this.#asked)}`);
    this.node.receive(message);
    const isThis = ({ _msgid }: Message): boolean => _msgid === id;
    await this.until(() => this.done.some(isThis) || this.caught.some(isThis));
    return this.caught.find(isThis)?.['error'] as CaughtError | undefined;
  }

  /** Resolves as soon as something that came out, or was shown, makes it so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await once(this.#events, 'told');
  }

  async close(): Promise<void> {
    await helper.unload();
    Date.now = realNow;
    await this.world.close();
  }
}
