import type { Node } from 'node-red';
import { AuthenticationError } from '../../lib/errors.js';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import type { SessionState } from '../../lib/envoy/state.js';
import { failureKey, StatusLine, type StatusTexts } from '../shared/status.js';

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
  const line = new StatusLine(node);
  return {
    waiting: () => line.show('grey', 'ring', texts('waiting')),
    noGateway: () => line.show('red', 'ring', texts('noGateway')),
    reading: () => {
      if (line.fill !== 'green' && line.fill !== 'yellow') line.show('blue', 'ring', texts('reading'));
    },
    data: (payload, state) => {
      const watts = wattsOf(payload);
      const left = lifeLeft(state, Date.now());
      const fill = left !== undefined || state?.problem ? 'yellow' : 'green';
      line.show(fill, 'dot', watts === undefined ? texts('noProduction') : wattsText(watts, left, texts));
    },
    answered: () => {
      if (line.fill === 'blue' || line.fill === 'red') line.show('green', 'ring', texts('noProduction'));
    },
    failure: (error) => {
      line.show('red', error instanceof AuthenticationError ? 'dot' : 'ring', texts(failureKey(error)));
    },
  };
}
