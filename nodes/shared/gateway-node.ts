import type { Node } from 'node-red';
import type { AuthenticationError, EnergyError } from '../../lib/errors.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import type { SessionState } from '../../lib/envoy/state.js';
import { invalidArgument } from '../../lib/explanations.js';

/** What the config node `envoy-gateway` offers to the nodes that use it. */
export interface GatewayNode extends Node {
  /** The session, begun where there was none. @throws EnergyError `invalid_argument` for settings that cannot be used */
  openSession(): Promise<GatewaySession>;
  /** What is known of the gateway; `undefined` before the first read. */
  sessionState(): SessionState | undefined;
  /** The session itself, for the connection test of the dialog; `undefined` before the first read. */
  session(): GatewaySession | undefined;
  /** A problem that came up while reading goes on; each is given away once. */
  takeProblem(): AuthenticationError | undefined;
  /** Calls back now and every so many seconds, all who share an interval at the same moment; returns how to stop. */
  poll(seconds: number, callback: () => void): () => void;
}

/** The error of a node without a gateway. */
export function noGatewayChosen(): EnergyError {
  return invalidArgument('gateway', { rule: 'gatewayChosen' }, 'No gateway is chosen.');
}
