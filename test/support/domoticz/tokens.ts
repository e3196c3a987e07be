import type { PluginAnswer } from './connection.js';

/** What the plugin makes of an answer of the token endpoint; `interval` is the one that the answer names, s. */
export interface TokenOutcome {
  readonly kind: 'granted' | 'pending' | 'fatal' | 'resend';
  readonly interval?: number;
}

interface Held {
  readonly type: string;
  readonly access: string;
  readonly refresh: string;
  /** ms since the epoch; ten minutes before the true end. */
  readonly expiresAt: number;
}

const minute = 60_000;
/** These end everything. */
const fatalErrors = new Set(['unauthorized', 'invalid_grant', 'invalid_request']);

/** The tokens of the plugin, and what it makes of the answers that bring them (spec/device-flow 5.3). */
export class TokenKeeper {
  /** Of the latest answer that named some. */
  usagePoints: readonly string[] = [];
  readonly #clientId: string;
  readonly #now: () => number;
  #held: Held | undefined;

  constructor(clientId: string, now: () => number) {
    this.#clientId = clientId;
    this.#now = now;
  }

  get held(): boolean {
    return this.#held !== undefined;
  }

  get authorization(): string {
    return `${this.#held?.type ?? ''} ${this.#held?.access ?? ''}`;
  }

  /** Whether it is time for a refresh: twenty minutes before the end. */
  isDue(): boolean {
    return this.#held !== undefined && this.#now() >= this.#held.expiresAt - 10 * minute;
  }

  pollForm(deviceCode: string): Readonly<Record<string, string>> {
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    return { client_id: this.#clientId, grant_type: grantType, device_code: deviceCode };
  }

  refreshForm(): Readonly<Record<string, string>> {
    return {
      client_id: this.#clientId,
      grant_type: 'refresh_token',
      refresh_token: this.#held?.refresh ?? '',
      usage_points_id: this.usagePoints.join(','),
    };
  }

  erase(): void {
    this.#held = undefined;
    this.usagePoints = [];
  }

  /** Takes the tokens of an answer that has all four mandatory members. */
  take({ status, json }: PluginAnswer): TokenOutcome {
    if (status === 200 && this.#keep(json ?? {})) return { kind: 'granted' };
    const error = String(json?.['error']).toLowerCase();
    const interval = Number(json?.['interval']);
    const named = Number.isFinite(interval) ? { interval } : {};
    if (error === 'authorization_pending') return { kind: 'pending', ...named };
    return { kind: fatalErrors.has(error) ? 'fatal' : 'resend', ...named };
  }

  #keep(members: Readonly<Record<string, unknown>>): boolean {
    const { access_token: access, refresh_token: refresh, token_type: type, expires_in: seconds } = members;
    if (typeof access !== 'string' || typeof refresh !== 'string' || typeof type !== 'string') return false;
    const lifetime = Number(seconds);
    if (seconds === undefined || Number.isNaN(lifetime)) return false;
    this.#held = { type, access, refresh, expiresAt: this.#now() + lifetime * 1000 - 10 * minute };
    const list = members['usage_points_id'];
    if (typeof list === 'string') this.usagePoints = list.split(',');
    return true;
  }
}
