import type { GatewayInfo } from '../info.js';

/** Names of the parts that `envoy-read` can be asked for (design 3.2). */
export const datasetNames = [
  'production',
  'consumption',
  'meters',
  'inverters',
  'batteries',
  'acBatteries',
  'systemController',
  'dryContacts',
  'generator',
  'collar',
  'combiner',
  'tariff',
  'interface',
] as const;

/** What can be read of a gateway. */
export type DatasetName = (typeof datasetNames)[number];

/** What a gateway was found to have; the names stand in `payload.gateway.features`. */
export type Feature =
  | 'production'
  | 'metering'
  | 'totalConsumption'
  | 'netConsumption'
  | 'inverters'
  | 'detailedInverters'
  | 'dualPhase'
  | 'threePhase'
  | 'ctMeters'
  | 'batteries'
  | 'acBatteries'
  | 'systemController'
  | 'tariff'
  | 'generator'
  | 'collar'
  | 'combiner';

/** Which meter of a gateway an `eid` belongs to, as found at probe time (spec 3.2). */
export interface MeterFact {
  readonly eid: number;
  readonly measurementType: string;
}

/** Where production is read from; chosen once, at probe time (spec 3.6). */
type ProductionSource =
  | { readonly kind: 'eim'; readonly path: string }
  | { readonly kind: 'inverters'; readonly path: string }
  | { readonly kind: 'v1'; readonly path: string };

/** Where the list of inverters is read from (spec 3.7, 3.8). */
type InverterSource = 'deviceData' | 'v1';

/** Everything that the probe learned; immutable, replaced as a whole by the next probe. */
export interface Facts {
  readonly features: readonly Feature[];
  /** Configured phases: 1, 2 or 3. */
  readonly phaseCount: number;
  /** Wiring as the gateway calls it: `split`, `three`, `single`; absent without an enabled CT. */
  readonly phaseMode?: string;
  /** Enabled CTs. */
  readonly meters: readonly MeterFact[];
  /** Phases seen with values in the production report. */
  readonly activePhaseCount: number;
  /** Production reports that answered, in the order tried. */
  readonly productionPaths: readonly string[];
  readonly production?: ProductionSource;
  /** Report that total consumption is read from. */
  readonly consumptionPath?: string;
  /** Report that net consumption is read from; nearly always the same one. */
  readonly netConsumptionPath?: string;
  readonly inverters?: InverterSource;
  /** AC Batteries counted in the production report. */
  readonly acBatteryCount?: number;
  /** Report that the power of the AC Batteries is read from. */
  readonly acBatteryPath?: string;
  /** True where the slow inventory lists AC Batteries that are in use (spec 3.11). */
  readonly acBatteryInventory?: boolean;
  /** Endpoints of the generator that answered; none without a generator (spec 3.12). */
  readonly generatorPaths?: readonly string[];
  /** True where something could not be judged at this moment: the gateway should be probed again later. */
  readonly incomplete?: boolean;
}

/**
 * The JSON replies of a gateway, by path (with query). Within one probe or cycle each path is asked at most once.
 * Authentication, retries, caching and the queue are the session's affair. It rejects with an `EnergyError`:
 * `role_insufficient` or `credentials_rejected` (401/403 on this path only), `http_status` (`parameters.status`),
 * `gateway_busy` (5xx), `reply_invalid` (not JSON), `gateway_unreachable`, `gateway_timeout`, or an error that ends
 * the whole cycle.
 */
export type Endpoints = (path: string) => Promise<unknown>;

/** A part that could not be had this time, or a value left out because it cannot be right. */
export interface DatasetWarning {
  /** Key of the payload that is concerned, such as `inverters`. */
  readonly part: string;
  /** Code of the error, or `data_quality`. */
  readonly code: string;
  readonly message: string;
}

/** What a source is given to work with. */
export interface SourceContext {
  readonly info: GatewayInfo;
  readonly endpoints: Endpoints;
  /** Notes a part that is missing from this payload, or a value that was left out. */
  readonly warn: (warning: DatasetWarning) => void;
}

/** Parts of the payload, by the keys of design section 4. */
export type Parts = Readonly<Record<string, unknown>>;

/**
 * How often a source is worth asking (spec 7.6): `cycle` at every read; `slow` what the gateway itself renews every
 * five minutes or less often; `static` what changes when somebody changes the system: once, then after a probe, after
 * a write, or rarely.
 */
export type Refresh = 'cycle' | 'slow' | 'static';

/**
 * One source of data on a gateway. The probe asks each source in the order of the registry; a source looks at what is
 * already known and returns what it adds. Later every retained source fills its parts of the payload.
 */
export interface Source {
  readonly name: string;
  /** Datasets that this source serves; it is left out of cycles in which none of them is wanted. */
  readonly datasets: readonly DatasetName[];
  /** True where a failure of this source fails the read; that of any other only leaves its part out, with a warning. */
  readonly required?: boolean;
  /** How often it is worth asking; `cycle` where it says nothing. Whoever reads may keep the parts of the others. */
  readonly refresh?: Refresh;
  /** The facts, with what this source found added; the same object where it found nothing. */
  probe(context: SourceContext, facts: Facts): Promise<Facts>;
  /**
   * The parts of the payload that this source gives, by the facts of the probe. Several sources may fill one part:
   * their objects are merged.
   */
  read(context: SourceContext, facts: Facts): Promise<Parts>;
}

/** What is known before any source was asked. */
export const noFacts: Facts = {
  features: [],
  phaseCount: 1,
  meters: [],
  activePhaseCount: 0,
  productionPaths: [],
};
