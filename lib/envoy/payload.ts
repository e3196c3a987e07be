import type { DatasetWarning, Facts, Feature } from './datasets/types.js';
import type { GatewayInfo } from './info.js';

/** The head of every payload: which gateway this is and what it has (design section 4). */
interface GatewaySummary {
  readonly serial: string;
  readonly firmware: string;
  readonly partNumber?: string;
  readonly metered: boolean;
  readonly host: string;
  readonly phaseCount: number;
  readonly phaseMode?: string;
  readonly features: readonly Feature[];
}

/** The payload of `envoy-read` (design section 4). Powers in W, energies in Wh; what a gateway lacks is absent. */
export interface GatewayPayload {
  readonly gateway: GatewaySummary;
  /** ms since the epoch. */
  readonly readAt: number;
  /** Parts missing from this payload, values left out; absent where all is well. */
  readonly warnings?: readonly DatasetWarning[];
  /** Replies by path, where asked for. */
  readonly raw?: Readonly<Record<string, unknown>>;
  readonly [part: string]: unknown;
}

/** What a payload is made of. */
export interface PayloadParts {
  readonly info: GatewayInfo;
  readonly facts: Facts;
  readonly host: string;
  readonly readAt: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly DatasetWarning[];
  readonly raw?: Readonly<Record<string, unknown>>;
}

function distinct(warnings: readonly DatasetWarning[]): DatasetWarning[] {
  return [...new Map(warnings.map((each) => [`${each.part} ${each.code} ${each.message}`, each])).values()];
}

/** Puts a payload together; its parts are not changed. */
export function buildPayload(parts: PayloadParts): GatewayPayload {
  const { info, facts, host, readAt, data, raw } = parts;
  const warnings = distinct(parts.warnings ?? []);
  return {
    gateway: {
      serial: info.serial,
      firmware: info.firmware,
      ...(info.partNumber !== undefined && { partNumber: info.partNumber }),
      metered: info.metered,
      host,
      phaseCount: facts.phaseCount,
      ...(facts.phaseMode !== undefined && { phaseMode: facts.phaseMode }),
      features: facts.features,
    },
    readAt,
    ...data,
    ...(warnings.length > 0 && { warnings }),
    ...(raw && { raw }),
  };
}
