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

const hour = 3600 * 1000;
const day = 24 * hour;

/** ms until the token ends, where that is worth showing: it should have been renewed already. */
function lifeLeft(state: SessionState | undefined, now: number): number | undefined {
  const token = state?.token;
  return token && now >= token.renewAt ? Math.max(0, token.expiresAt - now) : undefined;
}

function wattsText(watts: number, left: number | undefined, texts: StatusTexts): string {
  const rounded = Math.round(watts);
  if (left === undefined) return texts('watts', { watts: rounded });
  return left < 2 * day
    ? texts('tokenHours', { watts: rounded, hours: Math.floor(left / hour) })
    : texts('tokenDays', { watts: rounded, days: Math.floor(left / day) });
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
      const left = lifeLeft(state, Date.now());
      const fill = left !== undefined || state?.problem ? 'yellow' : 'green';
      show(fill, 'dot', watts === undefined ? texts('noProduction') : wattsText(watts, left, texts));
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
