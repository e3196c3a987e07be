import type { FlowNode } from '../../support/node-red.js';

/** Ids of the nodes of `readingFlow`: where messages go in, and what hears each of the ways out. */
export const ids = {
  input: 'input',
  read: 'read',
  gateway: 'gateway',
  data: 'data',
  authentication: 'authentication',
  caught: 'caught',
  completed: 'completed',
  status: 'status',
} as const;

type Properties = Readonly<Record<string, unknown>>;

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 } as const;

/** The config node; the cloud's addresses lead nowhere unless given. */
export function gatewayNode(properties: Properties, id: string = ids.gateway): FlowNode {
  const nowhere = 'http://127.0.0.1:9';
  return {
    type: 'envoy-gateway',
    name: '',
    host: '127.0.0.1:9',
    tls: 'pin',
    fingerprint: '',
    cloudUrl: nowhere,
    tokenUrl: nowhere,
    refreshBefore: 30,
    timeout: 45,
    ...properties,
    id,
  };
}

/** A node `envoy-read` that reads on input only, all that the gateway has. */
export function readNode(properties: Properties = {}, id: string = ids.read): FlowNode {
  return {
    type: 'envoy-read',
    ...place,
    name: '',
    gateway: ids.gateway,
    datasets: [],
    interval: 0,
    stream: false,
    raw: false,
    wires: [[ids.data], [ids.authentication]],
    ...properties,
    id,
  };
}

/** A node `test-output`: what reaches it reaches the test. */
export function outputNode(id: string): FlowNode {
  return { id, type: 'test-output', ...place };
}

/**
 * A flow around the given read nodes: a `test-input` before them, and a `test-output` behind each output, behind a Catch,
 * a Complete and a Status node.
 */
export function flowAround(gateways: readonly FlowNode[], reads: readonly FlowNode[]): FlowNode[] {
  const names = reads.map(({ id }) => id);
  const heard = [ids.data, ids.authentication, ids.caught, ids.completed, ids.status];
  return [
    { id: 'tab', type: 'tab', label: 'Solar' },
    ...gateways,
    { id: ids.input, type: 'test-input', ...place, wires: [names] },
    ...reads,
    { id: 'catch', type: 'catch', ...place, scope: null, uncaught: false, wires: [[ids.caught]] },
    { id: 'complete', type: 'complete', ...place, scope: names, wires: [[ids.completed]] },
    { id: 'statuses', type: 'status', ...place, scope: names, wires: [[ids.status]] },
    ...heard.map(outputNode),
  ];
}

/** The flow with one gateway and one read node. */
export function readingFlow(gateway: Properties, read: Properties = {}): FlowNode[] {
  return flowAround([gatewayNode(gateway)], [readNode(read)]);
}
