import { AuthenticationError, EnergyError, type ErrorCode } from '../../errors.js';
import type { GatewayRequest } from '../authenticator.js';
import type { KnownGateway } from '../session-options.js';
import { liveStatusPath } from './live-data.js';
import { streamPath } from './meter-message.js';

/** How a stream is opened. */
export interface StreamOptions {
  /** Milliseconds without a byte after which it counts as dead. */
  readonly idle: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What live readings need of a session. */
export interface LiveGateway {
  known(): Promise<KnownGateway>;
  /** `harmless` says that nothing which readings keep changes by it. */
  request(request: GatewayRequest, harmless?: boolean): Promise<unknown>;
  /** Opens a stream on a connection of its own; what comes must be read or the signal fired. */
  stream(path: string, options: StreamOptions): Promise<AsyncIterable<Uint8Array>>;
}

/** Clock and waits of live readings. */
export interface LiveTiming {
  /** ms since the epoch. */
  readonly now: () => number;
  /** Resolves after so many ms, rejects when the signal fires. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds without anything new after which a connection counts as dead. */
  readonly idle: number;
}

/** Endpoint that live readings may come from. */
export type LiveEndpoint = typeof streamPath | typeof liveStatusPath;

/**
 * The endpoints worth asking, best first (spec/envoy 7.1, 7.2): the stream of the meters where the role may read it,
 * live data from firmware 7 on. Below that only the gateway knows what a local user may: it is asked.
 */
export function endpointsFor({ info, role }: KnownGateway): LiveEndpoint[] {
  const streams = info.metered && (!info.tokens || role === 'installer');
  return [...(streams ? [streamPath] : []), ...(info.tokens ? [liveStatusPath] : [])] as LiveEndpoint[];
}

/** Statuses of the 4xx that pass by themselves. */
const passing = new Set<unknown>([408, 425, 429]);

/** Whether an endpoint says by this that it is not there, or not for this account: asking again is of no use. */
export function isTurnedDown(error: EnergyError): boolean {
  const { status } = error.parameters;
  const notThere = error.code === 'http_status' && Number(status) >= 300 && !passing.has(status);
  return error.code === 'role_insufficient' || notThere;
}

/** Whether only a person can do something about an error of the session. */
export function isFinal(error: EnergyError): boolean {
  const endings: ErrorCode[] = ['closed', 'feature_not_available'];
  if (endings.includes(error.code)) return true;
  return error instanceof AuthenticationError && !error.retryable && error.code !== 'role_insufficient';
}

/** The error where every endpoint turned us down: of the role where another might see more, else of the gateway. */
export function unavailable({ info, role }: KnownGateway, refusals: readonly EnergyError[]): EnergyError {
  const refused = refusals.some(({ code }) => code === 'role_insufficient');
  const mayStream = info.metered && info.tokens && role !== 'installer';
  if (refused || mayStream) {
    const wanted = info.tokens ? 'a token of an installer' : 'the local user "installer"';
    const message = `Live data are not available with this role: this gateway wants ${wanted} for them.`;
    return new AuthenticationError('role_insufficient', message, { parameters: { path: streamPath, feature: 'live' } });
  }
  const reason = info.tokens ? 'without meters or batteries, or by its firmware' : 'without meters';
  const message = `Live data are not available on this gateway: there are none ${reason}.`;
  return new EnergyError('feature_not_available', message, {
    parameters: { feature: 'live', firmware: info.firmware },
  });
}
