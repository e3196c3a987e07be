import type { FlowNode } from '../../support/node-red.js';

/** Nothing listens here: what the runtime does with these values never leaves the machine. */
export const nowhere = '127.0.0.1:9';

/** What a person types into the gateway's dialog; the secrets must never be seen again. */
export const typed = {
  host: nowhere,
  username: 'someone@example.com',
  password: 'a-password-never-to-be-seen',
  token: 'a-token.never-to-be.seen',
  fingerprint: Array.from({ length: 32 }, (_value, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(
    ':',
  ),
};

/** A flow with an `envoy-read` that nobody configured yet. */
export const emptyFlow: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Solar' },
  {
    id: 'read',
    type: 'envoy-read',
    z: 'tab',
    name: '',
    gateway: '',
    datasets: [],
    interval: 60,
    stream: false,
    raw: false,
    x: 240,
    y: 160,
    wires: [[], []],
  },
];

/** A flow with a gateway and a read node that asks for a dataset which the dialog does not offer. */
export const configuredFlow: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Solar' },
  {
    id: 'gateway',
    type: 'envoy-gateway',
    name: '',
    host: nowhere,
    tls: 'pin',
    fingerprint: '',
    cloudUrl: `http://${nowhere}`,
    tokenUrl: `http://${nowhere}`,
    refreshBefore: 30,
    timeout: 45,
  },
  {
    id: 'read',
    type: 'envoy-read',
    z: 'tab',
    name: '',
    gateway: 'gateway',
    datasets: ['later', 'production'],
    interval: 0,
    stream: false,
    raw: false,
    x: 240,
    y: 160,
    wires: [[], []],
  },
];

/** The gateway of `configuredFlow` and an `envoy-control` node with these properties. */
export function controlFlow(properties: Readonly<Record<string, unknown>> = {}): readonly FlowNode[] {
  const control = {
    id: 'control',
    type: 'envoy-control',
    z: 'tab',
    name: '',
    gateway: 'gateway',
    command: '',
    allow: [],
    x: 240,
    y: 160,
    wires: [[], []],
  };
  return [...configuredFlow.slice(0, 2), { ...control, ...properties }];
}
