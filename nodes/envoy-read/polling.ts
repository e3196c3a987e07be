import type { EnergyError } from '../../lib/errors.js';
import { inBackground } from '../shared/handler.js';
import type { GatewayNode } from '../shared/gateway-node.js';

/** A gateway is a slow computer: it is not asked more often than this by a timer, seconds (spec/envoy appendix C). */
const shortestInterval = 10;
/** A timer of Node takes no more, seconds. */
const longestInterval = 86_400;

/** The interval of a node in seconds as it can be used; 0 for none. */
export function intervalOf(value: number | string | undefined): number {
  const seconds = Number(value ?? 0);
  if (!Number.isFinite(seconds) || seconds <= 0) return 0;
  return Math.min(longestInterval, Math.max(shortestInterval, seconds));
}

/** Reads at intervals; one that is late is left out, never made up for. Returns how to stop. */
export function startPolling(
  gateway: GatewayNode,
  seconds: number,
  read: () => Promise<void>,
  onFailure: (error: EnergyError) => void,
): () => void {
  if (seconds === 0) return () => undefined;
  let busy = false;
  return gateway.poll(seconds, () => {
    if (busy) return;
    busy = true;
    inBackground(
      () =>
        read().finally(() => {
          busy = false;
        }),
      onFailure,
    );
  });
}
