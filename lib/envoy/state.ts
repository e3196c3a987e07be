import type { EnergyError } from '../errors.js';
import { renewalTime } from '../enlighten/token.js';
import type { Connection } from './connection.js';
import { maskSerial, type GatewaySettings } from './settings.js';

/** What a session shows of itself; nothing secret in it. */
export interface SessionState {
  readonly gateway?: {
    /** Last digits only. */
    readonly serial: string;
    readonly firmware: string;
    readonly partNumber?: string;
    readonly metered: boolean;
    readonly authentication: 'digest' | 'token';
  };
  readonly token?: {
    readonly role?: string;
    /** ms since the epoch. */
    readonly expiresAt: number;
    /** When it should be renewed, ms since the epoch. */
    readonly renewAt: number;
  };
  readonly certificate?: {
    /** Shown at the last connection. */
    readonly fingerprint: string;
    /** Expected. */
    readonly pinned?: string;
    readonly matches: boolean;
  };
  /** The gateway's word for its time zone, if it ever gave one. */
  readonly timeZone?: string;
  /** What a person should look after. */
  readonly problem?: EnergyError;
}

function gatewayOf(connection: Connection): SessionState['gateway'] {
  const info = connection.info;
  if (!info) return undefined;
  return {
    serial: maskSerial(info.serial),
    firmware: info.firmware,
    ...(info.partNumber !== undefined && { partNumber: info.partNumber }),
    metered: info.metered,
    authentication: info.tokens ? 'token' : 'digest',
  };
}

function tokenOf(connection: Connection, settings: GatewaySettings): SessionState['token'] {
  const token = connection.keeper?.current;
  if (!token) return undefined;
  const { role, expiresAt } = token.claims;
  const renewAt = renewalTime(token.claims, settings.refreshBefore, token.origin === 'cloud');
  return { ...(role !== undefined && { role }), expiresAt, renewAt };
}

function certificateOf(connection: Connection, settings: GatewaySettings): SessionState['certificate'] {
  const { seen, pinned } = connection;
  if (seen === undefined) return undefined;
  const matches = settings.tls !== 'pin' || pinned === undefined || pinned === seen;
  return { fingerprint: seen, ...(pinned !== undefined && { pinned }), matches };
}

/** The state of a connection, `connection` being absent while it is made. */
export function describeState(
  connection: Connection | undefined,
  settings: GatewaySettings,
  problem: EnergyError | undefined,
): SessionState {
  const gateway = connection && gatewayOf(connection);
  const token = connection && tokenOf(connection, settings);
  const certificate = connection && certificateOf(connection, settings);
  return {
    ...(gateway && { gateway }),
    ...(token && { token }),
    ...(certificate && { certificate }),
    ...(connection?.timeZone !== undefined && { timeZone: connection.timeZone }),
    ...(problem && { problem }),
  };
}
