import { EnergyError } from '../errors.js';
import type { ProxyEvent } from './events.js';
import type { ObservedFailure } from './http/observer.js';
import type { Log } from './log.js';

/** Writes what happens in a proxy to a log. */
export interface ServiceLog {
  readonly event: (event: ProxyEvent) => void;
  readonly failure: (failure: ObservedFailure) => void;
}

/** An error as a log may show it: the text of an unknown one could contain anything. */
function loggable(error: unknown): string {
  if (error instanceof EnergyError) return error.message;
  return error instanceof Error ? error.name : typeof error;
}

/**
 * One line for each event and for each failure. A request that failed tells both, the failure first; since that says
 * more, the event with the same correlation gets no line of its own.
 */
export function serviceLog(log: Log): ServiceLog {
  let told: string | undefined;
  return {
    failure({ error, ...fields }) {
      told = fields.correlation;
      log('error', 'failed', { ...fields, detail: loggable(error) });
    },
    event({ name, at, ...fields }) {
      if (told !== undefined && fields.correlation === told) return;
      // Failures and limits deserve attention; what people decide does not.
      log(name === 'failed' || name === 'limited' ? 'warn' : 'info', name, { ...fields, at });
    },
  };
}
