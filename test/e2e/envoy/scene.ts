import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCloud, startGateway } from '../../../simulator/index.js';
import type { AccountOptions, GatewayOptions, SimulatedCloud, SimulatedGateway } from '../../../simulator/index.js';
import { startNodeRed, type FlowNode, type NodeRedOptions, type NodeRedProcess } from '../../support/node-red.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { ids, readingFlow } from './flow.js';

/** The account of every scene; the password is the right one. */
export const owner = { username: 'owner@example.com', password: 'the-right-password' } as const;

/** How a scene is set. */
export interface SceneOptions {
  gateway?: GatewayOptions;
  account?: Partial<AccountOptions>;
  /** Credentials of the config node; by default those of `owner`. */
  credentials?: Readonly<Record<string, string>>;
  /** Properties of the nodes beyond host and cloud. */
  gatewayProperties?: Readonly<Record<string, unknown>>;
  readProperties?: Readonly<Record<string, unknown>>;
  nodeRed?: Pick<NodeRedOptions, 'env' | 'settings' | 'logLevel' | 'platform' | 'installed'>;
}

/** A simulated gateway, a simulated cloud with one account, and a Node-RED that can be ended and started again. */
export class Scene {
  readonly gateway: SimulatedGateway;
  readonly cloud: SimulatedCloud;
  readonly userDir = temporaryUserDir();
  readonly #options: SceneOptions;
  readonly #ca: string;
  #nodeRed: NodeRedProcess | undefined;

  private constructor(gateway: SimulatedGateway, cloud: SimulatedCloud, options: SceneOptions) {
    this.gateway = gateway;
    this.cloud = cloud;
    this.#options = options;
    this.#ca = join(this.userDir, 'cloud-ca.pem');
    writeFileSync(this.#ca, cloud.ca);
  }

  /** Starts gateway and cloud; Node-RED comes with `start`. */
  static async set(options: SceneOptions = {}): Promise<Scene> {
    const serial = options.gateway?.serial ?? '122600000042';
    const account = { email: owner.username, password: owner.password, serials: [serial], ...options.account };
    const cloud = await startCloud({ accounts: [account] });
    return new Scene(await startGateway({ startAt: 13, ...options.gateway, serial, cloud }), cloud, options);
  }

  /** The Node-RED that runs. */
  get nodeRed(): NodeRedProcess {
    if (!this.#nodeRed) throw new Error('Node-RED was not started.');
    return this.#nodeRed;
  }

  /** Properties that lead the config node to this scene. */
  get gatewayProperties(): Readonly<Record<string, unknown>> {
    const { host, port } = this.gateway;
    const { url } = this.cloud;
    return { host: `${host}:${port}`, cloudUrl: url, tokenUrl: url, ...this.#options.gatewayProperties };
  }

  /** The flow of the first start, with the given properties of the config node changed. */
  flow(gateway: Readonly<Record<string, unknown>> = {}): FlowNode[] {
    return readingFlow({ ...this.gatewayProperties, ...gateway }, this.#options.readProperties);
  }

  /** The credentials of the config node in a flow that is deployed. */
  flowWithCredentials(credentials: Readonly<Record<string, string>>): FlowNode[] {
    return this.flow().map((node) => (node.id === ids.gateway ? { ...node, credentials } : node));
  }

  /** Starts Node-RED for the first time, with a flow of its own where one is given. */
  async start(flows: readonly FlowNode[] = this.flow()): Promise<NodeRedProcess> {
    const { credentials = owner } = this.#options;
    return this.startAgain({ flows, credentials: { [ids.gateway]: credentials } });
  }

  /** Starts Node-RED on what the one before left behind. */
  async startAgain(content: Pick<NodeRedOptions, 'flows' | 'credentials'> = {}): Promise<NodeRedProcess> {
    const { env, ...nodeRed } = this.#options.nodeRed ?? {};
    this.#nodeRed = await startNodeRed({
      ...nodeRed,
      ...content,
      userDir: this.userDir,
      env: { NODE_EXTRA_CA_CERTS: this.#ca, LANG: 'en_US.UTF-8', LC_ALL: undefined, ...env },
    });
    return this.#nodeRed;
  }

  /** Ends everything. */
  async end(): Promise<void> {
    if (this.#nodeRed && this.#nodeRed.process.exitCode === null && this.#nodeRed.process.signalCode === null) {
      await this.#nodeRed.stop();
    }
    await Promise.all([this.gateway.close(), this.cloud.close()]);
  }
}
