import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode, NodeRedProcess } from '../../support/node-red.js';
import { listenToComms, type Comms } from '../../support/node-red/comms.js';
import { repositoryRoot } from '../../support/node-red/user-dir.js';
import { gatewayNode } from '../envoy/flow.js';
import type { Scene } from '../envoy/scene.js';

type Publication = Comms['publications'][number];

/** What a debug node puts into the sidebar. */
interface SidebarEntry {
  readonly id?: string;
  readonly msg: string;
  /** Missing where a failure is shown that no Catch node took. */
  readonly format?: string;
}

/** What a person enters after the import. */
export interface Entered {
  /** The config nodes that are made, with their credentials. */
  readonly config?: readonly FlowNode[];
  /** Properties of nodes of the flow, by type: what is chosen or entered in their dialogs. */
  readonly chosen?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Properties by id, such as a wait that is too long for a test. */
  readonly changed?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The nodes of an example, as the editor imports them. */
function exampleNodes(name: string): FlowNode[] {
  return JSON.parse(readFileSync(join(repositoryRoot, 'examples', `${name}.json`), 'utf8')) as FlowNode[];
}

/** The config node of a scene's gateway with these credentials and no others: Node-RED keeps what a deploy leaves out. */
export function gatewayWith(scene: Scene, credentials: Readonly<Record<string, string>>): FlowNode {
  const none = { username: '', password: '', token: '' };
  return { ...gatewayNode(scene.gatewayProperties), credentials: { ...none, ...credentials } };
}

function valueOf({ format = '', msg }: SidebarEntry): unknown {
  if (format === 'undefined') return undefined;
  return format.startsWith('string') ? msg : JSON.parse(msg);
}

/** Examples in a real Node-RED, with their own debug nodes, and what an open editor shows of them. */
export class ExampleRun {
  readonly #nodeRed: NodeRedProcess;
  readonly #comms: Comms;
  /** Debug nodes that were deployed. */
  readonly #debugs = new Set<string>();
  /** What was shown before the last deploy or the last button is no answer to it. */
  #from = 0;

  private constructor(nodeRed: NodeRedProcess, comms: Comms) {
    this.#nodeRed = nodeRed;
    this.#comms = comms;
  }

  static async open(nodeRed: NodeRedProcess): Promise<ExampleRun> {
    return new ExampleRun(nodeRed, await listenToComms(nodeRed.url));
  }

  close(): void {
    this.#comms.close();
  }

  /** Deploys examples as they are, but for what a person enters. */
  async deploy(names: string | readonly string[], { config = [], chosen = {}, changed = {} }: Entered = {}) {
    const nodes = [names].flat().flatMap(exampleNodes);
    for (const { id, type } of nodes) if (type === 'debug') this.#debugs.add(id);
    this.#from = this.#comms.publications.length;
    const entered = nodes.map((node) => ({ ...node, ...chosen[node.type], ...changed[node.id] }));
    await this.#nodeRed.deploy([...entered, ...config]);
  }

  /** Presses the button of an inject node; any other node is given an empty message. */
  async press(id: string): Promise<void> {
    this.#from = this.#comms.publications.length;
    assert.equal((await this.#nodeRed.admin('POST', `/inject/${id}`, {})).status, 200);
  }

  /** What a debug node shows first since the last deploy or the last button, in the sidebar or else below itself. */
  async shown(id: string, limit?: number): Promise<unknown> {
    const { publications } = this.#comms;
    const isAnswer = (each: Publication) => publications.indexOf(each) >= this.#from && isFrom(id, each);
    const { topic, data } = await this.#comms.waitFor(isAnswer, limit).catch((cause: unknown) => {
      throw new Error(`${id} shows nothing.`, { cause });
    });
    return topic === 'debug' ? valueOf(data as SidebarEntry) : (data as { text: string }).text;
  }

  /** Resolves when a node shows this status, since the last deploy or the last button. */
  async status(id: string, wanted: string): Promise<void> {
    const { publications } = this.#comms;
    await this.#comms.waitFor(
      (each) =>
        publications.indexOf(each) >= this.#from &&
        each.topic === `status/${id}` &&
        (each.data as { text?: string }).text === wanted,
    );
  }

  /** Everything that a debug node has shown so far, oldest first. */
  all(id: string): unknown[] {
    return this.#comms.publications.filter((each) => isFrom(id, each)).map(({ data }) => valueOf(data as SidebarEntry));
  }

  /** Fails where a debug node of what was deployed has shown nothing: where a branch of an example was never taken. */
  assertAllShown(): void {
    const silent = [...this.#debugs].filter((id) => !this.#comms.publications.some((each) => isFrom(id, each)));
    assert.deepEqual(silent, []);
  }
}

function isFrom(id: string, { topic, data }: Publication): boolean {
  if (topic === `status/${id}`) return (data as { text?: string }).text !== undefined;
  return topic === 'debug' && (data as SidebarEntry).id === id && (data as SidebarEntry).format !== undefined;
}
