import type { NodeMessage } from 'node-red';
import type { LiveReading } from '../../lib/envoy/live/reading.js';
import type { EnergyError } from '../../lib/errors.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { inBackground } from '../shared/handler.js';

/** Who takes what comes live. */
export interface LiveOutput {
  /** A reading about once a second. */
  message(message: NodeMessage): void;
  /** A failure; with `stopped` nothing more comes until a person acts. It must not raise. */
  failed(error: EnergyError, stopped: boolean): void;
}

/** Sends live readings from now on; returns how to stop. */
export function startLive(gateway: GatewayNode, output: LiveOutput): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  const start = async (): Promise<void> => {
    const session = await gateway.openSession();
    if (stopped) return;
    stop = session.live.subscribe({
      reading: (payload: LiveReading) => {
        output.message({ topic: `envoy/${session.info?.serial ?? gateway.id}/live`, payload });
      },
      failed: (error, final) => {
        output.failed(error, final);
      },
    });
  };
  inBackground(start, (error) => {
    output.failed(error, true);
  });
  return () => {
    stopped = true;
    stop?.();
  };
}
