import { commandNames } from '../../../lib/envoy/commands/types.js';
import type { GatewayOptions } from '../../../simulator/index.js';
import type { FlowNode, NodeRedProcess } from '../../support/node-red.js';
import { ask, type Answer } from '../envoy/conversation.js';
import { flowAround, gatewayNode, ids, readNode } from '../envoy/flow.js';
import { Scene, type SceneOptions } from '../envoy/scene.js';

type Properties = Readonly<Record<string, unknown>>;

/** A gateway with everything that the simulator has, whose relays and batteries obey at once. */
export const equipped: GatewayOptions = {
  phases: 3,
  inverters: 6,
  detailedInverters: true,
  batteries: { count: 2, withController: true, groups: 2 },
  acBatteries: 2,
  generator: true,
  collar: true,
  combiner: true,
};

/** Everything that a control node may be allowed. */
export const everyCommand = [...commandNames, 'request'];

/** A node `envoy-control` that takes its command from the message and may do nothing, as one from the palette. */
export function controlNode(id: string, properties: Properties = {}): FlowNode {
  return {
    type: 'envoy-control',
    z: 'tab',
    x: 100,
    y: 100,
    name: '',
    gateway: ids.gateway,
    command: '',
    allow: [],
    wires: [[ids.data], [ids.authentication]],
    ...properties,
    id,
  };
}

/** The `test-input` before a control node. */
function inputOf(control: string): string {
  return `input of ${control}`;
}

/** A flow with one read node and control nodes, each with an input of its own; what they say is heard like a reading. */
export function controlFlow(scene: Scene, controls: readonly FlowNode[], more: readonly FlowNode[] = []): FlowNode[] {
  const heard = controls.map(({ id }) => id);
  const flow = flowAround([gatewayNode(scene.gatewayProperties)], [readNode()]).map((node) => {
    const listens = node.type === 'complete' || node.type === 'status';
    return listens ? { ...node, scope: [ids.read, ...heard] } : node;
  });
  const inputs = heard.map((id) => ({ id: inputOf(id), type: 'test-input', z: 'tab', x: 1, y: 1, wires: [[id]] }));
  return [...flow, ...controls, ...inputs, ...more];
}

/** A scene with `equipped`, changed by the given options. */
export function equippedScene(options: SceneOptions = {}): Promise<Scene> {
  return Scene.set({ ...options, gateway: { ...equipped, ...options.gateway } });
}

/** Gives a control node a message and resolves with what came of it. */
export function tell(
  nodeRed: NodeRedProcess,
  control: string,
  command: unknown,
  payload?: unknown,
  more: Properties = {},
): Promise<Answer> {
  return ask(nodeRed, { command, payload, ...more }, undefined, inputOf(control));
}

/** The status texts that a node showed, oldest first; `from` is a number of messages. */
export function statusTexts({ messages }: NodeRedProcess, id: string, from = 0): string[] {
  return messages.slice(from).flatMap(({ node, message }) => {
    const { source, text = '' } = (message['status'] ?? {}) as { source?: { id: string }; text?: string };
    return node === ids.status && source?.id === id ? [text] : [];
  });
}
