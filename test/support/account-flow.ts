import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Node, NodeAPI } from 'node-red';
import { helper } from './node-test-helper.js';
import type { ProxyWorld } from './proxy-world.js';
import { publicClient } from './proxy-settings.js';

export type Fields = Readonly<Record<string, unknown>>;

/** A message that reached the end of an output. */
export interface SentMessage {
  readonly output: 'prompt' | 'outcome' | 'problem';
  readonly message: Fields & { readonly topic?: string; readonly payload: Fields };
}

/** A status as it was set. */
export interface SetStatus {
  readonly fill: string;
  readonly shape: string;
  readonly text: string;
}

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 } as const;
const outputs = ['prompt', 'outcome', 'problem'] as const;

/** The nodes, imported as they import the client: the runner of the tests would load a second copy of its errors. */
async function registrations() {
  const account = await import('../../nodes/enedis-account/enedis-account.js');
  const flow = await import('../../nodes/device-flow/device-flow.js');
  return [account.default, flow.default] as const;
}

/**
 * A flow of `enedis-account` and `device-flow` in the runtime of the test helper. Texts are their keys there, with values
 * behind: `status.waiting.minutes {"code":…}`.
 */
export class AccountFlow {
  readonly messages: SentMessage[] = [];
  readonly statuses: SetStatus[] = [];
  /** What Catch nodes would be given. */
  readonly errors: Fields[] = [];
  /** What open editors would be told, with what is retained. */
  readonly publications: { readonly topic: string; readonly data: unknown }[] = [];
  RED!: NodeAPI;
  #server: Server | undefined;
  readonly #waiting = new Set<() => void>();

  /** Starts the flow; `world` is where the account is. */
  async start(world: ProxyWorld, flow: Fields = {}, account: Fields = {}, credentials: Fields = {}): Promise<void> {
    const nodes = [
      { id: 'tab', type: 'tab' },
      { id: 'account', type: 'enedis-account', server: world.first.url, clientId: publicClient, ...account },
      { id: 'flow', type: 'device-flow', account: 'account', ...place, wires: outputs.map((each) => [each]), ...flow },
      ...outputs.map((id) => ({ id, type: 'helper', ...place })),
    ];
    const given = Object.keys(credentials).length > 0 ? { account: { ...credentials } } : {};
    const [registerAccount, registerFlow] = await registrations();
    await helper.load([(api) => this.#listen(api), registerAccount, registerFlow], nodes, given);
    for (const output of outputs) {
      helper.getNode(output).on('input', (message) => {
        this.messages.push({ output, message: message as unknown as SentMessage['message'] });
        this.#told();
      });
    }
  }

  /** Sends a message into the node. */
  send(message: Fields = {}): void {
    helper.getNode('flow').receive({ ...message });
  }

  /** Resolves with the first message at an output, from number `from` of `messages` on. */
  message(output: SentMessage['output'], from = 0): Promise<SentMessage['message']> {
    return this.until(() => this.messages.slice(from).find((each) => each.output === output)?.message);
  }

  /** Resolves when a status was shown of which the text starts so. */
  status(text: string, from = 0): Promise<SetStatus> {
    return this.until(() => this.statuses.slice(from).find((each) => each.text.startsWith(text)));
  }

  /** Resolves with what `find` finds, as soon as it is there. */
  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Asks the admin API. */
  async admin(method: string, path: string): Promise<{ readonly status: number; readonly body: Fields }> {
    this.#server ??= createServer(this.RED.httpAdmin).listen(0, '127.0.0.1');
    if (!this.#server.listening) await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    const reply = await fetch(`http://127.0.0.1:${String(port)}${path}`, { method });
    const text = await reply.text();
    return { status: reply.status, body: text.startsWith('{') ? (JSON.parse(text) as Fields) : {} };
  }

  /** Stops the flow, as a stop of Node-RED does; what was heard stays. */
  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    this.#server?.close();
    this.#server = undefined;
    await helper.unload();
  }

  /** Everything that anybody could see of the flow. */
  visible(): string {
    return JSON.stringify([this.messages, this.statuses, this.errors, this.publications]);
  }

  #told(): void {
    for (const look of [...this.#waiting]) look();
  }

  #listen(api: NodeAPI): void {
    this.RED = api;
    const create = api.nodes.createNode.bind(api.nodes);
    api.nodes.createNode = (node, config) => {
      create(node, config);
      if (config.id === 'flow') this.#hear(node);
    };
    const translate = api._.bind(api);
    api._ = (key: string, values?: Record<string, unknown>) =>
      key.startsWith('status.')
        ? `${key} ${JSON.stringify(values ?? {})}`
        : (translate as (...all: unknown[]) => string)(key, values);
    api.comms.publish = (topic: string, data: unknown) => {
      this.publications.push({ topic, data });
      this.#told();
    };
  }

  #hear(node: Node): void {
    node.status = (status) => {
      this.statuses.push(status as unknown as SetStatus);
      this.#told();
    };
    node.error = (error: unknown) => {
      this.errors.push({ ...(error as Fields), message: (error as Error).message });
      this.#told();
    };
  }
}

/** A person who enters the code of a prompt at the proxy of `world` and consents, or refuses, at Enedis. */
export async function answer(world: ProxyWorld, userCode: string, consents: boolean): Promise<void> {
  const browser = world.browser();
  const authorizeUrl = await world.enter(userCode, browser);
  const callback = consents
    ? await world.enedis.consent({ authorizeUrl })
    : await world.enedis.refuse({ authorizeUrl });
  const page = await browser.follow(await browser.open(callback));
  if (consents) assert.equal(page.status, 200, page.text);
}
