import type { Node, NodeStatusFill } from 'node-red';
import { asEnergyError, AuthenticationError } from '../../lib/errors.js';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import type { SessionState } from '../../lib/envoy/state.js';

/** Status texts of the node's catalog, in the language of the server. */
export type StatusTexts = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** What an `envoy-read` node shows below itself. */
export interface ReadStatus {
  waiting(): void;
  noGateway(): void;
  /** A reading begins; shown only where there is nothing better to show. */
  reading(): void;
  data(payload: GatewayPayload, state: SessionState | undefined): void;
  /** Something else than data was asked for and came. */
  answered(): void;
  failure(error: unknown): void;
}

const day = 24 * 3600 * 1000;

/** Days until the token ends, where that is worth showing: it should have been renewed already. */
function daysLeft(state: SessionState | undefined, now: number): number | undefined {
  const token = state?.token;
  return token && now >= token.renewAt ? Math.max(0, Math.floor((token.expiresAt - now) / day)) : undefined;
}

function wattsOf(payload: GatewayPayload): number | undefined {
  const production = payload.production as { readonly wattsNow?: number } | undefined;
  return production?.wattsNow;
}

/** The status of a node; a status that stays the same is not sent again. */
export function readStatus(node: Node, texts: StatusTexts): ReadStatus {
  let shown = '';
  const show = (fill: NodeStatusFill, shape: 'dot' | 'ring', text: string) => {
    const next = `${fill} ${shape} ${text}`;
    if (next === shown) return;
    shown = next;
    node.status({ fill, shape, text });
  };
  return {
    waiting: () => show('grey', 'ring', texts('waiting')),
    noGateway: () => show('red', 'ring', texts('noGateway')),
    reading: () => {
      if (!shown.startsWith('green') && !shown.startsWith('yellow')) show('blue', 'ring', texts('reading'));
    },
    data: (payload, state) => {
      const watts = wattsOf(payload);
      const days = daysLeft(state, Date.now());
      const fill = days !== undefined || state?.problem ? 'yellow' : 'green';
      if (watts === undefined) show(fill, 'dot', texts('noProduction'));
      else if (days === undefined) show(fill, 'dot', texts('watts', { watts: Math.round(watts) }));
      else show(fill, 'dot', texts('tokenDays', { watts: Math.round(watts), days }));
    },
    answered: () => {
      if (shown.startsWith('blue') || shown.startsWith('red')) show('green', 'ring', texts('noProduction'));
    },
    failure: (raw) => {
      const error = asEnergyError(raw);
      const kind = error instanceof AuthenticationError ? 'auth' : 'failure';
      show('red', error instanceof AuthenticationError ? 'dot' : 'ring', texts(`${kind}.${error.code}`));
    },
  };
}
