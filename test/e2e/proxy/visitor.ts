import assert from 'node:assert/strict';
import { deviceCodeGrant } from '../../../lib/proxy/routes/token.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import type { FlowNode, NodeRedProcess, ReceivedMessage } from '../../support/node-red.js';
import { Browser, type ShownPage } from '../../support/proxy/browser.js';
import { WireClient, type WireAnswer } from '../../support/proxy/exchange.js';

/** Where people and devices are told to come; a reverse proxy with TLS is thought to be in front. */
export const publicOrigin = 'https://p.test';

const place = { z: 'tab', x: 100, y: 100 } as const;
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** A proxy node in front of the simulated Enedis; its output and its ways out reach the test. */
export function proxyNode(
  enedis: SimulatedEnedis,
  id: string,
  properties: Readonly<Record<string, unknown>> = {},
): FlowNode {
  const { authorization, applicationToken, data } = enedis.endpoints;
  const { clientId, clientSecret } = enedis.application;
  return {
    id,
    type: 'device-flow-proxy',
    ...place,
    name: '',
    path: `/${id}`,
    publicUrl: `${publicOrigin}/${id}`,
    mode: 'client_credentials',
    environment: 'custom',
    authorizationEndpoint: authorization,
    tokenEndpoint: applicationToken,
    dataEndpoint: data,
    apiMode: 'new',
    duration: 'P1095D',
    store: 'embedded',
    rateLimit: 12,
    minVersion: '',
    pkce: false,
    title: '',
    wires: [['events']],
    credentials: { clientId, clientSecret },
    ...properties,
  };
}

/** These proxies with a `test-output` behind their output, behind a Catch and behind a Status node. */
export function flowOf(...proxies: readonly FlowNode[]): FlowNode[] {
  const output = (id: string): FlowNode => ({ id, type: 'test-output', ...place });
  return [
    { id: 'tab', type: 'tab', label: 'Proxy' },
    ...proxies,
    { id: 'catch', type: 'catch', ...place, scope: null, uncaught: false, wires: [['caught']] },
    { id: 'statuses', type: 'status', ...place, scope: proxies.map(({ id }) => id), wires: [['status']] },
    ...['events', 'caught', 'status'].map(output),
  ];
}

interface StatusMessage {
  readonly status: { readonly text: string; readonly source: { readonly id: string } };
}

/** Deploys and resolves when these proxies are ready. */
export async function deployReady(nodeRed: NodeRedProcess, flow: readonly FlowNode[], ...ids: string[]): Promise<void> {
  const from = nodeRed.messages.length;
  await nodeRed.deploy(flow);
  for (const id of ids) await nodeRed.waitForMessage(isReady(id), { from });
}

/** Whether a message is the status of a proxy that is ready. */
export function isReady(id: string): (received: ReceivedMessage) => boolean {
  return ({ node, message }) => {
    const { status } = message as unknown as StatusMessage;
    return node === 'status' && status.source.id === id && status.text === 'ready';
  };
}

/** A device and its owner in front of one proxy of a Node-RED. */
export class Visitor {
  readonly path: string;
  readonly browser: Browser;
  readonly #client: WireClient;
  readonly #clientId: string;

  constructor(port: number, path: string, clientId: string) {
    this.path = path;
    this.#client = new WireClient(port);
    this.#clientId = clientId;
    this.browser = new Browser(this.#client, publicOrigin + path);
  }

  /** Posts a form as a device does. */
  form(below: string, members: Readonly<Record<string, string>> = {}): Promise<WireAnswer> {
    const body = new URLSearchParams({ client_id: this.#clientId, ...members }).toString();
    return this.#client.send({ method: 'POST', path: this.path + below, headers: formType, body });
  }

  get(below: string, headers: Readonly<Record<string, string>> = {}): Promise<WireAnswer> {
    return this.#client.send({ method: 'GET', path: this.path + below, headers });
  }

  /** Asks for codes. */
  async begin(): Promise<{ readonly deviceCode: string; readonly userCode: string }> {
    const { status, json, text } = await this.form('/device/code');
    assert.equal(status, 200, text);
    return { deviceCode: String(json['device_code']), userCode: String(json['user_code']) };
  }

  /** Enters a user code. @returns the address of the consent page */
  async enter(userCode: string): Promise<string> {
    const { status, location, text } = await this.browser.submit(await this.browser.open(`/device?code=${userCode}`));
    assert.equal(status, 303, text);
    assert.ok(location);
    return location;
  }

  /** Comes back from the consent page. */
  async comeBack(callback: string): Promise<ShownPage> {
    return this.browser.follow(await this.browser.open(callback));
  }

  poll(deviceCode: string): Promise<WireAnswer> {
    return this.form('/device/token', { grant_type: deviceCodeGrant, device_code: deviceCode });
  }

  close(): void {
    this.#client.close();
  }
}
