import { createCertificate } from '../shared/certificate.js';
import type { Certificate } from '../shared/certificate.js';
import type { Faults } from '../shared/faults.js';
import type { Listener } from '../shared/listener.js';
import type { RequestLog } from '../shared/request-log.js';
import type { TokenAuthority, TokenOptions } from '../shared/tokens.js';
import type { DigestSettings } from './digest.js';
import { plainHttpOf } from './handler.js';
import type { GatewayParts } from './handler.js';
import { usesTokens } from './identity.js';
import type { Identity } from './identity.js';
import { factoryPasswords } from './local-password.js';
import type { GatewayState } from './state.js';
import type { GatewaySwitches } from './switches.js';
import type { CrashRecord, SimulatedGateway, Truth, WriteRecord } from './types.js';

/** What a running gateway consists of. */
export interface RunningParts {
  readonly host: string;
  readonly identity: Identity;
  /** Passwords that are not the factory's. */
  readonly passwords: Record<string, string>;
  readonly authority: TokenAuthority;
  readonly parts: GatewayParts;
  readonly listener: Listener;
  readonly certificate: Certificate;
  readonly closing: AbortController;
}

/** A new certificate as a gateway makes it for itself; it also names the address, for clients that verify. */
export function gatewayCertificate(serial: string, host: string): Promise<Certificate> {
  return createCertificate({ commonName: serial, names: ['localhost', 'envoy.local'], addresses: [host] });
}

/** The handle of a gateway that listens. */
export class RunningGateway implements SimulatedGateway {
  readonly host: string;
  readonly port: number;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly switches: GatewaySwitches;
  readonly digest: DigestSettings;
  readonly #own: RunningParts;
  #certificate: Certificate;

  constructor(own: RunningParts) {
    const { gate, log, faults } = own.parts;
    this.#own = own;
    this.#certificate = own.certificate;
    this.host = own.host;
    this.port = own.listener.port;
    this.log = log;
    this.faults = faults;
    this.switches = gate.switches;
    this.digest = gate.digest.settings;
    own.listener.accept = (protocol) => {
      if (!usesTokens(own.identity)) return protocol === 'http';
      return protocol === 'tls' || plainHttpOf(gate) === 'redirect';
    };
  }

  get url(): string {
    return `${usesTokens(this.#own.identity) ? 'https' : 'http'}://${this.host}:${this.port}`;
  }

  get serial(): string {
    return this.#own.identity.serial;
  }

  get firmware(): string {
    return this.#own.identity.firmware;
  }

  get certificate(): string {
    return this.#certificate.cert;
  }

  get fingerprint(): string {
    return this.#certificate.fingerprint;
  }

  get connections(): number {
    return this.#own.listener.connections;
  }

  get tlsHandshakes(): number {
    return this.#own.listener.tlsHandshakes;
  }

  get writes(): readonly WriteRecord[] {
    return this.#own.parts.writeLog.writes;
  }

  get crashes(): readonly CrashRecord[] {
    return this.#own.parts.writeLog.crashes;
  }

  get state(): GatewayState {
    return this.#own.parts.installation.state;
  }

  get streams(): number {
    return this.#own.parts.streams.size;
  }

  get localPasswords(): Readonly<Record<string, string>> {
    return { ...factoryPasswords(this.serial), ...this.#own.passwords };
  }

  issueToken(options: Partial<TokenOptions> = {}): Promise<string> {
    return this.#own.authority.issue({ serial: this.serial, ...options });
  }

  async setFirmware(
    version: string,
    options: { serial?: string; regenerateCertificate?: boolean } = {},
  ): Promise<void> {
    const { identity } = this.#own;
    identity.firmware = version;
    identity.serial = options.serial ?? identity.serial;
    if (options.regenerateCertificate) await this.setCertificate();
    this.#restart();
  }

  async setCertificate(certificate?: Certificate): Promise<void> {
    this.#certificate = certificate ?? (await gatewayCertificate(this.serial, this.host));
    this.#own.listener.setCertificate(this.#certificate);
  }

  configure(changes: Partial<Omit<Identity, 'serial' | 'firmware'>>): void {
    Object.assign(this.#own.identity, changes);
  }

  change(changes: Partial<GatewayState>): void {
    this.#own.parts.installation.change(changes);
  }

  truth(): Truth {
    return this.#own.parts.installation.truth();
  }

  setLocalPassword(user: string, password: string): void {
    this.#own.passwords[user] = password;
  }

  boot(): void {
    this.#own.parts.booting = true;
    this.#restart();
  }

  booted(): void {
    this.#own.parts.booting = false;
  }

  disconnect(): void {
    this.#own.listener.disconnect();
  }

  powerOff(): Promise<void> {
    return this.#own.listener.close();
  }

  powerOn(): Promise<void> {
    return this.#own.listener.open();
  }

  async close(): Promise<void> {
    this.#own.closing.abort();
    await this.#own.listener.close();
  }

  #restart(): void {
    this.#own.parts.gate.bearer.forget();
    this.disconnect();
  }
}
