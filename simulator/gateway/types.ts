import type { Certificate } from '../shared/certificate.js';
import type { Faults } from '../shared/faults.js';
import type { RequestLog } from '../shared/request-log.js';
import type { TokenAuthority, TokenOptions } from '../shared/tokens.js';
import type { DigestSettings } from './digest.js';
import type { Operation } from '../model/operation.js';
import type { EquipmentOptions } from './equipment.js';
import type { ConsumptionMeter, Identity } from './identity.js';
import type { GatewayState } from './state.js';
import type { GatewaySwitches, PlainHttp, StreamSettings } from './switches.js';

/** How a simulated gateway starts. All have defaults: a metered gateway of 8.3.5169 with 12 inverters on one phase. */
export interface GatewayOptions extends EquipmentOptions {
  /** An address of 127.0.0.0/8. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly serial?: string;
  /** Dotted version such as `5.0.62`. */
  readonly firmware?: string;
  readonly metered?: boolean;
  /** False: a metered gateway whose current transformers are all disabled. */
  readonly productionMeter?: boolean;
  readonly consumption?: ConsumptionMeter;
  /** A current transformer at the batteries; by default a metered gateway with batteries has one. */
  readonly storageMeter?: boolean;
  readonly phases?: 1 | 2 | 3;
  readonly inverters?: number;
  readonly detailedInverters?: boolean;
  /** Degrees; the default is a place in France. */
  readonly latitude?: number;
  readonly longitude?: number;
  readonly timeZone?: string;
  /** Other numbers give other weather and habits; equal ones give equal data at equal times. */
  readonly seed?: number;
  /** ms since the epoch. */
  readonly commissionedAt?: number;
  /** Time of data and of `/info`, ms since the epoch; default the real one. */
  readonly clock?: () => number;
  /** Makes the default clock run so many times as fast. */
  readonly timeScale?: number;
  /** Local hour (such as 13) at which the sun shall stand at the start, whatever the real time; reported times stay real. */
  readonly startAt?: number;
  /** Time by which tokens and nonces expire, ms since the epoch; default the real one. */
  readonly tokenClock?: () => number;
  /** Whose tokens are good: a simulated cloud, or any authority. Default one of its own. */
  readonly cloud?: { readonly authority: TokenAuthority };
  readonly authority?: TokenAuthority;
  /** Passwords of local users below firmware 7, beside or instead of the factory's. */
  readonly localPasswords?: Readonly<Record<string, string>>;
  readonly digest?: Partial<DigestSettings>;
  /** Paths that need no authentication; default only `/info` and `/info.xml`. */
  readonly openPaths?: readonly string[];
  /** Paths that need the role of an installer, those that need it for writes, and the status for others there. */
  readonly installerPaths?: readonly string[];
  readonly installerWrites?: readonly string[];
  readonly roleStatus?: 401 | 403;
  /** Default: `redirect`, from 8.3.5286 on `closed`. */
  readonly plainHttp?: PlainHttp;
  /** How `/stream/meter` sends; default a message a second. */
  readonly stream?: Partial<StreamSettings>;
  readonly certificate?: Certificate;
}

/** A write that was let in, with what came of it. */
export interface WriteRecord {
  /** ms since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** The JSON of the body; the text where it is none. */
  readonly body: unknown;
  /** The status of the answer; 0 where the gateway went down instead. */
  readonly status: number;
}

/** What made the gateway go down. */
export interface CrashRecord {
  readonly at: number;
  readonly path: string;
  readonly reason: string;
}

/** What really is at a moment, whatever the meters say. Powers in W; the battery's is positive where it gives. */
export interface Truth {
  /** ms of the plant. */
  readonly time: number;
  readonly production: number;
  readonly grid: number;
  readonly battery: number;
  readonly generator: number;
  readonly house: number;
  /** Percent of the capacity of all batteries; 0 where there are none. */
  readonly stateOfCharge: number;
  readonly operation: Operation;
}

/** A running gateway. */
export interface SimulatedGateway {
  /** With the scheme of its firmware. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly serial: string;
  readonly firmware: string;
  /** The certificate in use, and its SHA-256 as Node's `fingerprint256`. */
  readonly certificate: string;
  readonly fingerprint: string;
  readonly log: RequestLog;
  readonly connections: number;
  readonly tlsHandshakes: number;
  readonly faults: Faults;
  readonly switches: GatewaySwitches;
  readonly digest: DigestSettings;
  /** The writes that were let in, oldest first, and what brought the gateway down. */
  readonly writes: readonly WriteRecord[];
  readonly crashes: readonly CrashRecord[];
  /** What it was told up to now. */
  readonly state: GatewayState;
  /** How many clients read `/stream/meter` now. */
  readonly streams: number;
  /** Passwords of the local users as they are now. */
  readonly localPasswords: Readonly<Record<string, string>>;
  issueToken(options?: Partial<TokenOptions>): Promise<string>;
  /** Installs another firmware: connections are cut, sessions end. */
  setFirmware(version: string, options?: { serial?: string; regenerateCertificate?: boolean }): Promise<void>;
  /** Uses another certificate; a new one where none is given. */
  setCertificate(certificate?: Certificate): Promise<void>;
  /** Changes meters, the detail of inverter data or what equipment is listed. */
  configure(changes: Partial<Omit<Identity, 'serial' | 'firmware'>>): void;
  setLocalPassword(user: string, password: string): void;
  /** Changes what it was told, as the app or the cloud may. */
  change(changes: Partial<GatewayState>): void;
  /** What really is now. */
  truth(): Truth;
  /** Restarts it: connections and sessions end, and until `booted` data are 503 or zeros. */
  boot(): void;
  booted(): void;
  /** Cuts every open connection. */
  disconnect(): void;
  /** Takes it off the network (connections are refused) and back to the same address. */
  powerOff(): Promise<void>;
  powerOn(): Promise<void>;
  close(): Promise<void>;
}
