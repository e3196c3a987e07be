import type { Certificate } from '../shared/certificate.js';
import type { Faults } from '../shared/faults.js';
import type { RequestLog } from '../shared/request-log.js';
import type { TokenAuthority, TokenOptions } from '../shared/tokens.js';
import type { DigestSettings } from './digest.js';
import type { ConsumptionMeter, Identity } from './identity.js';

/** What a gateway from firmware 7 on does with plain HTTP: cut the connection, or redirect to https. */
export type PlainHttp = 'closed' | 'redirect';

/** How a simulated gateway starts. All have defaults: a metered gateway of 8.3.5169 with 12 inverters on one phase. */
export interface GatewayOptions {
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
  /** Paths that need the role of an installer, and the status for others there. */
  readonly installerPaths?: readonly string[];
  readonly roleStatus?: 401 | 403;
  /** Default: `redirect`, from 8.3.5286 on `closed`. */
  readonly plainHttp?: PlainHttp;
  readonly certificate?: Certificate;
}

/** Behaviours that are switched at run time. Where nothing is set, the firmware decides. */
export interface GatewaySwitches {
  openPaths: string[];
  installerPaths: string[];
  roleStatus: 401 | 403;
  plainHttp?: PlainHttp | undefined;
  /** Sends the header `Date` twice; by default firmware 5 and 6 do. */
  duplicateDate?: boolean | undefined;
  /** Ends the connection after each answer; by default firmware 5 and 6 do. */
  connectionClose?: boolean | undefined;
  /** Resets a connection on which a request follows a 401, as 3.18.10 does (spec/envoy 2.2.1); by default that version only. */
  resetOnKeepAliveDigest?: boolean | undefined;
  /** Refuses every token and session. */
  rejectTokens: boolean;
  /** Refuses tokens issued before, ms since the epoch; 0 refuses none. */
  rejectTokensIssuedBefore: number;
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
  /** Passwords of the local users as they are now. */
  readonly localPasswords: Readonly<Record<string, string>>;
  issueToken(options?: Partial<TokenOptions>): Promise<string>;
  /** Installs another firmware: connections are cut, sessions end. */
  setFirmware(version: string, options?: { serial?: string; regenerateCertificate?: boolean }): Promise<void>;
  /** Uses another certificate; a new one where none is given. */
  setCertificate(certificate?: Certificate): Promise<void>;
  /** Changes meters or the detail of inverter data. */
  configure(changes: Partial<Omit<Identity, 'serial' | 'firmware'>>): void;
  setLocalPassword(user: string, password: string): void;
  /** Restarts it: connections and sessions end, and until `booted` data are 503, below firmware 4 zeros. */
  boot(): void;
  booted(): void;
  /** Cuts every open connection. */
  disconnect(): void;
  /** Takes it off the network (connections are refused) and back to the same address. */
  powerOff(): Promise<void>;
  powerOn(): Promise<void>;
  close(): Promise<void>;
}
